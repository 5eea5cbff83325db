// Which messages somebody wants to be told of while they look elsewhere. It tells nobody and knows no page.

export const CHOICES = Object.freeze(['all', 'mentions', 'none']);
const UNCHOSEN = 'mentions';

/** Scripts that write without spaces between words: there a name may be followed by any letter. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const IN_WORD = /[\p{L}\p{M}\p{N}_]/u;

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
export function wantsNotice(choice, { author, text }, me) {
  if (author?.id === me.id || typeof text !== 'string') return false;
  return choice === 'all' || (choice === 'mentions' && mentions(text, me.name));
}

/** Whether `@name` stands in the text as a word, in any case and width. */
export function mentions(text, name) {
  const [said, sought] = [text, `@${name}`].map((one) => one.normalize('NFKC').toLowerCase());
  for (let at = said.indexOf(sought); at >= 0; at = said.indexOf(sought, at + 1)) {
    const before = lastOf(said.slice(Math.max(0, at - 2), at));
    const [after] = said.slice(at + sought.length, at + sought.length + 2);
    if (!continues(before, '') && !continues(after, sought)) return true;
  }
  return false;
}

function continues(letter, word) {
  if (letter === undefined || !IN_WORD.test(letter)) return false;
  return !UNSPACED.test(letter) && !UNSPACED.test(lastOf(word) ?? '');
}

function lastOf(text) {
  return [...text].at(-1);
}
