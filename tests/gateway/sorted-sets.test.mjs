import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { startRedis } from '../support/redis.mjs';
import { client, clients } from './client.mjs';

const redis = await startRedis();
after(() => redis.end());

const KEY = 'msg-lobby';

beforeEach(async () => {
  await redis.aside('DEL', KEY);
  await redis.aside('ZADD', KEY, 1, 'one', 2, 'two', 3, 'three', 3.5, 'later');
});

test('ZADD says how many are new', async () => {
  const db = client(redis);
  assert.equal(await db.zadd(KEY, { score: 4, member: 'four' }, { score: 1.25, member: 'one' }), 1);
  assert.equal(await db.zadd(KEY, { nx: true }, { score: 9, member: 'four' }), 0);
  assert.equal(await db.zscore(KEY, 'one'), '1.25');
  assert.equal(await db.zscore(KEY, 'four'), '4');
  assert.equal(await db.zscore(KEY, 'nobody'), null);
});

test('scores come as texts, between the members', async () => {
  for (const db of clients(redis)) {
    assert.deepEqual(await db.zrange(KEY, 0, -1, { withScores: true }), ['one', '1', 'two', '2', 'three', '3', 'later', '3.5']);
    assert.deepEqual(await db.zrange('none', 0, -1, { withScores: true }), []);
  }
});

test('the client makes numbers of scores', async () => {
  const db = client(redis, { automaticDeserialization: true });
  assert.deepEqual(await db.zrange(KEY, 2, 3, { withScores: true }), ['three', 3, 'later', 3.5]);
  assert.equal(await db.zscore(KEY, 'later'), 3.5);
});

test('a range by score goes up or down, from an offset, with open ends', async () => {
  for (const db of clients(redis)) {
    assert.deepEqual(await db.zrange(KEY, 2, '+inf', { byScore: true }), ['two', 'three', 'later']);
    assert.deepEqual(await db.zrange(KEY, '(1', '(3.5', { byScore: true, offset: 1, count: 5 }), ['three']);
    const down = await db.zrange(KEY, '(3.5', '-inf', { byScore: true, rev: true, offset: 0, count: 2, withScores: true });
    assert.deepEqual(down, ['three', '3', 'two', '2']);
  }
});

test('the older commands for going down do the same', async () => {
  for (const db of clients(redis)) {
    const down = await db.exec(['ZREVRANGEBYSCORE', KEY, '(3.5', '-inf', 'WITHSCORES', 'LIMIT', 0, 2]);
    assert.deepEqual(down, ['three', '3', 'two', '2']);
    assert.deepEqual(await db.exec(['ZREVRANGE', KEY, 0, 1]), ['later', 'three']);
    assert.deepEqual(await db.exec(['ZRANGEBYSCORE', KEY, '2', '3']), ['two', 'three']);
  }
});

test('members are counted, all or by score', async () => {
  const db = client(redis);
  assert.equal(await db.zcard(KEY), 4);
  assert.equal(await db.zcount(KEY, 2, '(3.5'), 2);
  assert.equal(await db.zcard('none'), 0);
});

test('members go by name, by score and by rank', async () => {
  const db = client(redis);
  assert.equal(await db.zrem(KEY, 'one', 'nobody'), 1);
  assert.equal(await db.zremrangebyscore(KEY, 3, 3), 1);
  assert.deepEqual(await db.zrange(KEY, 0, -1), ['two', 'later']);
  assert.equal(await db.zremrangebyrank(KEY, 0, -2), 1);
  assert.deepEqual(await db.zrange(KEY, 0, -1), ['later']);
});
