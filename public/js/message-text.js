// The rules for what people type, applied before it is sent, so that a mistake is
// told beside the field. The same rules as src/domain/text; tests/golden/text.json
// holds both to one table. Those of a message are here, with what all have in common;
// those of names and lines are in text.js, which fewer pages need at first.
//
// Each parse gives {ok: true, value} or {ok: false, code, limit?}, where value is
// the normal form and code is the one the API would answer.

/** Characters (code points after NFKC) that fit. */
export const LIMITS = Object.freeze({ name: 32, room: 64, description: 280, message: 4000 });

const MESSAGE_BYTES = 65_536;

export const BLANK_SYMBOLS = '\\u2800\\u{13441}\\u{13442}\\u{16FE4}\\u{1D159}';
const INVISIBLE = `\\p{White_Space}\\p{Cc}\\p{Default_Ignorable_Code_Point}${BLANK_SYMBOLS}`;

export const nothingVisible = new RegExp(`^[${INVISIBLE}]*$`, 'u');
const forbiddenInMessage =
  /(?![\n\t])\p{Cc}|[\u202A-\u202E\u2066-\u2069\p{Cs}\p{Noncharacter_Code_Point}]/u;

/** How many characters the limits count in this text. */
export function countCharacters(text) {
  let count = 0;
  for (const _ of text.normalize('NFKC')) count += 1;
  return count;
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

export function isLonger(text, bytes) {
  return text.length > bytes || new TextEncoder().encode(text).length > bytes;
}

export function within(value, limit) {
  return countCharacters(value) > limit ? refusal('too_long', limit) : accepted(value);
}

export function accepted(value) {
  return { ok: true, value };
}

export function refusal(code, limit) {
  return limit === undefined ? { ok: false, code } : { ok: false, code, limit };
}
