// Which messages somebody wants to be told of while they look elsewhere. It tells nobody and knows no page.

import { isMentioned } from './mentions.js';

export const CHOICES = Object.freeze(['all', 'mentions', 'none']);
const UNCHOSEN = 'mentions';

/** What one person chose for one room. */
export class NoticeChoice {
  #store;
  #key;

  constructor(store, room) {
    this.#store = store;
    this.#key = `notices/${encodeURIComponent(room)}`;
  }

  get() {
    const kept = this.#store.get(this.#key);
    return CHOICES.includes(kept) ? kept : UNCHOSEN;
  }

  set(choice) {
    this.#store.set(this.#key, choice);
  }
}

/** Whether this choice wants to be told of a message, which isn't one's own. */
export function wantsNotice(choice, message, me) {
  if (message.author?.id === me.id || typeof message.text !== 'string') return false;
  return choice === 'all' || (choice === 'mentions' && isMentioned(message, me));
}

const COMINGS = 'comings';

/** Whether this person wants to be shown who joins and leaves, in whatever room. */
export function showsComings(store) {
  return store.get(COMINGS) !== 'off';
}

export function showComings(store, show) {
  if (show) store.remove(COMINGS);
  else store.set(COMINGS, 'off');
}
