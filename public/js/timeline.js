// What a room's history looks like to this reader: messages in the order of their Seq, holes and
// gaps known as such, my own pending ones behind. It renders nothing and asks nobody.

/** How much stays loaded while the reader follows the newest messages. */
export const KEPT = 300;

/**
 * An item: {key, id, seq, at, author, text, state: 'stored' | 'pending' | 'failed', error}.
 * Its object and its key stay the same from pending to stored, so its element does too.
 */
export class Timeline {
  epoch = null;
  /** Whether older pages exist before the first stored message. */
  more = false;

  #me;
  #stored = [];
  #pending = [];
  #gaps = [];
  #byKey = new Map();
  /** Everything up to here is here or is known to be missing. */
  #upTo = 0;
  #beyond = new Set();
  #asked = null;

  constructor(me) {
    this.#me = me;
  }

  get stored() {
    return this.#stored;
  }

  get items() {
    return [...this.#stored, ...this.#pending];
  }

  get gaps() {
    return this.#gaps;
  }

  /** What to resume after. */
  get upTo() {
    return this.#upTo;
  }

  /** Seq of the oldest stored message, or undefined. */
  get first() {
    return this.#stored[0]?.seq;
  }

  /** Takes the newest page as all there is; what is pending stays. */
  begin({ epoch, seq, messages, more }) {
    this.#reset(epoch, seq);
    this.more = more;
    for (const message of messages) this.#store(sound(message));
  }

  /** A page that ends right before the first message. */
  addOlder({ epoch, messages, more }) {
    if (epoch !== this.epoch) return false;
    for (const message of messages) this.#store(sound(message));
    this.more = more;
    return true;
  }

  /** A page of what a gap left out, newest first. */
  addMissing(gap, { epoch, messages, more }) {
    if (epoch !== this.epoch) return false;
    const inside = messages.filter(({ seq }) => seq >= gap.from && seq <= gap.to);
    for (const message of inside) this.#store(sound(message));
    gap.to = more && inside.length > 0 ? inside[0].seq - 1 : gap.from - 1;
    this.#gaps = this.#gaps.filter(({ from, to }) => from <= to);
    return true;
  }

  /** Whether the message is new to this reader. */
  receive(heard) {
    const message = sound(heard);
    const known = this.#byKey.get(keyOf(message.author.id, message.id));
    if (known?.state === 'stored') return false;
    // Sent once more from before the loaded pages; the page it belongs to will bring it.
    if (this.more && message.seq < this.first) return false;
    this.#note(message.seq);
    this.#store(message);
    return !known;
  }

  /** Something durable that isn't a message took its place in the order. */
  pass(seq) {
    this.#note(seq);
  }

  acknowledge({ id, seq, at }) {
    const item = this.#byKey.get(keyOf(this.#me.id, id));
    if (!item || item.state === 'stored') return;
    this.#note(seq);
    this.#store({ ...item, seq, at });
  }

  /** The server named messages it will not send. */
  skip({ epoch, from, to, reason }) {
    if (reason === 'epoch' || epoch !== this.epoch) {
      this.#reset(epoch, to);
      this.more = to >= from;
      return;
    }
    if (this.#stored.some(({ seq }) => seq < from)) this.#gaps.push({ from, to, reason });
    else this.more = true;
    this.#upTo = Math.max(this.#upTo, to);
    this.#catchUp();
  }

  write({ id, text, at, state = 'pending', error = null }) {
    const key = keyOf(this.#me.id, id);
    if (this.#byKey.has(key)) return;
    const item = { key, id, seq: null, at, author: this.#me, text, state, error };
    this.#byKey.set(key, item);
    this.#pending.push(item);
  }

  mark(id, state, error = null) {
    const item = this.#byKey.get(keyOf(this.#me.id, id));
    if (item && item.state !== 'stored') Object.assign(item, { state, error });
  }

  discard(id) {
    const key = keyOf(this.#me.id, id);
    if (this.#byKey.get(key)?.state === 'stored') return;
    this.#byKey.delete(key);
    this.#pending = this.#pending.filter((item) => item.key !== key);
  }

  /** The Seq to ask from, once for each hole; null when nothing is missing. */
  takeHole() {
    if (this.#beyond.size === 0 || this.#asked === this.#upTo) return null;
    this.#asked = this.#upTo;
    return this.#upTo;
  }

  /** Lets go of the oldest when far more is loaded than anybody reads. */
  trim() {
    if (this.#stored.length <= KEPT * 1.5) return;
    for (const item of this.#stored.splice(0, this.#stored.length - KEPT)) this.#byKey.delete(item.key);
    this.#gaps = this.#gaps.filter(({ to }) => to >= this.first);
    this.more = true;
  }

  #store({ id, seq, at, author, text }) {
    const key = keyOf(author.id, id);
    let item = this.#byKey.get(key);
    if (item?.state === 'stored') return;
    if (item) {
      this.#pending = this.#pending.filter((other) => other !== item);
      // An old message of mine, acknowledged again: its place is in a page that isn't loaded.
      if (this.more && seq < this.first) {
        this.#byKey.delete(key);
        return;
      }
    }
    item ??= { key, id };
    Object.assign(item, { seq, at, author, text, state: 'stored', error: null });
    this.#byKey.set(key, item);
    let place = this.#stored.length;
    while (place > 0 && this.#stored[place - 1].seq > seq) place -= 1;
    this.#stored.splice(place, 0, item);
  }

  #note(seq) {
    if (seq <= this.#upTo) return;
    this.#beyond.add(seq);
    this.#catchUp();
  }

  #catchUp() {
    while (this.#beyond.delete(this.#upTo + 1)) this.#upTo += 1;
    for (const seq of this.#beyond) if (seq <= this.#upTo) this.#beyond.delete(seq);
  }

  #reset(epoch, upTo) {
    this.epoch = epoch;
    this.#stored = [];
    this.#gaps = [];
    this.#byKey = new Map(this.#pending.map((item) => [item.key, item]));
    this.#upTo = upTo;
    this.#beyond.clear();
    this.#asked = null;
  }
}

/** A ClientMessageId is its author's own, so the two together name a message. */
function keyOf(person, id) {
  return `${person}/${id}`;
}

const NOBODY = { id: '', name: '?', kind: 'account', avatar: '0'.repeat(32) };

/** A message that can't be read keeps its place, as one without text; it takes no other with it. */
function sound(message) {
  if (message.author?.id && typeof message.id === 'string') return message;
  return { seq: message.seq, at: message.at ?? 0, id: `broken ${message.seq}`, author: NOBODY, text: null };
}
