import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Rooms } from '../../public/js/rooms.js';

const row = (name, activity, description = '') => ({ name, description, activity });

function setUp(pages) {
  const asked = [];
  const rooms = new Rooms({
    async rooms(cursor) {
      asked.push(cursor);
      const page = pages.shift();
      if (page instanceof Error) throw page;
      return page;
    },
  });
  return { rooms, asked, names: () => rooms.rooms.map(({ name }) => name) };
}

test('further pages are asked for by the cursor of the last one', async () => {
  const { rooms, asked, names } = setUp([
    { rooms: [row('a', 9)], next: 'c1' },
    { rooms: [row('a', 9), row('b', 8)], next: null },
  ]);
  await rooms.refresh();
  await rooms.more();
  assert.deepEqual(asked, [null, 'c1']);
  assert.deepEqual(names(), ['a', 'b']);
  assert.equal(rooms.hasMore, false);
});

test('a refresh brings the first page up to date and keeps the others', async () => {
  const { rooms, names } = setUp([
    { rooms: [row('a', 9), row('b', 8)], next: 'c1' },
    { rooms: [row('c', 7), row('d', 6)], next: 'c2' },
    { rooms: [row('d', 10), row('a', 9)], next: 'c3' },
  ]);
  await rooms.refresh();
  await rooms.more();
  await rooms.refresh();
  assert.deepEqual(names(), ['d', 'a', 'b', 'c']);
  assert.equal(rooms.hasMore, true);
});

test('a refresh of a single page forgets rooms that are gone', async () => {
  const { rooms, names } = setUp([{ rooms: [row('a', 9), row('b', 8)], next: null }, { rooms: [row('b', 8)], next: null }]);
  await rooms.refresh();
  await rooms.refresh();
  assert.deepEqual(names(), ['b']);
});

test('a failed refresh leaves the rooms as they were, and says so', async () => {
  const { rooms, names } = setUp([{ rooms: [row('a', 9)], next: null }, Object.assign(new Error(), { code: 'busy' })]);
  await rooms.refresh();
  await rooms.refresh();
  assert.deepEqual(names(), ['a']);
  assert.equal(rooms.state, 'failed');
});

test('LG7 search folds width and case, and reads the description too', async () => {
  const { rooms } = setUp([{ rooms: [row('ＡＢＣ', 3), row('b', 2, 'Straße'), row('中文', 1)], next: null }]);
  await rooms.refresh();
  const found = (query) => rooms.matching(query).map(({ name }) => name);
  assert.deepEqual(found('abc'), ['ＡＢＣ']);
  assert.deepEqual(found(' STRASSE '), []);
  assert.deepEqual(found('straße'), ['b']);
  assert.deepEqual(found('中'), ['中文']);
});
