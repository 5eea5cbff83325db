// A password never leaves the browser: what does is a key derived from it, slowly and with a salt
// of its own, so that whoever reads the server's store has to pay for each guess. The rounds are
// OWASP's figure; docs/protocol.md gives the same derivation for programs.

import { ApiError } from './api.js';

export const ROUNDS = 600_000;
export const PASSWORD = Object.freeze({ least: 8, most: 1024 });
const SALT_BYTES = 16;
const KEY_BITS = 256;

/** Browsers keep these functions from pages on plain http, except on the machine itself. */
export function canDerive() {
  return globalThis.crypto?.subtle !== undefined;
}

/** {ok: true, value} or {ok: false, code, limit?}, as the rules in text.js answer. */
export function parsePassword(raw) {
  const length = [...raw.normalize('NFKC')].length;
  if (length === 0) return { ok: false, code: 'blank' };
  if (length < PASSWORD.least) return { ok: false, code: 'too_short', limit: PASSWORD.least };
  if (length > PASSWORD.most) return { ok: false, code: 'too_long', limit: PASSWORD.most };
  return { ok: true, value: raw };
}

/** The key of a password, in base64. */
export async function deriveKey(password, { salt, rounds }) {
  if (!canDerive()) throw new ApiError({ code: 'no_crypto' });
  const { subtle } = crypto;
  const secret = new TextEncoder().encode(password.normalize('NFKC'));
  const base = await subtle.importKey('raw', secret, 'PBKDF2', false, ['deriveBits']);
  const bits = await subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt: fromBase64(salt), iterations: rounds }, base, KEY_BITS);
  return toBase64(new Uint8Array(bits));
}

/** A key for a password that is to be set: {salt, rounds, key}. */
export async function newKey(password) {
  const params = { salt: toBase64(crypto.getRandomValues(new Uint8Array(SALT_BYTES))), rounds: ROUNDS };
  return { ...params, key: await deriveKey(password, params) };
}

function toBase64(bytes) {
  return btoa(String.fromCharCode(...bytes));
}

function fromBase64(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
