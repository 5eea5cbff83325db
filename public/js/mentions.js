// `@Name` in a text: where it stands, and whether it is I.

/** Scripts that write without spaces between words: there a name may touch any letter. */
const UNSPACED = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}';
const ENDS_UNSPACED = new RegExp(`[${UNSPACED}]$`, 'u');
/** A letter that goes on with the word before it. */
export const LETTER = `(?![${UNSPACED}])[\\p{L}\\p{M}\\p{N}_]`;
const SPECIAL = /[\\^$.*+?()[\]{}|/]/g;

/** Where these names stand in the text with an @ before them, as words and in any case: [{start, end, name}]. */
export function findMentions(text, names) {
  if (names.length === 0 || !/[@＠]/.test(text)) return [];
  // Of two names that begin alike the longer one is meant.
  const known = new Map(names.toSorted((a, b) => b.length - a.length).map((name) => [name.toLowerCase(), name]));
  const either = [...known.values()].map((name) => name.replace(SPECIAL, '\\$&') + (ENDS_UNSPACED.test(name) ? '' : `(?!${LETTER})`)).join('|');
  return [...text.matchAll(new RegExp(`(?<!${LETTER})[@＠](${either})`, 'giu'))].map((found) => (
    { start: found.index, end: found.index + found[0].length, name: known.get(found[1].toLowerCase()) ?? found[1] }));
}

/** Whether this message mentions this person. */
export function isMentioned({ mentions }, { id }) {
  return Boolean(mentions?.some?.((one) => one?.id === id));
}
