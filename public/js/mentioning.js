// Naming people while one writes: which are meant by what stands before the caret, and by the text that is sent.

import { findMentions, LETTER } from './mentions.js';

/** As many as fit in a list one takes in at a glance. */
export const ENOUGH = 8;
const LONGEST = 40;
const ASKING = new RegExp(`(?<!${LETTER})[@＠]([^@＠\\n]{0,${LONGEST}})$`, 'u');

/** What is asked for at the end of this text, {start, query} from its @ on, or null. */
export function askedFor(text) {
  const asked = ASKING.exec(text);
  return asked && !/^\s/.test(asked[1]) ? { start: asked.index, query: asked[1] } : null;
}

/** Those of `people` whose name begins with the query, then those with a word that does, then those that have it in it. */
export function matching(people, query) {
  const sought = fold(query);
  const rank = ({ name }) => {
    const folded = fold(name);
    if (folded.startsWith(sought)) return 0;
    return folded.includes(` ${sought}`) ? 1 : 2;
  };
  return people
    .filter(({ name }) => fold(name).includes(sought))
    .toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))
    .slice(0, ENOUGH);
}

/**
 * Those of `people`, as {id, name}, whose @name stands in the text. Of several with one name those that were
 * `chosen` from a list are meant, or else all of them.
 */
export function mentionedIn(text, people, chosen = []) {
  const found = new Set(findMentions(text, [...people, ...chosen].map(({ name }) => name)).map(({ name }) => fold(name)));
  const settled = new Set(chosen.map(({ name }) => fold(name)));
  const meant = [...chosen, ...people.filter(({ name }) => !settled.has(fold(name)))].filter(({ name }) => found.has(fold(name)));
  return [...new Map(meant.map(({ id, name }) => [id, { id, name }])).values()];
}

function fold(text) {
  return text.normalize('NFKC').toLowerCase();
}
