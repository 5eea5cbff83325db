import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PersonStore } from '../../public/js/store.js';
import { Storage } from './support/world.mjs';

test('NT8 clearing takes everything of this person and nothing else', () => {
  const storage = new Storage();
  storage.setItem('hihi/theme', 'dark');
  const [ann, bo] = [new PersonStore(storage, 'a'), new PersonStore(storage, 'ab')];
  ann.set('draft/x', 'mine');
  ann.set('outbox/x/1', { id: '1' });
  bo.set('draft/x', 'theirs');
  ann.clear();
  assert.deepEqual(ann.keys(), []);
  assert.equal(bo.get('draft/x'), 'theirs');
  assert.equal(storage.getItem('hihi/theme'), 'dark');
});

test('what is not there or broken is nothing', () => {
  const storage = new Storage();
  const store = new PersonStore(storage, 'a');
  assert.equal(store.get('x'), null);
  storage.setItem('hihi/person/a/x', '{');
  assert.equal(store.get('x'), null);
});
