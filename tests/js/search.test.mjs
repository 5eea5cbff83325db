import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../../public/js/api.js';
import { Search } from '../../public/js/search.js';
import { message } from './support/world.mjs';

/** Answers wait until the test gives them. */
function setUp() {
  const asked = [];
  const search = new Search({ ask: (query, cursor) => new Promise((done, failed) => asked.push({ query, cursor, done, failed })), changed: () => {} });
  return { search, asked };
}

const found = ({ messages }) => messages.map(({ seq }) => seq);

test('pages come after one another, and the last one says so', async () => {
  const { search, asked } = setUp();
  const first = search.look('tea');
  assert.equal(search.state, 'searching');
  asked[0].done({ messages: [message(9), message(7)], next: 'older' });
  await first;
  assert.equal(search.hasMore, true);
  const second = search.more();
  assert.equal(search.more(), undefined, 'one at a time');
  asked[1].done({ messages: [message(3)], next: null });
  await second;
  assert.deepEqual(asked.map(({ query, cursor }) => [query, cursor]), [['tea', null], ['tea', 'older']]);
  assert.deepEqual(found(search), [9, 7, 3]);
  assert.equal(search.hasMore, false);
});

test('the answer to what was asked before is not the answer to what is asked now', async () => {
  const { search, asked } = setUp();
  const first = search.look('t');
  const second = search.look('tea');
  asked[1].done({ messages: [message(9)], next: null });
  await second;
  asked[0].done({ messages: [message(1)], next: 'x' });
  await first;
  assert.deepEqual(found(search), [9]);
  assert.equal(search.hasMore, false);
});

test('the same words are not asked for twice, and no words for none', async () => {
  const { search, asked } = setUp();
  const first = search.look('tea');
  assert.equal(search.look('tea'), undefined);
  asked[0].done({ messages: [message(9)], next: null });
  await first;
  search.look('');
  assert.equal(search.state, 'idle');
  assert.deepEqual(found(search), []);
  assert.equal(asked.length, 1);
});

test('ST7 what failed says why, keeps what was found, and can be asked for again', async () => {
  const { search, asked } = setUp();
  const first = search.look('tea');
  asked[0].done({ messages: [message(9)], next: 'older' });
  await first;
  const second = search.more();
  asked[1].failed(new ApiError({ code: 'busy', status: 503 }));
  await second;
  assert.equal(search.state, 'failed');
  assert.equal(search.error.code, 'busy');
  assert.deepEqual(found(search), [9]);
  const again = search.again();
  asked[2].done({ messages: [message(3)], next: null });
  await again;
  assert.equal(asked[2].cursor, 'older');
  assert.deepEqual(found(search), [9, 3]);
});
