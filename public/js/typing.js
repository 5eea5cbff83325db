// Typing, both ways: what I tell the room, and whom the room tells me of.

export const TELL_EVERY_MS = 3_000;
export const FORGET_AFTER_MS = 6_000;

/** Tells the room at most once in TELL_EVERY_MS that this person is writing. */
export class TypingSignal {
  #tell;
  #now;
  #last = -Infinity;

  constructor(tell, now) {
    this.#tell = tell;
    this.#now = now;
  }

  written(text) {
    if (text.trim() === '' || this.#now() - this.#last < TELL_EVERY_MS) return;
    this.#last = this.#now();
    this.#tell();
  }

  sent() {
    this.#last = -Infinity;
  }
}

/** Who is writing; forgotten when nothing more is heard. */
export class TypingPeople {
  #changed;
  #clock;
  #people = new Map();

  constructor(changed, clock) {
    this.#changed = changed;
    this.#clock = clock;
  }

  get names() {
    return [...this.#people.values()].map(({ person }) => person.name);
  }

  heard(person) {
    const known = this.#people.get(person.id);
    this.#clock.clearTimeout(known?.timer);
    const timer = this.#clock.setTimeout(() => this.stopped(person.id), FORGET_AFTER_MS);
    this.#people.set(person.id, { person, timer });
    if (!known) this.#changed();
  }

  stopped(id) {
    const known = this.#people.get(id);
    if (!known) return;
    this.#clock.clearTimeout(known.timer);
    this.#people.delete(id);
    this.#changed();
  }

  clear() {
    for (const id of [...this.#people.keys()]) this.stopped(id);
  }
}
