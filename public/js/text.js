// The rules for names and lines, as message-text.js has those for messages. The server
// checks again, and alone knows look-alikes of reserved names: that table is too large
// to send to everyone.

import { accepted, BLANK_SYMBOLS, isLonger, LIMITS, nothingVisible, refusal, within } from './message-text.js';

export { countCharacters, LIMITS, parseMessage } from './message-text.js';

const LINE_BYTES = 4096;

const FORBIDDEN_IN_LINE =
  `\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Co}\\p{Cs}\\p{Default_Ignorable_Code_Point}` +
  `\\p{Noncharacter_Code_Point}\\uFFFC\\uFFFD${BLANK_SYMBOLS}`;
const EMOJI = '(?![0-9#*])\\p{Emoji}';

const forbiddenInLine = new RegExp(`[${FORBIDDEN_IN_LINE}]`, 'u');
const joinersAndSelectors = /[\u200C\u200D]|\p{Variation_Selector}/gu;
const markTower = /[\p{Mn}\p{Me}]{5}/u;
const whiteSpace = /\p{White_Space}+/gu;
const whiteSpaceAtEnds = /^\p{White_Space}+|\p{White_Space}+$/gu;

// What holds an emoji together: U+FE0F after it or in a keycap, U+200D between two.
const emojiBinding = new RegExp(
  `(${EMOJI})\\uFE0F?(?:\\u200D(?=${EMOJI}))?|([0-9#*])\\uFE0F(?=\\u20E3)`,
  'gu',
);
const styledEmoji = new RegExp(`(${EMOJI})\\uFE0F`, 'gu');

const RESERVED = new Set([
  'admin', 'administrator', 'system', 'moderator', 'mod', 'owner',
  'hihi', 'hihichat', 'hihi chat', '管理员', '管理員', '系统', '客服',
]);
// As in `Ann · guest k3f9`. The dot itself is part of names: 约翰·史密斯.
const guestMark = /[·•‧∙⋅・◦●᛫⸱⸳ꞏ]\p{White_Space}*(?:guest|访客|訪客)/u;

/** A person's name. */
export function parseName(raw) {
  const name = parseLine(raw, LIMITS.name);
  if (name.ok && isReserved(name.value)) return refusal('reserved_name');
  return name;
}

/** A room's name. */
export function parseRoomName(raw) {
  return parseLine(raw, LIMITS.room);
}

/** What a room is about: one line, may be empty. */
export function parseDescription(raw) {
  const limit = LIMITS.description;
  if (isLonger(raw, LINE_BYTES)) return refusal('too_long', limit);
  const normal = raw.normalize('NFKC');
  if (nothingVisible.test(normal)) return accepted('');
  const text = singleSpaced(normal);
  if (forbiddenInLine.test(text.replace(joinersAndSelectors, '')) || markTower.test(text)) {
    return refusal('forbidden_characters');
  }
  return within(text, limit);
}

function parseLine(raw, limit) {
  if (isLonger(raw, LINE_BYTES)) return refusal('too_long', limit);
  const normal = withoutIdleStyles(raw).normalize('NFKC');
  if (nothingVisible.test(normal)) return refusal('blank');
  const text = normal.replace(whiteSpaceAtEnds, '');
  if (!isPlain(text) || text === '.' || text === '..') return refusal('forbidden_characters');
  return within(singleSpaced(text), limit);
}

// NFKC makes an ordinary letter of some emoji (ℹ becomes i). The request for an
// emoji form that followed it would stay behind, invisible.
function withoutIdleStyles(raw) {
  return raw.replace(styledEmoji, (pair, emoji) =>
    emoji.normalize('NFKC') === emoji ? pair : emoji,
  );
}

function isPlain(text) {
  return !forbiddenInLine.test(text.replace(emojiBinding, '$1$2')) && !markTower.test(text);
}

function isReserved(name) {
  const folded = name.toLowerCase();
  return RESERVED.has(folded) || guestMark.test(folded);
}

function singleSpaced(text) {
  return text.replace(whiteSpaceAtEnds, '').replace(whiteSpace, ' ');
}
