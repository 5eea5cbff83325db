// What was found in a room for some words: a page at a time, newest first. Whoever asks again need not wait for the
// answer before.

import { knownError } from './api.js';

export class Search {
  /** Nothing asked: idle; then searching, found or failed, and `error` says why. */
  state = 'idle';
  error = null;
  query = '';
  messages = [];

  #ask;
  #changed;
  #next = null;

  /** `ask(query, cursor)` asks for a page. */
  constructor({ ask, changed }) {
    this.#ask = ask;
    this.#changed = changed;
  }

  get hasMore() {
    return this.#next !== null;
  }

  /** Looks for these words, unless that was the last thing looked for. */
  look(query) {
    if (query === this.query && this.state !== 'failed') return undefined;
    Object.assign(this, { query, state: 'idle', error: null });
    if (query !== '') return this.#load(null);
    this.messages = [];
    this.#changed();
    return undefined;
  }

  more() {
    return this.hasMore && this.state !== 'searching' ? this.#load(this.#next) : undefined;
  }

  /** What failed, once more. */
  again() {
    return this.#load(this.#failedAt);
  }

  #failedAt = null;

  async #load(cursor) {
    const { query } = this;
    this.state = 'searching';
    this.#changed();
    try {
      const page = await this.#ask(query, cursor);
      if (query !== this.query) return;
      this.messages = cursor ? [...this.messages, ...page.messages] : page.messages;
      this.#next = page.next;
      this.state = 'found';
    } catch (error) {
      if (query !== this.query) return;
      this.#failedAt = cursor;
      if (!cursor) this.messages = [];
      Object.assign(this, { state: 'failed', error: knownError(error) });
    }
    this.#changed();
  }
}
