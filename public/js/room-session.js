// One person in one room: what is loaded, live, written and known of the others. It ties the
// models together and tells the page what changed; it renders nothing.

import { ApiError, knownError } from './api.js';
import { History } from './history.js';
import { Outbox } from './outbox.js';
import { People } from './people.js';
import { roleAfter } from './rights.js';
import { Timeline } from './timeline.js';
import { TypingPeople, TypingSignal } from './typing.js';

const REFETCH_EVERY_MS = 10_000;

/**
 * Events: `room` (what it is, my role), `timeline`, `people`, `connection`, `typing`,
 * `written` (by me), `live` (detail: a message of somebody else, just said), `trouble` (detail: an error),
 * `ended` (detail: the code that ends this session for good).
 */
export class RoomSession extends EventTarget {
  /** loading, ready or failed; `error` says why. */
  state = 'loading';
  error = null;
  room = null;

  #api;
  #clock;
  #newId;
  #liveFrom = Infinity;
  #refetchAt = -Infinity;
  #refetchTimer = null;
  #joining = null;
  #timesOut = 0;

  /** `connect({resumeAt, whyRefused})` makes the Connection; `newId()` a ClientMessageId. */
  constructor({ name, me, api, store, clock, connect, newId }) {
    super();
    this.name = name;
    this.me = me;
    this.#api = api;
    this.#clock = clock;
    this.#newId = newId;
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
    this.outbox = new Outbox({
      store,
      room: name,
      clock,
      transmit: ({ id, text }) => this.joined && this.connection.send({ type: 'send', id, text }),
      changed: (entry) => this.#marked(entry),
    });
    this.connection.addEventListener('state', () => this.#connectionChanged());
    this.connection.addEventListener('frame', ({ detail }) => this.#heardSafely(detail));
  }

  /** Visitors read; everybody else also writes. */
  get joined() {
    return this.room !== null && this.room.role !== 'visitor';
  }

  async start() {
    for (const entry of this.outbox.entries) this.timeline.write(entry);
    try {
      const [room, page] = await Promise.all([this.#api.room(this.name), this.#api.messages(this.name)]);
      if (this.state === 'closed') return;
      this.#setRoom(room);
      this.#begin(page);
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
    this.state = 'closed';
    this.connection.stop();
    this.outbox.pause();
    this.typing.clear();
    this.#clock.clearTimeout(this.#refetchTimer);
  }

  async join() {
    this.#joining ??= this.#api.join(this.name).finally(() => (this.#joining = null));
    this.#setRoom(await this.#upToDate(this.#joining));
    this.#tell('room');
    this.#tell('people');
    if (!this.joined) throw new ApiError({ code: 'not_a_member' });
    this.outbox.flush();
  }

  leave() {
    return this.#api.leave(this.name);
  }

  /** Stands in the timeline at once; who only read so far joins by saying something. */
  write(text) {
    const entry = this.outbox.add(this.#newId(), text);
    this.timeline.write(entry);
    this.signal.sent();
    this.#tell('written');
    this.#tell('timeline');
    this.#deliver();
  }

  retry(id) {
    this.outbox.retry(id);
    this.#deliver();
  }

  discard(id) {
    this.outbox.remove(id);
    this.timeline.discard(id);
    this.#tell('timeline');
  }

  async members(cursor) {
    const page = await this.#api.members(this.name, cursor);
    this.people.addMembers(page.members, { first: !cursor });
    this.#tell('people');
    return page.next;
  }

  async #deliver() {
    if (this.joined) {
      this.outbox.flush();
      return;
    }
    try {
      await this.join();
    } catch (error) {
      const known = this.#known(error);
      if (known.passing && known.status === 0) return;
      for (const { id, state } of this.outbox.entries) if (state === 'pending') this.outbox.fail(id, known);
    }
  }

  #begin(page) {
    this.timeline.begin(page);
    for (const message of page.messages) this.#settle(message);
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
      case 'gap':
        this.timeline.skip(frame);
        return this.#tell('timeline');
      case 'presence': return this.#presence(frame);
      case 'room': return this.#changed(frame);
      case 'typing':
        if (frame.person.id !== this.me.id) this.typing.heard(frame.person);
        return undefined;
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
    // A guest may have become an account meanwhile.
    this.me = { ...this.me, ...frame.you, tag: frame.you.tag };
    this.room = { ...this.room, role: frame.role };
    this.people.begin(frame);
    this.#tell('room');
    this.#tell('people');
    if (this.outbox.entries.some(({ state }) => state === 'pending')) this.#deliver();
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
    this.typing.stopped(message.author?.id);
    if (fresh && !mine && message.seq > this.#liveFrom) this.#tell('live', message);
    this.#tell('timeline');
  }

  #acknowledged(ack) {
    this.outbox.settle(ack.id);
    this.timeline.acknowledge(ack);
    this.#fillHole();
    this.#tell('timeline');
  }

  #fillHole() {
    const seq = this.timeline.takeHole();
    if (seq !== null) this.connection.send({ type: 'since', seq });
  }

  #presence(frame) {
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

  #refused({ id, code, field, limit }) {
    const error = new ApiError({ code, field, limit });
    if (code === 'not_a_member') this.#out();
    if (id) this.outbox.fail(id, error);
    else this.#tell('trouble', error);
  }

  #connectionChanged() {
    const { state, reason } = this.connection;
    if (state !== 'online') {
      this.outbox.pause();
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
    if (author?.id === this.me.id) this.outbox.settle(id);
  }

  #marked({ id, state, error }) {
    this.timeline.mark(id, state, error);
    if (state === 'failed') this.#tell('failed', error);
    this.#tell('timeline');
  }

  #known(error) {
    const known = knownError(error);
    if (known.status === 401) this.#tell('ended', known.code);
    return known;
  }

  #tell(what, detail) {
    if (this.state !== 'closed') this.dispatchEvent(new CustomEvent(what, { detail }));
  }
}
