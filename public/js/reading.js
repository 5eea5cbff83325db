// How far I have read in the room that is open, where what is new began, and what the room must hear of it.
// It knows no page: whoever shows the room says whether its end is in view.

import { ReadStore } from './unread.js';

/** One read frame in this time at most: each wakes the room, and a marker may be a little late. */
export const SAY_EVERY_MS = 5_000;
/** What the room says again is of its last seconds, or of a page of 500. */
const REMEMBERED = 1_000;

export class Reading {
  /** How many messages the room has had. */
  messages = 0;
  unread = 0;
  /** The number of each unread message that mentions me, as far as it was said while the room was open. */
  mentions = [];
  /** I have read everything up to here. */
  seq = 0;
  /** What is new began after this: {seq, messages}, the Seq and how many messages there are up to it; or null. */
  divider = null;
  /** The divider that the room was opened with. */
  opening = null;

  #kept;
  #timeline;
  #send;
  #seen;
  #changed;
  #clock;
  #room = null;
  #epoch = null;
  /** The newest Seq I know of. */
  #last = 0;
  /** How far the room knows; null while it keeps no marker for me. */
  #told = null;
  #timer = null;
  /** What was counted: all up to `from`, and these. */
  #from = 0;
  #counted = new Set();
  #atEnd = false;
  /** Somebody went back on purpose: `marked` until it is read again, `held` as long as the room stays open. */
  #marked = false;
  #held = false;
  #shown = null;

  /**
   * `store` keeps it in this browser, `timeline` is what is loaded, `send(seq)` tells the room and says whether it could, `seen()` says whether
   * somebody looks at the page, `changed()` is told when there is more or less to read.
   */
  constructor({ store, timeline, send, seen, changed, clock }) {
    this.#kept = new ReadStore(store);
    this.#timeline = timeline;
    this.#send = send;
    this.#seen = seen;
    this.#changed = changed;
    this.#clock = clock;
  }

  /** What a room or a welcome frame says. Who is no member has no marker there, and has read all at first. */
  begin(room, { epoch, seq, messages = 0, read, unread = 0 }) {
    const first = epoch !== this.#epoch;
    const before = this.messages - this.unread;
    this.#room = room;
    this.#epoch = epoch;
    this.messages = messages;
    this.#last = seq;
    this.#from = seq;
    this.#counted.clear();
    if (first) {
      Object.assign(this, { seq: read ?? seq, unread, mentions: [] });
      this.#recall();
    } else if (read >= this.seq && !this.#marked) Object.assign(this, { seq: read, unread });
    else this.unread = Math.max(0, messages - before);
    if (first) this.opening = this.divider = this.unread > 0 ? this.#here : null;
    this.belong(read);
    this.check();
    this.#tell();
  }

  /** The room keeps a marker for me, which is here. */
  belong(read) {
    if (read === undefined) return;
    this.#told = Math.max(read, this.#told ?? 0);
    this.#sayLater();
  }

  /** A message was said; again is fine. */
  said({ seq, mine, mentioned }) {
    if (seq <= this.#from || this.#counted.has(seq)) return;
    this.#count(seq);
    this.#last = Math.max(this.#last, seq);
    const none = this.unread === 0;
    if (none && !mine && !this.#seen()) this.divider = this.#here;
    this.messages += 1;
    this.unread += 1;
    if (mentioned) this.mentions.push(this.messages);
    // What I write with nothing unread before it leaves nothing unread.
    if (none && mine && !this.#held) this.#reach(seq, 0);
    this.check();
    this.#tell();
  }

  set atEnd(atEnd) {
    this.#atEnd = atEnd;
    this.check();
  }

  /** Whether what is unread is being read: asked when somebody comes back to the page, too. */
  check() {
    if (!this.#atEnd || this.#held || (this.unread === 0 && this.#last <= this.seq) || !this.#seen()) return;
    this.#reach(this.#last, 0);
  }

  /** Another connection of mine has read up to here. */
  heard(seq) {
    this.belong(seq);
    if (seq > this.seq) this.#reach(seq, Math.min(this.unread, this.#countAfter(seq)));
  }

  /** Another tab of this browser may have read. */
  adopt() {
    const kept = this.#kept.get(this.#room);
    if (kept && !kept.marked && kept.epoch === this.#epoch && kept.seq > this.seq) this.#reach(kept.seq, Math.min(this.unread, this.#countAfter(kept.seq)));
  }

  /** From this message on all is unread again in this browser, until the room is opened anew. */
  markUnread(seq) {
    this.flush();
    this.#held = true;
    this.#marked = true;
    this.unread = Math.min(this.messages, this.#countAfter(seq - 1));
    this.divider = { seq: seq - 1, messages: this.messages - this.unread };
    this.#keep(this.divider);
    this.#tell();
  }

  /** The Seq after which what is new begins, if that is loaded; else null. */
  get fresh() {
    const { more, first, gaps } = this.#timeline;
    const seq = this.divider?.seq;
    if (!this.divider || (more && first > seq + 1)) return null;
    return gaps.some(({ from, to }) => from <= seq + 1 && seq < to) ? null : seq;
  }

  /** The Seq round which to load for the first new message and some before it; null when they are here. */
  get missing() {
    const { more, first } = this.#timeline;
    return this.divider && (this.fresh === null || (more && first > this.divider.seq)) ? this.divider.seq + 1 : null;
  }

  /** Tells the room now what it hasn't heard: the page may not come back. */
  flush() {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#behind && this.#send(this.seq)) this.#told = this.seq;
  }

  get #behind() {
    return this.#told !== null && this.seq > this.#told;
  }

  get #here() {
    return { seq: this.seq, messages: this.messages - this.unread };
  }

  #reach(seq, unread) {
    this.seq = Math.max(seq, this.seq);
    this.unread = unread;
    this.mentions = this.mentions.filter((number) => number > this.messages - unread);
    this.#marked = false;
    this.#held = false;
    this.#keep(this.#here);
    this.#sayLater();
    this.#tell();
  }

  /** This browser may know better than the room, or was told to begin further back. */
  #recall() {
    const kept = this.#kept.get(this.#room);
    if (kept?.epoch !== this.#epoch || (kept.seq <= this.seq && !kept.marked)) return;
    this.#marked = Boolean(kept.marked);
    this.seq = kept.seq;
    this.unread = Math.max(0, this.messages - kept.messages);
  }

  #keep(where) {
    this.#kept.set(this.#room, { epoch: this.#epoch, ...where, ...(this.#marked && { marked: true }) });
  }

  /** A busy room that is looked at leaves nothing unread, over and over: that is no news. */
  #tell() {
    const now = `${this.unread} ${this.divider?.seq}`;
    if (now === this.#shown) return;
    this.#shown = now;
    this.#changed();
  }

  #sayLater() {
    if (this.#behind) this.#timer ??= this.#clock.setTimeout(() => this.flush(), SAY_EVERY_MS);
  }

  /** How many messages come after this Seq; where something isn't loaded, at most so many. */
  #countAfter(seq) {
    const missing = this.#timeline.gaps.filter(({ to }) => to > seq).reduce((sum, { from, to }) => sum + to - Math.max(from - 1, seq), 0);
    return this.#timeline.stored.filter((item) => item.seq > seq).length + missing;
  }

  #count(seq) {
    this.#counted.add(seq);
    if (this.#counted.size <= REMEMBERED) return;
    const [oldest] = this.#counted;
    this.#counted.delete(oldest);
    this.#from = Math.max(this.#from, oldest);
  }
}
