// What a message is made of: words, names, addresses, code. It cuts plain text and renders nothing; whatever
// it can't make sense of stays words.

import { splitLinks } from './links.js';
import { findMentions } from './mentions.js';

const RUNS = /`+|\n/g;
const OPENING = /^```[\w+#.-]*\s*$/;
const CLOSING = /^```\s*$/;
/** So many pictures at most are drawn large: more of them are a picture in themselves. */
const LARGE_EMOJI = /^\s*(?:\p{RGI_Emoji}\s*){1,8}$/v;

/** Whether the text is a few emoji and nothing else. A family, a flag or a tone of skin is part of one. */
export function isEmojiOnly(text) {
  return LARGE_EMOJI.test(text);
}

/**
 * The text in spans, each {kind: 'words' | 'mention' | 'link' | 'code' | 'block', text}, joined the text again.
 * A link also has `href`; code and a block have `code`, what stands between their marks; a mention has
 * `name`, one of these `names`. Takes time in proportion to the text, whatever the text is.
 */
export function spansOf(text, names = []) {
  return cut(text).flatMap((span) => (span.kind === 'words' ? withMentions(span, names) : span));
}

function cut(text) {
  const spans = [];
  let start = 0;
  for (const block of blocksOf(text)) {
    spans.push(...spansOfLines(text.slice(start, block.start)), block.span);
    start = block.end;
  }
  return [...spans, ...spansOfLines(text.slice(start))];
}

/** A block begins with a line of three backticks, maybe a language behind them, and ends with the next such line. */
function blocksOf(text) {
  const blocks = [];
  let open = null;
  let start = 0;
  for (const line of text.split('\n')) {
    const end = Math.min(start + line.length + 1, text.length);
    if (open && CLOSING.test(line)) {
      const code = text.slice(open.inside, Math.max(open.inside, start - 1));
      if (code.trim() !== '') blocks.push({ start: open.start, end, span: { kind: 'block', text: text.slice(open.start, end), code } });
      open = null;
    } else if (!open && OPENING.test(line)) open = { start, inside: end };
    start = end;
  }
  return blocks;
}

function spansOfLines(text) {
  const spans = [];
  let start = 0;
  for (const { from, to, ticks } of codesOf(text)) {
    const inside = text.slice(from + ticks, to - ticks);
    if (inside.trim() === '') continue;
    spans.push(...spansOfWords(text.slice(start, from)), { kind: 'code', text: text.slice(from, to), code: unpadded(inside) });
    start = to;
  }
  return [...spans, ...spansOfWords(text.slice(start))];
}

/** Each run of backticks with the next run of the same length in its line. */
function codesOf(text) {
  const runs = [...text.matchAll(RUNS)];
  const closings = new Array(runs.length);
  // From the back, so that no run has to look for its partner: that is what takes quadratic time.
  let next = new Map();
  for (let place = runs.length - 1; place >= 0; place -= 1) {
    const [run] = runs[place];
    if (run === '\n') next = new Map();
    else {
      closings[place] = next.get(run.length);
      next.set(run.length, place);
    }
  }
  const codes = [];
  for (let place = 0; place < runs.length; place += 1) {
    const closing = closings[place];
    if (closing === undefined) continue;
    const ticks = runs[place][0].length;
    codes.push({ from: runs[place].index, to: runs[closing].index + ticks, ticks });
    place = closing;
  }
  return codes;
}

/** One space at each end is there to part backticks from the marks. */
function unpadded(code) {
  return /^ .* $/.test(code) ? code.slice(1, -1) : code;
}

function spansOfWords(text) {
  return splitLinks(text).map((part) => ({ kind: part.href ? 'link' : 'words', ...part }));
}

function withMentions(words, names) {
  const spans = [];
  let done = 0;
  const wordsTo = (end) => end > done && spans.push({ kind: 'words', text: words.text.slice(done, end) });
  for (const { start, end, name } of findMentions(words.text, names)) {
    wordsTo(start);
    spans.push({ kind: 'mention', text: words.text.slice(start, end), name });
    done = end;
  }
  wordsTo(words.text.length);
  return spans;
}
