// A room by requests alone, for a network that lets no socket live: asks for what is new every ten seconds while
// somebody looks, and hands over one Entry at a time, which is what keeps them in order.

import { SLOW_DOWN } from './api.js';

export const ASK_EVERY_MS = 10_000;

/** Frames that are Entries; nothing else is worth a request. */
const ENTRIES = ['send', 'edit', 'delete', 'react'];

export class SlowLine {
  /** Whether the last question was answered. */
  works = false;

  #load;
  #post;
  #hear;
  #changed;
  #isSeen;
  #clock;
  #timer = null;
  #asking = false;
  #posting = false;
  #ended = false;

  /**
   * `load()` asks for what came after all that is known and `post(frame)` hands a frame over; both fail with an ApiError.
   * `hear(frame)` takes what the room says, `changed()` is told when an answer came or didn't and when the line is free.
   */
  constructor({ load, post, hear, changed, isSeen, clock }) {
    this.#load = load;
    this.#post = post;
    this.#hear = hear;
    this.#changed = changed;
    this.#isSeen = isSeen;
    this.#clock = clock;
  }

  start() {
    this.#timer = this.#clock.setTimeout(() => this.start(), ASK_EVERY_MS);
    this.ask();
  }

  /** A socket is back. What was handed over is still answered; what was asked for comes by the socket. */
  stop() {
    this.#ended = true;
    this.#clock.clearTimeout(this.#timer);
  }

  /** Whether the frame was handed over. */
  send(frame) {
    if (this.#posting || this.#ended || !ENTRIES.includes(frame.type)) return false;
    this.#handOver(frame);
    return true;
  }

  /** Asks now, unless nobody looks. */
  async ask() {
    if (this.#asking || this.#ended || !this.#isSeen()) return;
    this.#asking = true;
    try {
      let page;
      do {
        page = await this.#load();
        if (this.#ended) return;
        if (page.gap) this.#hear({ ...page.gap, type: 'gap' });
        for (const frame of page.messages) this.#hear(frame);
      } while (page.more && !page.gap && page.messages.length > 0);
      this.works = true;
    } catch ({ code }) {
      // A server that asks for patience is there.
      this.works = code === SLOW_DOWN;
    } finally {
      this.#asking = false;
    }
    if (!this.#ended) this.#changed();
  }

  async #handOver(frame) {
    this.#posting = true;
    try {
      this.#hear(await this.#post(frame));
    } catch ({ passing, code, field, limit, retryAfter }) {
      // What may not have arrived is handed over again, under the same id, with the next answer.
      if (!passing || code === SLOW_DOWN) this.#hear({ type: 'error', id: frame.id, code, field, limit, retry_after: retryAfter });
      else this.works = false;
    }
    this.#posting = false;
    if (!this.#ended) this.#changed();
  }
}
