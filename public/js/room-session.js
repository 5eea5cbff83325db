// One person in one room: what is loaded, live, written and known of the others. It ties the
// models together and tells the page what changed; it renders nothing.

import { ApiError, knownError, SLOW_DOWN } from './api.js';
import { History } from './history.js';
import { isMentioned } from './mentions.js';
import { Outgoing } from './outgoing.js';
import { People } from './people.js';
import { roleAfter } from './rights.js';
import { Timeline } from './timeline.js';
import { TypingPeople, TypingSignal } from './typing.js';

const REFETCH_EVERY_MS = 10_000;
/** After so many sockets in a row that came to nothing requests take their place. */
const SLOW_AFTER = 3;

// On its way while the page still asks who somebody is; a session asks again for what didn't come.
import('./reading.js').catch(() => {});

/**
 * Events: `room` (what it is, my role), `timeline`, `people`, `connection`, `typing`, `reading` (how far I have read),
 * `written` (by me), `live` (detail: a message of somebody else, just said), `trouble` (detail: an error),
 * `ended` (detail: the code that ends this session, for good or until a full room has a place).
 */
export class RoomSession extends EventTarget {
  /** loading, ready or failed; `error` says why. */
  state = 'loading';
  error = null;
  room = null;
  /** How far I have read; null before the room is ready. */
  reading = null;

  #api;
  /** Messages that were loaded before a gap, and may have been changed in it. */
  #doubtful = [];
  /** Welcomed, and what was missed has yet to come: until then nobody knows what the room has of what was on its way. */
  #resuming = false;
  #slow = null;
  /** Events to come when all that the room said at once is heard; null while nothing is. */
  #untold = null;
  #isSeen;
  #clock;
  #liveFrom = Infinity;
  #refetchAt = -Infinity;
  #refetchTimer = null;
  #joining = null;
  #timesOut = 0;
  #readingParts;

  /**
   * `connect({resumeAt, whyRefused})` makes the Connection; `newId()` a ClientMessageId; `isSeen()`: is the page in view?
   * `isLookedAt()`: and does somebody look?
   */
  constructor({ name, me, api, store, clock, connect, newId, isSeen = () => true, isLookedAt = () => true }) {
    super();
    this.name = name;
    this.me = me;
    this.#api = api;
    this.#clock = clock;
    this.#isSeen = isSeen;
    this.timeline = new Timeline(me);
    this.history = new History({
      load: (range) => api.messages(name, range),
      timeline: this.timeline,
      startAgain: (page) => this.#begin(page),
      changed: () => this.#tell('timeline'),
    });
    this.people = new People();
    this.typing = new TypingPeople(() => this.#tell('typing'), clock);
    this.connection = connect({
      resumeAt: () => ({ seq: this.timeline.upTo, epoch: this.timeline.epoch }),
      whyRefused: () => this.#whyRefused(),
    });
    this.signal = new TypingSignal(() => this.joined && this.connection.send({ type: 'typing' }), clock.now);
    this.outgoing = new Outgoing({
      store,
      room: name,
      timeline: this.timeline,
      hand: (frame) => this.#hand(frame),
      changed: () => this.#tell('timeline'),
      failed: (error) => this.#tell('failed', error),
      newId,
      clock,
    });
    this.#readingParts = {
      store,
      timeline: this.timeline,
      send: (seq) => this.joined && this.#sayRead(seq),
      seen: isLookedAt,
      changed: () => this.#tell('reading'),
      clock,
    };
    this.connection.addEventListener('state', () => this.#connectionChanged());
    this.connection.addEventListener('frames', ({ detail }) => this.#heardTogether(detail));
    this.connection.addEventListener('miss', () => this.connection.misses >= SLOW_AFTER && this.#goSlow());
  }

  /** Visitors read; everybody else also writes. */
  get joined() {
    return this.room !== null && this.room.role !== 'visitor';
  }

  /** The timeline's items, with what I did to them and the room has not acknowledged. */
  get items() {
    return this.timeline.items.map((item) => this.outgoing.over(item));
  }

  /** Whether the room is heard by requests, for want of a socket. */
  get slow() {
    return this.#slow?.works ?? false;
  }

  async start() {
    this.outgoing.begin();
    try {
      // The script comes while the room is asked: nothing was read before there is something to read.
      const [room, page, { Reading }] = await Promise.all([this.#api.room(this.name), this.#api.messages(this.name), import('./reading.js')]);
      if (this.state === 'closed') return;
      this.#setRoom(room);
      this.#begin(page);
      this.reading = new Reading(this.#readingParts);
      this.reading.begin(room, room);
      // Without it the room opens at its end, and a button offers to try again.
      await this.reachUnread().catch((error) => this.#known(error));
      if (this.state === 'closed') return;
      this.state = 'ready';
      this.connection.start();
    } catch (error) {
      if (this.state === 'closed') return;
      this.state = 'failed';
      this.error = this.#known(error);
    }
    this.#tell('room');
    this.#tell('timeline');
    this.#tell('people');
  }

  close() {
    this.reading?.flush();
    this.state = 'closed';
    this.connection.stop();
    this.#slow?.stop();
    this.outgoing.pause();
    this.typing.clear();
    this.#clock.clearTimeout(this.#refetchTimer);
  }

  /** The page is seen again, the network is back, or somebody pressed "Try now". */
  check() {
    this.connection.check();
    this.#slow?.ask();
  }

  async join() {
    this.#joining ??= this.#api.join(this.name).finally(() => (this.#joining = null));
    this.#setRoom(await this.#upToDate(this.#joining));
    this.reading?.belong(this.room.read);
    this.#tell('room');
    this.#tell('people');
    if (!this.joined) throw new ApiError({ code: 'not_a_member' });
    this.outgoing.flush();
  }

  leave() {
    return this.#api.leave(this.name);
  }

  /**
   * Stands in the timeline at once; who only read so far joins by saying something. `reply` is a quote of the message
   * it answers, which need not be loaded; `mentions` are the people its text names, {id, name} each.
   */
  write(text, { reply, mentions } = {}) {
    const answered = reply && (this.items.find(({ seq }) => seq === reply.seq) ?? reply);
    this.outgoing.write(text, { answered, mentions });
    this.signal.sent();
    this.#tell('written');
    this.#deliver();
  }

  /**
   * Loads what is around this Seq. Resolves to the message, or undefined when there is none any
   * more; rejects with an ApiError.
   */
  async goTo(seq) {
    if (!this.timeline.find(seq)) await this.history.around(seq);
    return this.timeline.find(seq);
  }

  /** Loads the newest messages where the reader has let go of them. Rejects with an ApiError. */
  async goToLatest() {
    if (!this.timeline.latest) await this.history.latest();
  }

  retry(id) {
    this.outgoing.retry(id);
    this.#deliver();
  }

  discard(id) {
    this.outgoing.discard(id);
  }

  /** Each change of a message shows at once, waits for the connection, and fails with an ApiError when the room refuses it. */
  edit(seq, text, mentions) {
    return this.outgoing.change({ type: 'edit', seq, text }, { type: 'edited', by: this.me, text, mentions });
  }

  remove(seq) {
    return this.outgoing.change({ type: 'delete', seq }, { type: 'deleted', by: this.me });
  }

  react(seq, reaction, on) {
    return this.outgoing.change({ type: 'react', seq, reaction, on }, { type: 'reacted', by: this.me, reaction, on });
  }

  async members(cursor) {
    const page = await this.#api.members(this.name, cursor);
    this.people.addMembers(page.members, { first: !cursor });
    this.#tell('people');
    return page.next;
  }

  #hand(frame) {
    return this.joined && !this.#resuming && (this.connection.send(frame) || (this.#slow?.send(frame) ?? false));
  }

  #sayRead(seq) {
    if (!this.connection.send({ type: 'read', seq })) {
      if (!this.slow) return false;
      // The next one says more, so nobody waits for this one.
      this.#api.read(this.name, seq).catch(() => {});
    }
    return true;
  }

  async #goSlow() {
    const { SlowLine } = await import('./slow-line.js').catch(() => ({}));
    // A script that didn't come is asked for again at the next miss.
    if (!SlowLine || this.#slow || this.connection.misses < SLOW_AFTER || this.state === 'closed') return;
    let first = true;
    this.#slow = new SlowLine({
      load: async () => {
        const page = await this.#api.messages(this.name, { since: this.timeline.upTo, epoch: this.timeline.epoch });
        // What was missed until now is no news.
        if (first) this.#liveFrom = page.seq;
        first = false;
        return page;
      },
      post: (frame) => this.#api.say(this.name, frame),
      hear: (frame) => this.#heardTogether([frame]),
      changed: () => this.#slowChanged(),
      isSeen: this.#isSeen,
      clock: this.#clock,
    });
    this.#slow.start();
  }

  #slowChanged() {
    // What was handed over and had no answer waits for a line that works, and then goes out again.
    this.outgoing.pause();
    if (this.slow) this.outgoing.flush();
    this.#tell('connection');
  }

  /** Loads what is around the first unread message. Rejects with an ApiError. */
  async reachUnread() {
    const { missing } = this.reading;
    if (missing) await this.goTo(missing);
  }

  async #deliver() {
    if (this.joined) {
      this.outgoing.flush();
      return;
    }
    try {
      await this.join();
    } catch (error) {
      const known = this.#known(error);
      if (known.passing && known.status === 0) return;
      if (known.code === SLOW_DOWN) {
        this.#later(known, () => this.#deliver());
        return;
      }
      this.outgoing.refuseAll(known);
    }
  }

  #begin(page) {
    this.timeline.begin(page);
    for (const message of page.messages) this.#settle(message);
  }

  async #freshen() {
    try {
      while (this.#doubtful.length > 0) {
        const first = await this.history.again(this.#doubtful.at(-1) + 1) ?? -Infinity;
        this.#doubtful = this.#doubtful.filter((seq) => seq < first);
      }
    } catch {
      // The next connection asks for the rest.
    }
  }

  /** What came together is told of once: a busy room must not be drawn anew for each of its messages. */
  #heardTogether(frames) {
    this.#untold = new Set();
    let resumed = false;
    for (const frame of frames) {
      resumed ||= this.#resuming;
      this.#resuming = false;
      this.#heardSafely(frame);
    }
    const untold = this.#untold;
    this.#untold = null;
    for (const what of untold) this.#tell(what);
    if (resumed) this.#flush();
  }

  /** One frame that makes no sense must not keep the next from being heard. */
  #heardSafely(frame) {
    try {
      this.#heard(frame);
    } catch (error) {
      console.error(error);
    }
  }

  #heard(frame) {
    switch (frame.type) {
      case 'welcome': return this.#welcomed(frame);
      case 'message': return this.#said(frame);
      case 'ack': return this.#acknowledged(frame);
      case 'edited':
      case 'deleted':
      case 'reacted':
      case 'erased': return this.#revised(frame);
      case 'gap':
        this.timeline.skip(frame);
        this.outgoing.doubt();
        this.#doubtful = this.timeline.stored.map(({ seq }) => seq).filter((seq) => seq < frame.from);
        this.#freshen();
        return this.#tell('timeline');
      case 'presence': return this.#presence(frame);
      case 'room': return this.#changed(frame);
      case 'typing':
        if (frame.person.id !== this.me.id) this.typing.heard(frame.person);
        return undefined;
      case 'read': return this.reading.heard(frame.seq);
      case 'notice': return this.#tell('trouble', { code: frame.code });
      case 'error': return this.#refused(frame);
      default:
        // A newer server may say more; what has a place in the order keeps it.
        if (Number.isInteger(frame.seq)) this.timeline.pass(frame.seq);
        return undefined;
    }
  }

  #welcomed(frame) {
    this.#liveFrom = frame.seq;
    this.#resuming = frame.seq > this.timeline.upTo;
    // A guest may have become an account meanwhile.
    this.me = { ...this.me, ...frame.you, tag: frame.you.tag };
    this.room = { ...this.room, role: frame.role };
    this.people.begin(frame);
    this.reading.begin(this.room, frame);
    this.#tell('room');
    this.#tell('people');
    this.#flush();
    this.#freshen();
  }

  #flush() {
    if (this.outgoing.waits) this.#deliver();
    this.outgoing.flush();
  }

  #changed({ description, access, owner }) {
    const role = roleAfter(this.room.role, this.me, owner);
    this.room = { ...this.room, description, access, owner, role };
    this.#tell('room');
  }

  #said(message) {
    const mine = message.author?.id === this.me.id;
    if (mine) this.#settle(message);
    const fresh = this.timeline.receive(message);
    this.#fillHole();
    this.reading.said({ seq: message.seq, mine, mentioned: isMentioned(message, this.me) });
    this.typing.stopped(message.author?.id);
    if (fresh && !mine && message.seq > this.#liveFrom) this.#tell('live', message);
    this.#tell('timeline');
  }

  #revised(frame) {
    if (frame.by?.id === this.me.id) this.outgoing.settle(frame.id);
    this.timeline.apply(frame);
    this.#fillHole();
    this.#tell('timeline');
  }

  #acknowledged({ type, ...ack }) {
    const change = this.outgoing.settle(ack.id);
    // What is behind us was said to us as well, and maybe more since.
    if (change && ack.seq > this.timeline.upTo) this.timeline.apply({ ...change, ...ack });
    this.timeline.acknowledge(ack);
    this.#fillHole();
    this.#tell('timeline');
  }

  #fillHole() {
    const seq = this.timeline.takeHole();
    if (seq !== null && !this.connection.send({ type: 'since', seq })) this.#slow?.ask();
  }

  #presence(frame) {
    const { joined = [], left = [] } = frame;
    const others = (people) => people.filter((person) => person && person.id !== this.me.id);
    this.#tell('comings', { joined: others(joined), left: others(left.map((id) => this.people.find(id))) });
    this.people.merge(frame);
    const about = (list) => list?.some((one) => (one.id ?? one) === this.me.id);
    if (about(frame.left)) this.#out();
    // Another tab of mine joined; only the room knows which role that gave me.
    else if ((about(frame.joined) && !this.joined) || this.people.doubtful) this.#refetch();
    this.#tell('people');
  }

  /** Now, or as soon as it may be again: a doubt that comes too early is not forgotten. */
  async #refetch() {
    const now = this.#clock.now();
    if (now < this.#refetchAt) {
      this.#refetchTimer ??= this.#clock.setTimeout(() => {
        this.#refetchTimer = null;
        if (this.people.doubtful) this.#refetch();
      }, this.#refetchAt - now);
      return;
    }
    this.#refetchAt = now + REFETCH_EVERY_MS;
    try {
      this.#setRoom(await this.#upToDate(this.#api.room(this.name)));
      this.#tell('room');
      this.#tell('people');
    } catch (error) {
      this.#known(error);
    }
  }

  #refused({ id, ...refusal }) {
    const error = new ApiError(refusal);
    if (error.code === SLOW_DOWN) return this.#postpone(id, error);
    if (error.code === 'not_a_member') this.#out();
    if (id) this.outgoing.refuse(id, error);
    else this.#tell('trouble', error);
    return undefined;
  }

  #postpone(id, error) {
    if (id) this.outgoing.postpone(id, error);
    else this.#later(error, () => this.timeline.askAgain() && this.#fillHole());
  }

  #later({ retryAfter = 1 }, act) {
    this.#clock.setTimeout(() => this.state !== 'closed' && act(), retryAfter * 1_000);
  }

  #connectionChanged() {
    const { state, reason } = this.connection;
    if (state === 'online' || state === 'refused') {
      this.#slow?.stop();
      this.#slow = null;
    }
    if (state !== 'online') {
      this.#resuming = false;
      this.outgoing.pause();
      this.typing.clear();
    }
    if (state === 'refused') this.#tell('ended', reason);
    this.#tell('connection');
    this.#tell('timeline');
  }

  /** The code that makes another try useless, or null. */
  async #whyRefused() {
    try {
      await this.#api.room(this.name);
      return null;
    } catch (error) {
      return error.passing ? null : error.code;
    }
  }

  #out() {
    this.#timesOut += 1;
    this.#joining = null;
    this.room = { ...this.room, role: 'visitor' };
    this.#tell('room');
  }

  /** An answer that the socket overtook with the news that I am out is asked for again. */
  async #upToDate(asked) {
    const before = this.#timesOut;
    const room = await asked;
    return this.#timesOut === before ? room : this.#upToDate(this.#api.room(this.name));
  }

  #setRoom(room) {
    this.room = room;
    this.people.begin(room);
  }

  #settle({ author, id }) {
    if (author?.id === this.me.id) this.outgoing.settle(id);
  }

  #known(error) {
    const known = knownError(error);
    if (known.status === 401) this.#tell('ended', known.code);
    return known;
  }

  #tell(what, detail) {
    if (this.state === 'closed') return;
    // Without a detail it says only that something is otherwise now.
    if (this.#untold && detail === undefined) this.#untold.add(what);
    else this.dispatchEvent(new CustomEvent(what, { detail }));
  }
}
