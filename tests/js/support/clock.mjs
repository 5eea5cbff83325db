/** A clock that stands until it is told to go on; what is due runs in order. */
export class Clock {
  #now = 1_800_000_000_000;
  #due = [];

  now = () => this.#now;

  setTimeout = (act, delay) => {
    const timer = { at: this.#now + delay, act };
    this.#due.push(timer);
    return timer;
  };

  clearTimeout = (timer) => {
    this.#due = this.#due.filter((other) => other !== timer);
  };

  /** Lets the time pass, and promises that came due settle. */
  async pass(milliseconds) {
    const end = this.#now + milliseconds;
    await settled();
    for (;;) {
      const next = this.#due.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#now = next.at;
      this.clearTimeout(next);
      next.act();
      await settled();
    }
    this.#now = end;
  }

  get timers() {
    return this.#due.length;
  }
}

/** Everything that only waited for a promise has run. */
export function settled() {
  return new Promise((done) => setImmediate(done));
}
