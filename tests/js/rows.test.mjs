// In a zone far from the server's, so that a day of the server is no day of the reader.
process.env.TZ = 'Asia/Shanghai';

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GROUPED_MS, layOut } from '../../public/js/rows.js';
import { ann, bo } from './support/world.mjs';

let seq = 0;
const item = (at, author = ann, rest = {}) => ({ key: `k${(seq += 1)}`, seq, at: Date.parse(at), author, ...rest });
const shape = (items, gaps) => layOut(items, gaps).map((row) => (row.kind === 'message' ? (row.grouped ? 'grouped' : 'message') : row.kind));

test('MS1 a day begins at the reader’s midnight', () => {
  // 23:59 and 00:01 in Shanghai, the same day in UTC.
  assert.deepEqual(
    shape([item('2026-01-01T15:59:00Z'), item('2026-01-01T16:01:00Z')]),
    ['day', 'message', 'day', 'message'],
  );
  // One day in Shanghai, two in UTC.
  assert.deepEqual(shape([item('2026-01-01T23:59:00Z'), item('2026-01-02T00:01:00Z')]), ['day', 'message', 'grouped']);
});

test('MS2 the same author within five minutes is grouped', () => {
  const start = Date.parse('2026-01-01T04:00:00Z');
  const at = (offset) => new Date(start + offset).toISOString();
  assert.deepEqual(shape([item(at(0)), item(at(GROUPED_MS - 1))]), ['day', 'message', 'grouped']);
  assert.deepEqual(shape([item(at(0)), item(at(GROUPED_MS))]), ['day', 'message', 'message']);
  assert.deepEqual(shape([item(at(0)), item(at(1), bo), item(at(2))]), ['day', 'message', 'message', 'message']);
});

test('MS2 an answer begins anew, since it says whom it answers', () => {
  const answer = item('2026-01-01T04:00:01Z', ann, { reply: { seq: 1 } });
  assert.deepEqual(shape([item('2026-01-01T04:00:00Z'), answer, item('2026-01-01T04:00:02Z')]), ['day', 'message', 'message', 'grouped']);
});

test('MS2 one author under two names is not grouped', () => {
  assert.deepEqual(
    shape([item('2026-01-01T04:00:00Z'), item('2026-01-01T04:00:01Z', { ...ann, name: 'Anne' })]),
    ['day', 'message', 'message'],
  );
});

test('MS2 an older page regroups what stood first', () => {
  const first = item('2026-01-01T04:00:00Z');
  const second = item('2026-01-01T04:01:00Z');
  assert.deepEqual(shape([second]), ['day', 'message']);
  const rows = layOut([first, second]);
  assert.equal(rows[2].grouped, true);
  assert.equal(rows[2].key, second.key, 'and it is still the same row');
});

test('CO5 a gap stands where something is missing, and breaks the group', () => {
  const before = item('2026-01-01T04:00:00Z', ann, { seq: 5 });
  const after = item('2026-01-01T04:00:01Z', ann, { seq: 90 });
  assert.deepEqual(shape([before, after], [{ from: 6, to: 89 }]), ['day', 'message', 'gap', 'message']);
});

test('rows keep their keys, and no two share one', () => {
  const items = [item('2026-01-01T04:00:00Z'), item('2026-01-02T04:00:00Z'), item('2026-01-02T04:00:30Z', bo)];
  const keys = layOut(items).map(({ key }) => key);
  assert.equal(new Set(keys).size, keys.length);
  assert.deepEqual(layOut(items).map(({ key }) => key), keys);
});
