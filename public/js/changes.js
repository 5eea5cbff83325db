// What this person did to messages and the room has not acknowledged. It shows at once; what the room refuses goes back.

import { Line } from './line.js';
import { revise } from './revisions.js';

export class Changes {
  #changed;
  #line;
  /** By id: {frame, shown, done, failed}, and maybe error, which is why it waits. */
  #waiting = new Map();

  /** `transmit(frame)` hands a change to the room and says whether it could; `changed()` is told when something else is to be seen. */
  constructor({ transmit, changed, clock }) {
    this.#changed = changed;
    this.#line = new Line({
      next: () => this.#waiting.values().next().value?.frame,
      transmit,
      late: (id) => this.fail(id, { code: 'no_answer' }),
      clock,
    });
  }

  /**
   * Sends `frame`, now or when there is a connection, and shows `shown`, the frame that the room will say, until then.
   * Resolves when the room has it.
   */
  make(frame, shown) {
    return new Promise((done, failed) => {
      this.#waiting.set(frame.id, { frame, shown, done, failed });
      this.flush();
      this.#changed();
    });
  }

  /** Hands what waits to the room, in the order it was done, each after the answer to the one before. */
  flush() {
    this.#line.flush();
  }

  /** The socket is gone: what was on its way will be handed over again, under the same id. */
  pause() {
    this.#line.pause();
  }

  /** The room wants it later: it goes out by itself, those behind it after it. Whether it was one of ours. */
  postpone(id, { code, retryAfter }) {
    const change = this.#waiting.get(id);
    if (!change) return false;
    change.error = { code };
    this.#line.wait(retryAfter);
    this.#changed();
    return true;
  }

  /** The room has it. What it was shown as, if it was one of ours. */
  settle(id) {
    const change = this.#take(id);
    change?.done();
    return change?.shown;
  }

  /** It goes back. Whether it was one of ours. */
  fail(id, error) {
    const change = this.#take(id);
    change?.failed(error);
    if (change) this.#changed();
    return Boolean(change);
  }

  /** The item with what I did to it. */
  over(item) {
    const mine = [...this.#waiting.values()].filter(({ shown: { target } }) => target === item.seq || target === item.reply?.seq);
    if (mine.length === 0) return item;
    const here = mine.filter(({ shown }) => shown.target === item.seq);
    const seen = { ...item, changing: here.length > 0, error: here.find(({ error }) => error)?.error };
    for (const { shown } of mine) revise(seen, shown);
    return seen;
  }

  #take(id) {
    const change = this.#waiting.get(id);
    this.#waiting.delete(id);
    this.#line.done(id);
    return change;
  }
}
