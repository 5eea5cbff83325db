import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { REACTIONS } from '../../public/js/reactions.js';

test('MS12 the page offers the reactions that the room takes, in their order', () => {
  assert.deepEqual(REACTIONS, JSON.parse(readFileSync(new URL('../golden/reactions.json', import.meta.url), 'utf8')));
});
