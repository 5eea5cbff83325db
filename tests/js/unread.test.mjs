import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCount } from '../../public/js/format.js';
import { PersonStore } from '../../public/js/store.js';
import { isOfReading, ReadStore, sumOf } from '../../public/js/unread.js';
import { ann, bo, Storage } from './support/world.mjs';

const row = (rest = {}) => ({ name: 'a/b', created: 7, messages: 30, read: 20, mentions: [18, 25, 30], ...rest });

function counts(kept, rest) {
  const store = new ReadStore(new PersonStore(new Storage(), ann.id));
  if (kept) store.set(row(rest), kept);
  const { unread, mentioned } = store.counted(row(rest));
  return [unread, mentioned];
}

test('UN4 unread is what the room has had without what I have read, here or elsewhere', () => {
  assert.deepEqual(counts(null), [10, 2]);
  assert.deepEqual(counts({ epoch: 'e1', seq: 40, messages: 28 }), [2, 1]);
  assert.deepEqual(counts({ epoch: 'e1', seq: 4, messages: 3 }), [10, 2]);
});

test('UN4 the list may know of fewer messages than I have read', () => {
  assert.deepEqual(counts({ epoch: 'e1', seq: 60, messages: 45 }), [0, 0]);
});

test('UN5 what was marked as unread counts although the server knows it as read', () => {
  assert.deepEqual(counts({ epoch: 'e1', seq: 4, messages: 17, marked: true }), [13, 3]);
});

test('UN4 a room that was made anew under the same name was read by nobody', () => {
  const store = new ReadStore(new PersonStore(new Storage(), ann.id));
  store.set(row(), { epoch: 'e1', seq: 40, messages: 30 });
  assert.equal(store.counted(row({ created: 8, read: 0 })).unread, 30);
});

test('UN4 rooms that nobody counts for are no news', () => {
  assert.deepEqual(counts(null, { messages: undefined, read: undefined, mentions: undefined }), [0, 0]);
  assert.deepEqual(counts(null, { read: undefined, mentions: undefined }), [0, 0]);
  assert.equal(sumOf([{ unread: 2 }, {}, { unread: 3 }], 'unread'), 5);
});

test('UN4 a badge counts to 99', () => {
  assert.deepEqual([1, 99, 100, 4_000].map(formatCount), ['1', '99', '99+', '99+']);
});

test('UN4 a storage event is told by its key, and by none when all is gone', () => {
  const storage = new Storage();
  new ReadStore(new PersonStore(storage, bo.id)).set(row(), { messages: 1 });
  assert.equal(isOfReading(storage.key(0)), true);
  assert.equal(isOfReading(null), true);
  assert.equal(isOfReading('hihi/person/x/draft/a'), false);
});
