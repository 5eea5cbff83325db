import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FORGET_AFTER_MS, TypingPeople, TypingSignal } from '../../public/js/typing.js';
import { Clock } from './support/clock.mjs';
import { ann, bo } from './support/world.mjs';

test('TP1 the room hears of my writing at most once in three seconds, and of nothing when it is empty', async () => {
  const clock = new Clock();
  let told = 0;
  const signal = new TypingSignal(() => (told += 1), clock.now);
  signal.written('  ');
  assert.equal(told, 0);
  for (let key = 0; key < 70; key += 1) {
    signal.written('hello');
    await clock.pass(100);
  }
  assert.equal(told, 3);
});

test('TP1 the next message is a new beginning', () => {
  const clock = new Clock();
  let told = 0;
  const signal = new TypingSignal(() => (told += 1), clock.now);
  signal.written('a');
  signal.sent();
  signal.written('b');
  assert.equal(told, 2);
});

test('TP2 who writes is forgotten after six seconds of silence, or when the message came', async () => {
  const clock = new Clock();
  let changes = 0;
  const people = new TypingPeople(() => (changes += 1), clock);
  people.heard(ann);
  people.heard(bo);
  assert.deepEqual(people.names, ['Ann', 'Bo']);
  people.stopped(bo.id);
  await clock.pass(FORGET_AFTER_MS - 1);
  people.heard(ann);
  await clock.pass(FORGET_AFTER_MS - 1);
  assert.deepEqual(people.names, ['Ann']);
  await clock.pass(1);
  assert.deepEqual(people.names, []);
  assert.equal(changes, 4);
});
