import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deriveKey, newKey, parsePassword, ROUNDS } from '../../public/js/key.js';

test('a key is what any other PBKDF2 makes of the password’s normal form', async () => {
  // hashlib.pbkdf2_hmac('sha256', unicodedata.normalize('NFKC', password).encode(), bytes(range(16)), 600_000)
  const params = { salt: 'AAECAwQFBgcICQoLDA0ODw==', rounds: 600_000 };
  assert.equal(await deriveKey('\ufb01ne \uff30assword \xe9 你好', params), 'tSDdaeI3TfS1/T/bR0PgK64OxThYkIkNUcTA+itdcI8=');
  assert.equal(await deriveKey('fine Password e\u0301 你好', params), 'tSDdaeI3TfS1/T/bR0PgK64OxThYkIkNUcTA+itdcI8=');
});

test('a new key has a salt of its own and our rounds', async () => {
  const [one, other] = await Promise.all([newKey('correct horse'), newKey('correct horse')]);
  assert.equal(one.rounds, ROUNDS);
  assert.equal(atob(one.salt).length, 16);
  assert.equal(atob(one.key).length, 32);
  assert.notEqual(one.salt, other.salt);
  assert.notEqual(one.key, other.key);
  assert.equal(await deriveKey('correct horse', one), one.key);
});

test('a password has 8 to 1,024 characters, whatever they are', () => {
  assert.deepEqual(parsePassword(''), { ok: false, code: 'blank' });
  assert.deepEqual(parsePassword('1234567'), { ok: false, code: 'too_short', limit: 8 });
  assert.deepEqual(parsePassword('🍜🍜🍜🍜🍜🍜🍜'), { ok: false, code: 'too_short', limit: 8 });
  assert.deepEqual(parsePassword('        '), { ok: true, value: '        ' });
  assert.deepEqual(parsePassword('密'.repeat(1024)), { ok: true, value: '密'.repeat(1024) });
  assert.deepEqual(parsePassword('x'.repeat(1025)), { ok: false, code: 'too_long', limit: 1024 });
});
