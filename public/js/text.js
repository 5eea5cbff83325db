// The rules for what people type, applied before it is sent, so that a mistake is
// told beside the field. The same rules as src/domain/text; tests/golden/text.json
// holds both to one table. The server checks again, and alone knows look-alikes
// of reserved names: that table is too large to send to everyone.
//
// Each parse gives {ok: true, value} or {ok: false, code, limit?}, where value is
// the normal form and code is the one the API would answer.

/** Characters (code points after NFKC) that fit. */
export const LIMITS = Object.freeze({ name: 32, room: 64, description: 280, message: 4000 });

const LINE_BYTES = 4096;
const MESSAGE_BYTES = 65_536;

const BLANK_SYMBOLS = '\\u2800\\u{13441}\\u{13442}\\u{16FE4}\\u{1D159}';
const INVISIBLE = `\\p{White_Space}\\p{Cc}\\p{Default_Ignorable_Code_Point}${BLANK_SYMBOLS}`;
const FORBIDDEN_IN_LINE =
  `\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Co}\\p{Cs}\\p{Default_Ignorable_Code_Point}` +
  `\\p{Noncharacter_Code_Point}\\uFFFC\\uFFFD${BLANK_SYMBOLS}`;
const EMOJI = '(?![0-9#*])\\p{Emoji}';

const nothingVisible = new RegExp(`^[${INVISIBLE}]*$`, 'u');
const forbiddenInLine = new RegExp(`[${FORBIDDEN_IN_LINE}]`, 'u');
const forbiddenInMessage =
  /(?![\n\t])\p{Cc}|[\u202A-\u202E\u2066-\u2069\p{Cs}\p{Noncharacter_Code_Point}]/u;
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

/** How many characters the limits count in this text. */
export function countCharacters(text) {
  let count = 0;
  for (const _ of text.normalize('NFKC')) count += 1;
  return count;
}

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

/** A message: kept as typed, but with one kind of line break. */
export function parseMessage(raw) {
  const limit = LIMITS.message;
  if (isLonger(raw, MESSAGE_BYTES)) return refusal('too_long', limit);
  if (nothingVisible.test(raw)) return refusal('blank');
  const text = raw.replace(/\r\n?/g, '\n');
  if (forbiddenInMessage.test(text)) return refusal('forbidden_characters');
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

function isLonger(text, bytes) {
  return text.length > bytes || new TextEncoder().encode(text).length > bytes;
}

function within(value, limit) {
  return countCharacters(value) > limit ? refusal('too_long', limit) : accepted(value);
}

function accepted(value) {
  return { ok: true, value };
}

function refusal(code, limit) {
  return limit === undefined ? { ok: false, code } : { ok: false, code, limit };
}
