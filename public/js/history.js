// Loads what lies before: older pages, and what a gap left out. One page at a time.

import { knownError } from './api.js';

export class History {
  /** What is being loaded: 'older', a gap, or null. */
  fetching = null;
  /** Why the last page did not come. */
  error = null;

  #load;
  #timeline;
  #startAgain;
  #changed;

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
    return this.#fetch('older', { before: first }, (page) => this.#timeline.addOlder(page));
  }

  missing(gap) {
    return this.#fetch(gap, { before: gap.to + 1 }, (page) => this.#timeline.addMissing(gap, page));
  }

  async #fetch(what, range, take) {
    if (this.fetching) return;
    this.fetching = what;
    this.error = null;
    this.#changed();
    try {
      const page = await this.#load(range);
      // The history was replaced while we asked: begin again with its newest page.
      if (!take(page)) this.#startAgain(await this.#load());
    } catch (error) {
      this.error = knownError(error);
    }
    this.fetching = null;
    this.#changed();
  }
}
