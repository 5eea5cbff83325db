import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Comings, SHOWN_MS } from '../../public/js/comings.js';
import { Clock } from './support/clock.mjs';
import { ann, bo, person } from './support/world.mjs';

const names = (list) => list.map(({ name }) => name);

test('TP5 who joins and leaves within ten seconds stands in one line, and then in none', async () => {
  const clock = new Clock();
  const comings = new Comings(() => {}, clock);
  comings.heard({ joined: [ann], left: [] });
  await clock.pass(SHOWN_MS - 1);
  comings.heard({ joined: [bo], left: [person('Cy')] });
  await clock.pass(SHOWN_MS - 1);
  assert.deepEqual([names(comings.joined), names(comings.left)], [['Ann', 'Bo'], ['Cy']]);
  await clock.pass(1);
  assert.deepEqual([comings.joined, comings.left], [[], []]);
});

test('TP5 who comes and goes again is no news', () => {
  const comings = new Comings(() => {}, new Clock());
  comings.heard({ joined: [ann, bo], left: [] });
  comings.heard({ joined: [], left: [ann] });
  assert.deepEqual([names(comings.joined), names(comings.left)], [['Bo'], []]);
  comings.heard({ joined: [], left: [person('Cy')] });
  comings.heard({ joined: [person('Cy')], left: [] });
  assert.deepEqual([names(comings.joined), names(comings.left)], [['Bo'], []]);
});
