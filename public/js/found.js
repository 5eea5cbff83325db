// Which parts of a text were searched for, compared as the server compares them: any width, any case, and nothing that
// can't be seen (src/domain/text/search.rs).

/** Characters before the first find that are still shown, and of the whole piece. */
const BEFORE = 40;
const MOST = 240;

const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;
const letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The piece of `text` around the first find: [{text, found}], with an ellipsis where something is left out. */
export function findIn(text, query) {
  const { folded, graphemes, owners } = takeApart(text);
  const marks = new Set();
  for (const word of query.split(/\s+/).map((one) => takeApart(one).folded).filter(Boolean)) {
    for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + word.length)) {
      for (let index = owners[at]; index <= owners[at + word.length - 1]; index += 1) marks.add(index);
    }
  }
  const first = Math.min(...marks, graphemes.length);
  const start = graphemes.length > MOST && first < graphemes.length ? Math.max(0, first - BEFORE) : 0;
  const end = Math.min(graphemes.length, start + MOST);
  const parts = start > 0 ? [{ text: '…', found: false }] : [];
  for (let index = start; index < end; index += 1) {
    const found = marks.has(index);
    if (parts.at(-1)?.found === found) parts.at(-1).text += graphemes[index];
    else parts.push({ text: graphemes[index], found });
  }
  if (end < graphemes.length) parts.push({ text: '…', found: false });
  return parts;
}

/** `owners` says for each place in `folded` which grapheme it came from. */
function takeApart(text) {
  const graphemes = Array.from(letters.segment(text), ({ segment }) => segment);
  const owners = [];
  const folded = graphemes.map((grapheme, index) => {
    // Capitals first: ß is found by SS, and every sigma by every other.
    const same = grapheme.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC').replace(INVISIBLE, '');
    for (let place = 0; place < same.length; place += 1) owners.push(index);
    return same;
  }).join('');
  return { folded, graphemes, owners };
}
