// The way out of what one person does to a room: one thing at a time, so that nothing overtakes what the room refused
// for coming too soon.

/** How long an answer may take. */
export const PATIENCE_MS = 10_000;

export class Line {
  #next;
  #transmit;
  #late;
  #clock;
  /** The id of what is on its way. */
  #out = null;
  /** Until an answer is late, or the room may be asked again. */
  #timer = null;
  #notBefore = -Infinity;

  /**
   * `next()` is what goes out first, {id}, if anything does; `transmit(it)` hands it to the room and says whether it
   * could; `late(id)` is told when there was no answer.
   */
  constructor({ next, transmit, late, clock }) {
    this.#next = next;
    this.#transmit = transmit;
    this.#late = late;
    this.#clock = clock;
  }

  /** Hands over what is next, unless something is on its way or the room asked to wait. */
  flush() {
    if (this.#timer) return;
    const wait = this.#notBefore - this.#clock.now();
    if (wait > 0) {
      this.#timer = this.#clock.setTimeout(() => {
        this.#timer = null;
        this.flush();
      }, wait);
      return;
    }
    const it = this.#next();
    if (!it || !this.#transmit(it)) return;
    this.#out = it.id;
    this.#timer = this.#clock.setTimeout(() => this.#late(it.id), PATIENCE_MS);
  }

  /** That is settled, one way or the other: the next one's turn. */
  done(id) {
    if (id !== this.#out) return;
    this.pause();
    this.flush();
  }

  /** The room takes nothing for so many seconds. */
  wait(seconds = 1) {
    this.pause();
    this.#notBefore = this.#clock.now() + seconds * 1_000;
    this.flush();
  }

  /** The socket is gone: what was on its way is handed over again when somebody flushes. */
  pause() {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = null;
    this.#out = null;
  }
}
