// What a room's history looks like to this reader: messages in the order of their Seq, holes and
// gaps known as such, my own pending ones behind. It renders nothing and asks nobody.

import { revise } from './revisions.js';

/** At most this many stored messages are held, wherever the reader is. */
export const KEPT = 300;
/** What stays round the reader when there are more: letting go of a few each time would cost more. */
const LEFT = 250;

/** Changes that are made again of what comes later: a page may have been read before them. */
const REMEMBERED = 100;

/**
 * An item: {key, id, seq, at, author, text, state: 'stored' | 'pending' | 'failed', error}, and as the room says them
 * reply, mentions, edited, deleted and reactions.
 * Its object and its key stay the same from pending to stored, so its element does too.
 */
export class Timeline {
  epoch = null;

  #me;
  #stored = [];
  #pending = [];
  /** Every Seq that isn't loaded, in order: {key, from, to, reason, open}, both ends included. */
  #gaps = [];
  #gapsMade = 0;
  #changes = [];
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

  /**
   * What is missing after the first stored message. `reason` is 'trimmed' when nobody has it any
   * more; an `open` gap lies behind everything stored and takes what is said meanwhile.
   */
  get gaps() {
    return this.#gaps.filter(({ from }) => from > this.first);
  }

  /** Whether older pages exist before the first stored message. */
  get more() {
    return this.#gaps.length > 0 && !(this.#gaps[0].from > this.first);
  }

  /** Whether the newest messages are loaded: the end of the list is the end of the talk. */
  get latest() {
    return !this.#open;
  }

  /** What to resume after. */
  get upTo() {
    return this.#upTo;
  }

  /** Seq of the oldest stored message, or undefined. */
  get first() {
    return this.#stored[0]?.seq;
  }

  /** The stored message of this Seq, or undefined. */
  find(seq) {
    return this.#stored.find((item) => item.seq === seq);
  }

  /** Takes the newest page as all there is; what is pending stays. */
  begin({ epoch, seq, messages, more }) {
    this.#reset(epoch, seq);
    for (const message of messages) this.#store(sound(message));
    if (more) this.#gaps = [this.#gap(0, (this.first ?? seq + 1) - 1)];
  }

  /**
   * A page of what lies before `before`, or the newest one: every message from its first on.
   * False when it belongs to another history.
   */
  addPage({ epoch, seq, messages, more }, before = Infinity) {
    if (epoch !== this.epoch) return false;
    for (const message of messages) this.#store(sound(message));
    this.#known(more ? messages[0]?.seq ?? 0 : 0, Math.min(before - 1, seq));
    return true;
  }

  /** Whether the message is new to this reader. */
  receive(heard) {
    const message = sound(heard);
    const known = this.#find(message);
    const news = this.#note(message.seq);
    if (known?.state === 'stored') Object.assign(known, nowOf(message));
    else this.#take(message, known);
    return !known && news;
  }

  /** An edit, a deletion, a reaction, or an account that is gone: of what is here, and of what a page on its way may bring. */
  apply(frame) {
    this.#note(frame.seq);
    this.#changes.push(frame);
    this.#changes.splice(0, this.#changes.length - REMEMBERED);
    for (const item of this.items) revise(item, frame);
  }

  /** Something durable that isn't a message took its place in the order. */
  pass(seq) {
    this.#note(seq);
  }

  acknowledge({ id, seq, at }) {
    const item = this.#byKey.get(keyOf(this.#me.id, id));
    if (!item || item.state === 'stored') return;
    this.#note(seq);
    this.#take({ ...item, seq, at }, item);
  }

  /** The server named messages it will not send. */
  skip({ epoch, from, to, reason }) {
    if (reason === 'epoch' || epoch !== this.epoch) {
      this.#reset(epoch, to);
      if (to >= from) this.#gaps = [this.#gap(0, to)];
      return;
    }
    this.#drop(({ seq }) => seq >= from && seq <= to);
    // More changes may have followed, so these say no longer how anything is.
    this.#changes = [];
    if (this.#open) this.#open.to = Math.max(this.#open.to, to);
    else this.#gaps.push(this.#gap(from, to, this.first < from ? reason : undefined));
    this.#upTo = Math.max(this.#upTo, to);
    this.#catchUp();
  }

  write({ id, text, at, reply, mentions, state = 'pending', error = null }) {
    const key = keyOf(this.#me.id, id);
    if (this.#byKey.has(key)) return;
    const item = { key, id, seq: null, at, author: this.#me, text, reply, mentions, state, error };
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

  /** The question came to nothing; whether there still is something to ask for. */
  askAgain() {
    this.#asked = null;
    return this.#beyond.size > 0;
  }

  /** When more is held than anybody reads, lets go of what is furthest from this Seq, or from the end. */
  trim(around = Infinity) {
    const held = this.#stored.length;
    if (held <= KEPT) return;
    const place = this.#stored.findIndex(({ seq }) => seq >= around);
    const start = Math.max(0, Math.min((place < 0 ? held : place) - LEFT / 2, held - LEFT));
    const first = this.#stored[start].seq;
    const last = this.#stored[start + LEFT - 1].seq;
    const newest = this.#stored.at(-1).seq;
    this.#drop(({ seq }) => seq < first || seq > last);
    if (start > 0) this.#gaps = [this.#gap(0, first - 1), ...this.#gaps.filter(({ from }) => from > first)];
    if (newest > last) {
      const rest = this.#gaps.filter(({ to }) => to < last);
      this.#gaps = [...rest, { ...this.#gap(last + 1, Math.max(newest, this.#upTo)), open: true }];
    }
  }

  get #open() {
    const last = this.#gaps.at(-1);
    return last?.open ? last : null;
  }

  #gap(from, to, reason = 'unloaded') {
    return { key: `gap ${(this.#gapsMade += 1)}`, from, to, reason, open: false };
  }

  /** Everything from here to there is loaded; a gap that is left keeps its object and its key. */
  #known(from, to) {
    this.#gaps = this.#gaps.flatMap((gap) => {
      if (gap.to < from || gap.from > to || gap.reason === 'trimmed') return [gap];
      const before = gap.from < from ? this.#gap(gap.from, from - 1, gap.reason) : null;
      if (gap.to > to) {
        gap.from = to + 1;
        return before ? [before, gap] : [gap];
      }
      return before ? [Object.assign(gap, { to: from - 1, open: false })] : [];
    });
  }

  /** A message that was just told of; what belongs into a gap waits for its page. */
  #take(message, pending) {
    const open = this.#open;
    if (open && message.seq > open.to) {
      open.to = message.seq;
      // What I say myself stands there at once, and from then on what follows.
      if (pending) Object.assign(open, { to: message.seq - 1, open: false });
    }
    if (!this.#gaps.some(({ from, to }) => message.seq >= from && message.seq <= to)) this.#store(message);
    else if (pending) {
      this.#pending = this.#pending.filter((item) => item !== pending);
      this.#byKey.delete(pending.key);
    }
  }

  #store(message) {
    const { id, seq, at, author } = message;
    const known = this.#find(message);
    const item = known ?? { key: keyOf(author.kind === 'deleted' ? seq : author.id, id), id };
    const stood = item.state === 'stored';
    Object.assign(item, { seq, at, state: 'stored', error: null }, nowOf(message));
    for (const frame of this.#changes) revise(item, frame);
    if (stood) return;
    if (known) this.#pending = this.#pending.filter((other) => other !== item);
    this.#byKey.set(item.key, item);
    let place = this.#stored.length;
    while (place > 0 && this.#stored[place - 1].seq > seq) place -= 1;
    this.#stored.splice(place, 0, item);
  }

  /** Whose account is gone has another id since. */
  #find({ id, author, seq }) {
    const known = this.#byKey.get(keyOf(author.id, id));
    return known?.seq === null || known?.seq === seq ? known : this.find(seq);
  }

  #drop(gone) {
    for (const item of this.#stored) if (gone(item)) this.#byKey.delete(item.key);
    this.#stored = this.#stored.filter((item) => !gone(item));
  }

  /** Whether nothing was heard of it before. */
  #note(seq) {
    if (seq <= this.#upTo || this.#beyond.has(seq)) return false;
    this.#beyond.add(seq);
    this.#catchUp();
    return true;
  }

  #catchUp() {
    while (this.#beyond.delete(this.#upTo + 1)) this.#upTo += 1;
    for (const seq of this.#beyond) if (seq <= this.#upTo) this.#beyond.delete(seq);
  }

  #reset(epoch, upTo) {
    this.epoch = epoch;
    this.#stored = [];
    this.#gaps = [];
    this.#changes = [];
    this.#byKey = new Map(this.#pending.map((item) => [item.key, item]));
    this.#upTo = upTo;
    this.#beyond.clear();
    this.#asked = null;
  }
}

/** A ClientMessageId is its author's own, so the two together name a message; whoever is nobody now had other ids before. */
function keyOf(person, id) {
  return `${person}/${id}`;
}

/** What may become otherwise of a message while it stays the same one. */
function nowOf({ author, text, reply, mentions, edited, deleted, reactions }) {
  return { author, text, reply, mentions, edited, deleted, reactions };
}

const NOBODY = { id: '', name: '?', kind: 'account', avatar: '0'.repeat(32) };

/** A message that can't be read keeps its place, as one without text; it takes no other with it. */
function sound(message) {
  const { id, author, reactions = [], mentions = [] } = message;
  const lists = Array.isArray(mentions) && Array.isArray(reactions) && reactions.every((one) => Array.isArray(one?.people));
  if (author?.id && typeof id === 'string' && lists) return message;
  return { seq: message.seq, at: message.at ?? 0, id: `broken ${message.seq}`, author: NOBODY, text: null };
}
