// What this person wrote into one room and the room has not acknowledged. It is kept in storage
// before anything else happens to it, so that no reload, crash or change of room loses it.

export const PATIENCE_MS = 10_000;

/**
 * An entry: {id, text, at, state: 'pending' | 'failed', error}.
 * `transmit(entry)` hands it to the room and says whether it could.
 * `changed(entry)` is told of every change of state.
 */
export class Outbox {
  #store;
  #prefix;
  #transmit;
  #changed;
  #clock;
  #entries = [];
  #waiting = new Map();

  constructor({ store, room, transmit, changed, clock }) {
    this.#store = store;
    this.#prefix = `outbox/${encodeURIComponent(room)}/`;
    this.#transmit = transmit;
    this.#changed = changed;
    this.#clock = clock;
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

  add(id, text) {
    // `at` is also the order after a reload, so no two entries share one.
    const last = this.#entries.at(-1)?.at ?? 0;
    const entry = { id, text, at: Math.max(this.#clock.now(), last + 1), state: 'pending', error: null };
    this.#entries.push(entry);
    this.#keep(entry);
    return entry;
  }

  /** Hands everything pending to the room, oldest first. */
  flush() {
    for (const entry of this.#entries) {
      if (entry.state !== 'pending' || this.#waiting.has(entry.id)) continue;
      if (!this.#transmit(entry)) return;
      const timer = this.#clock.setTimeout(() => this.fail(entry.id, { code: 'no_answer' }), PATIENCE_MS);
      this.#waiting.set(entry.id, timer);
    }
  }

  /** The socket is gone: what was on its way will be handed over again. */
  pause() {
    for (const id of [...this.#waiting.keys()]) this.#unwait(id);
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
    this.#unwait(id);
    const { code, field, limit } = error;
    Object.assign(entry, { state: 'failed', error: { code, field, limit } });
    this.#keep(entry);
    this.#changed(entry);
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

  #find(id) {
    return this.#entries.find((entry) => entry.id === id);
  }

  #keep(entry) {
    this.#store.set(this.#prefix + entry.id, entry);
  }

  #drop(entry) {
    this.#unwait(entry.id);
    this.#entries = this.#entries.filter((other) => other !== entry);
    this.#store.remove(this.#prefix + entry.id);
  }

  #unwait(id) {
    this.#clock.clearTimeout(this.#waiting.get(id));
    this.#waiting.delete(id);
  }
}
