// What this person wrote into one room and the room has not acknowledged. It is kept in storage
// before anything else happens to it, so that no reload, crash or change of room loses it.

import { Line } from './line.js';

/**
 * An entry: {id, text, at, state: 'pending' | 'failed', error}, and maybe reply (a quote, as the timeline has it) and
 * mentions ({id, name} each). The error of a pending one is why it waits; `handed` says that the room may have it.
 * `transmit(entry)` hands it to the room and says whether it could.
 * `changed(entry)` is told of every change of state.
 */
export class Outbox {
  #store;
  #prefix;
  #changed;
  #clock;
  #entries = [];
  #line;

  constructor({ store, room, transmit, changed, clock }) {
    this.#store = store;
    this.#prefix = `outbox/${encodeURIComponent(room)}/`;
    this.#changed = changed;
    this.#clock = clock;
    this.#line = new Line({
      next: () => this.#entries.find(({ state }) => state === 'pending'),
      transmit: (entry) => transmit(entry) && this.#hand(entry),
      late: (id) => this.fail(id, { code: 'no_answer' }),
      clock,
    });
    // One key a message: two tabs that write at once can't overwrite each other.
    this.#entries = store
      .keys(this.#prefix)
      .map((key) => store.get(key))
      .filter((entry) => typeof entry?.id === 'string' && typeof entry.text === 'string')
      .sort((a, b) => a.at - b.at);
  }

  get entries() {
    return this.#entries;
  }

  add(id, text, { reply, mentions } = {}) {
    // `at` is also the order after a reload, so no two entries share one.
    const last = this.#entries.at(-1)?.at ?? 0;
    const entry = { id, text, reply, mentions, at: Math.max(this.#clock.now(), last + 1), state: 'pending', error: null };
    this.#entries.push(entry);
    this.#keep(entry);
    return entry;
  }

  /** Hands everything pending to the room, oldest first, each after the answer to the one before. */
  flush() {
    this.#line.flush();
  }

  /** The socket is gone: what was on its way will be handed over again. */
  pause() {
    this.#line.pause();
  }

  /** The room wants it later: it stays pending, and goes out by itself after so many seconds, those behind it after it. */
  postpone(id, error) {
    const entry = this.#find(id);
    if (!entry) return;
    const { code, retryAfter } = error;
    Object.assign(entry, { state: 'pending', error: { code }, handed: false });
    this.#line.wait(retryAfter);
    this.#changed(entry);
  }

  /**
   * The room left out a part of what was said, and what was on its way may be in it. Should the room keep that no more, it
   * would take the same id for a new message: whether it goes out again is for its author to say.
   */
  doubt() {
    for (const { id, state, handed } of this.#entries) if (handed && state === 'pending') this.fail(id, { code: 'in_doubt' });
  }

  /** Whether the id was one of ours. A late ack settles a failed message too. */
  settle(id) {
    const entry = this.#find(id);
    if (!entry) return false;
    this.#drop(entry);
    return true;
  }

  fail(id, error) {
    const entry = this.#find(id);
    if (!entry) return;
    const { code, field, limit } = error;
    Object.assign(entry, { state: 'failed', error: { code, field, limit } });
    this.#keep(entry);
    this.#changed(entry);
    this.#line.done(id);
  }

  /** The same id goes out again, so at most one message can come of it. */
  retry(id) {
    const entry = this.#find(id);
    if (!entry) return;
    Object.assign(entry, { state: 'pending', error: null });
    this.#keep(entry);
    this.#changed(entry);
    this.flush();
  }

  remove(id) {
    const entry = this.#find(id);
    if (entry) this.#drop(entry);
  }

  #hand(entry) {
    if (!entry.handed) this.#keep(Object.assign(entry, { handed: true }));
    return true;
  }

  #find(id) {
    return this.#entries.find((entry) => entry.id === id);
  }

  #keep(entry) {
    this.#store.set(this.#prefix + entry.id, entry);
  }

  #drop(entry) {
    this.#entries = this.#entries.filter((other) => other !== entry);
    this.#store.remove(this.#prefix + entry.id);
    this.#line.done(entry.id);
  }
}
