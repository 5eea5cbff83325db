// Who joined and left just now, merged into one line for a while. It is told for a moment and kept nowhere: the history
// holds what was said.

export const SHOWN_MS = 10_000;

export class Comings {
  joined = [];
  left = [];

  #changed;
  #clock;
  #timer = null;

  constructor(changed, clock) {
    this.#changed = changed;
    this.#clock = clock;
  }

  /** Who comes and goes again is no news. */
  heard({ joined, left }) {
    const gone = left.filter(({ id }) => !this.joined.some((person) => person.id === id));
    this.joined = without(this.joined, left);
    const fresh = joined.filter(({ id }) => !this.left.some((person) => person.id === id));
    this.left = without(this.left, joined);
    this.joined = [...without(this.joined, fresh), ...fresh];
    this.left = [...without(this.left, gone), ...gone];
    this.#clock.clearTimeout(this.#timer);
    this.#timer = this.#clock.setTimeout(() => this.clear(), SHOWN_MS);
    this.#changed();
  }

  clear() {
    this.#clock.clearTimeout(this.#timer);
    if (this.joined.length + this.left.length === 0) return;
    this.joined = [];
    this.left = [];
    this.#changed();
  }
}

function without(people, others) {
  return people.filter(({ id }) => !others.some((other) => other.id === id));
}
