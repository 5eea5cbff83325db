// What was typed into a room and not sent: one draft a room, kept for one person.

import { DRAFTS } from './store.js';

export class Draft {
  #store;
  #key;
  #now;
  #known;

  constructor({ store, room, now }) {
    this.#store = store;
    this.#key = DRAFTS + encodeURIComponent(room);
    this.#now = now;
  }

  read() {
    this.#known = this.#store.get(this.#key)?.text ?? '';
    return this.#known;
  }

  /** Says nothing when nothing was typed here since: another tab may have written on meanwhile. */
  write(text) {
    if (text === this.#known) return;
    this.#known = text;
    if (text === '') this.#store.remove(this.#key);
    else this.#store.set(this.#key, { text, at: this.#now() });
  }
}
