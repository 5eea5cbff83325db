// Emoji by name: what there is, in the reader's language, and what of it somebody means by a few letters.

const lists = {};

/** The groups of emoji, each a list of {emoji, name, words, codes}. Rejects when they can't be fetched. */
export async function emojiIn(language) {
  lists[language] ??= fetch(`/js/vendor/emojibase/${language}.json`).then(async (answer) => {
    if (!answer.ok) throw new Error(`emoji: ${answer.status}`);
    return (await answer.json()).map((group) => group.map(([emoji, name, words, codes]) => ({ emoji, name, words, codes })));
  });
  try {
    return await lists[language];
  } catch (error) {
    delete lists[language];
    throw error;
  }
}

/** The emoji of `groups` that `query` fits, best first: its code, the beginning of a code, of its name, of any word for it. */
export function findEmoji(groups, query, most = Infinity) {
  const wanted = fold(query).replaceAll('_', ' ');
  if (wanted === '') return [];
  const found = [];
  for (const one of groups.flat()) {
    const rank = rankOf(one, wanted);
    if (rank < Infinity) found.push({ one, rank });
  }
  return found.sort((a, b) => a.rank - b.rank).slice(0, most).map(({ one }) => one);
}

function rankOf({ emoji, name, words, codes }, wanted) {
  if (emoji === wanted) return 0;
  const readable = codes.split(' ').map((code) => code.replaceAll('_', ' '));
  if (readable.includes(wanted) || fold(name) === wanted) return 0;
  if (readable.some((code) => code.startsWith(wanted))) return 1;
  const said = [fold(name), ...readable];
  if (said.some((one) => begins(one, wanted))) return 2;
  if (begins(fold(words), wanted)) return 3;
  // Chinese puts no space between words.
  return said.some((one) => one.includes(wanted)) ? 4 : Infinity;
}

function begins(text, wanted) {
  return ` ${text}`.includes(` ${wanted}`);
}

function fold(text) {
  return text.normalize('NFKC').toLowerCase().trim();
}

/** The unfinished `:code` right before the caret, at least two letters, as {start, query}; else null. */
export function codeBefore(text) {
  const match = /(?:^|[^\p{L}\p{N}:])(:([\p{L}\p{N}_+-]{2,32}))$/u.exec(text);
  return match && { start: match.index + match[0].length - match[1].length, query: match[2] };
}
