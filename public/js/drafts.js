// What was typed into a room and not sent: one draft a room and one for each edit, kept for one person.

import { DRAFTS } from './store.js';

export class Draft {
  #store;
  #key;
  #now;
  #known;
  /** The quote of what it answers, if it answers anything. */
  reply;

  /** `edit` is the id of the message that is edited, if it isn't a new one. */
  constructor({ store, room, edit, now }) {
    this.#store = store;
    this.#key = DRAFTS + [room, edit].filter(Boolean).map(encodeURIComponent).join('/');
    this.#now = now;
  }

  read() {
    const { text = '', reply } = this.#store.get(this.#key) ?? {};
    this.#known = text;
    this.reply = reply ?? null;
    return this.#known;
  }

  /** Says nothing when nothing was typed here since: another tab may have written on meanwhile. */
  write(text, reply = null) {
    if (text === this.#known && reply?.seq === this.reply?.seq) return;
    this.#known = text;
    this.reply = reply;
    if (text === '' && !reply) this.#store.remove(this.#key);
    else this.#store.set(this.#key, { text, reply: reply ?? undefined, at: this.#now() });
  }
}
