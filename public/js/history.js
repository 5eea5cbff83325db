// Loads what isn't here: older pages, what a gap left out, what is around an old message, and the
// newest page. One page at a time.

import { knownError } from './api.js';

/** As many messages as a page has when nobody says how many. */
const PAGE = 50;

export class History {
  /** What is being loaded: 'older', 'around', 'again', 'latest', a gap, or null. */
  fetching = null;
  /** What did not come of these, and why. */
  failed = null;
  error = null;

  #load;
  #timeline;
  #startAgain;
  #changed;
  #running = null;

  /** `load(range)` asks for a page, `startAgain(page)` takes the newest one as all there is. */
  constructor({ load, timeline, startAgain, changed }) {
    this.#load = load;
    this.#timeline = timeline;
    this.#startAgain = startAgain;
    this.#changed = changed;
  }

  older() {
    const { more, first } = this.#timeline;
    if (!more || first === undefined) return undefined;
    return this.#attempt('older', first);
  }

  /** Of what a gap left out the newest page, or, for who reads on `down` from above it, the oldest. */
  async missing(gap, { down = false } = {}) {
    // Who asked waits for the turn; what is only near is asked for again if it still is.
    if (!down) while (this.fetching && this.fetching !== gap) await this.#running.catch(() => {});
    // So many Seq hold at most so many messages, so the page has all of them.
    return this.#attempt(gap, down ? gap.from + PAGE : gap.to + 1);
  }

  /** What stands before and after this Seq. Throws an ApiError. */
  around(seq) {
    return this.#queued('around', seq + 1 + PAGE / 2);
  }

  /** What is loaded may be out of date. Resolves to where the page begins that came, if there is any. Throws an ApiError. */
  again(before) {
    return this.#queued('again', before);
  }

  /** Throws an ApiError. */
  latest() {
    return this.#queued('latest');
  }

  /** Nobody waits for this one, so it says itself what went wrong. */
  async #attempt(what, before) {
    if (this.fetching) return;
    try {
      await this.#fetch(what, before);
    } catch (error) {
      Object.assign(this, { failed: what, error });
      this.#changed();
    }
  }

  async #queued(what, before) {
    while (this.fetching) await this.#running.catch(() => {});
    return this.#fetch(what, before);
  }

  #fetch(what, before) {
    Object.assign(this, { fetching: what, failed: null, error: null });
    this.#changed();
    this.#running = this.#take(before).finally(() => {
      this.fetching = null;
      this.#changed();
    });
    return this.#running;
  }

  async #take(before) {
    try {
      const page = await this.#load({ before });
      // The history was replaced while we asked: begin again with its newest page.
      if (this.#timeline.addPage(page, before)) return page.messages[0]?.seq;
      this.#startAgain(await this.#load({}));
      return undefined;
    } catch (error) {
      throw knownError(error);
    }
  }
}
