import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Accounts } from '../../public/js/accounts.js';
import { deriveKey, ROUNDS } from '../../public/js/key.js';

const salt = 'AAECAwQFBgcICQoLDA0ODw==';

/** A server that knows one account by its params, and notes what it is asked. */
function setUp({ rounds = ROUNDS, answers = {} } = {}) {
  const asked = [];
  const answer = (what) => async (...given) => {
    asked.push([what, ...given]);
    if (answers[what] instanceof Error) throw answers[what];
    return answers[what] ?? null;
  };
  const api = { params: async () => ({ salt, rounds }) };
  for (const what of ['register', 'logIn', 'changePassword', 'recover', 'reset', 'deleteAccount']) api[what] = answer(what);
  return { accounts: new Accounts(api), asked };
}

test('no password is ever sent', async () => {
  const { accounts, asked } = setUp();
  await accounts.register({ username: 'Ann', password: 'correct horse' });
  await accounts.logIn({ username: 'Ann', password: 'correct horse' });
  await accounts.changePassword({ username: 'Ann', password: 'correct horse', new_password: 'correct battery' });
  await accounts.recover({ username: 'Ann', code: 'c0de', new_password: 'correct staple' });
  await accounts.reset({ token: 't0ken', new_password: 'correct staple' });
  await accounts.remove({ username: 'Ann', password: 'correct horse', messages: 'keep' });
  assert.equal(asked.length, 7);
  assert.doesNotMatch(JSON.stringify(asked), /correct/);
});

test('logging in proves the password with the account’s own salt and rounds', async () => {
  const { accounts, asked } = setUp({ answers: { logIn: { name: 'Ann' } } });
  assert.deepEqual(await accounts.logIn({ username: 'Ann', password: 'correct horse' }), { name: 'Ann' });
  assert.deepEqual(asked, [['logIn', 'Ann', await deriveKey('correct horse', { salt, rounds: ROUNDS })]]);
});

test('an account with fewer rounds than ours gets ours at log-in, and nobody hears if that fails', async () => {
  for (const answers of [{}, { changePassword: new Error('busy') }]) {
    const { accounts, asked } = setUp({ rounds: 1_000, answers: { ...answers, logIn: { name: 'Ann' } } });
    assert.deepEqual(await accounts.logIn({ username: 'Ann', password: 'correct horse' }), { name: 'Ann' });
    const [, [what, change]] = asked;
    assert.equal(what, 'changePassword');
    assert.equal(change.rounds, ROUNDS);
    assert.equal(change.key, await deriveKey('correct horse', { salt, rounds: 1_000 }));
    assert.equal(change.new_key, await deriveKey('correct horse', change));
  }
});

test('who deletes an account proves the password and says what becomes of the messages', async () => {
  const { accounts, asked } = setUp();
  await accounts.remove({ username: 'Ann', password: 'correct horse', messages: 'delete' });
  const key = await deriveKey('correct horse', { salt, rounds: ROUNDS });
  assert.deepEqual(asked, [['deleteAccount', { key, messages: 'delete' }]]);
});

test('who has recovered an account is logged in with the new key', async () => {
  const { accounts, asked } = setUp();
  await accounts.recover({ username: 'Ann', code: 'c0de', new_password: 'correct staple' });
  const [[, recovery], [what, username, key]] = asked;
  assert.deepEqual([recovery.code, what, username, key], ['c0de', 'logIn', 'Ann', recovery.key]);
});
