import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Announcements } from '../../public/js/announcements.js';
import { Clock } from './support/clock.mjs';

function setUp() {
  const clock = new Clock();
  const spoken = [];
  const announcements = new Announcements({ say: (text) => spoken.push(text), sum: (n) => spoken.push(n), clock });
  return { clock, spoken, announcements };
}

test('A3 a few messages are spoken one by one, in order', async () => {
  const { clock, spoken, announcements } = setUp();
  for (const text of ['a', 'b', 'c']) announcements.hear(text);
  await clock.pass(1_000);
  assert.deepEqual(spoken, ['a', 'b', 'c']);
});

test('A4 a burst is one number', async () => {
  const { clock, spoken, announcements } = setUp();
  for (let n = 0; n < 12; n += 1) announcements.hear(n);
  await clock.pass(1_000);
  assert.deepEqual(spoken, [12]);
});

test('A4 talk that never pauses is still spoken every two seconds', async () => {
  const { clock, spoken, announcements } = setUp();
  for (let n = 0; n < 20; n += 1) {
    announcements.hear(n);
    await clock.pass(400);
  }
  assert.deepEqual(spoken.slice(0, 3), [5, 5, 5]);
});
