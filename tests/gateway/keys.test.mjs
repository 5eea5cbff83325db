import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startRedis } from '../support/redis.mjs';
import { client, clients } from './client.mjs';

const redis = await startRedis();
after(() => redis.end());

test('a value comes back as it was set, and none as null', async () => {
  for (const db of clients(redis)) {
    assert.equal(await db.set('room', 'lobby'), 'OK');
    assert.equal(await db.get('room'), 'lobby');
    assert.equal(await db.get('no such key'), null);
  }
});

test('a key that is there is not set again with NX', async () => {
  for (const db of clients(redis)) {
    assert.equal(await db.set('taken', 'Ann', { nx: true, px: 60_000 }), 'OK');
    assert.equal(await db.set('taken', 'Bo', { nx: true, px: 60_000 }), null);
    assert.equal(await db.get('taken'), 'Ann');
    await db.del('taken');
  }
});

test('a key with a time goes by itself', { timeout: 30_000 }, async () => {
  const db = client(redis);
  await db.set('brief', 'x', { px: 60_000 });
  const left = await db.pttl('brief');
  assert.ok(left > 0 && left <= 60_000, `${left}`);
  assert.equal(await db.expire('brief', 1), 1);
  while (await db.exists('brief'));
  assert.equal(await db.expire('brief', 10), 0);
});

test('keys are counted and deleted, all of a call at once', async () => {
  const db = client(redis);
  await db.mset({ one: '1', two: '2' });
  assert.equal(await db.exists('one', 'two', 'three'), 2);
  assert.equal(await db.del('one', 'two', 'three'), 2);
  assert.equal(await db.exists('one', 'two'), 0);
});

test('SCAN finds every key of a pattern and no other', async () => {
  const rooms = Array.from({ length: 250 }, (_, at) => `msg-${at}`);
  const db = client(redis);
  await db.mset(Object.fromEntries([...rooms, 'person-1', 'msg'].map((key) => [key, 'x'])));
  for (const each of clients(redis)) {
    const found = new Set();
    let cursor = '0';
    do {
      const [next, keys] = await each.scan(cursor, { match: 'msg-*', count: 50 });
      assert.equal(typeof next, 'string');
      keys.forEach((key) => found.add(key));
      cursor = next;
    } while (cursor !== '0');
    assert.deepEqual([...found].sort(), rooms.sort());
  }
});

test('PING is answered PONG, or with what it brought', async () => {
  for (const db of clients(redis)) {
    assert.equal(await db.ping(), 'PONG');
    assert.equal(await db.ping(['who is there']), 'who is there');
  }
});

test('each answer has a token for reading one’s own writes', async () => {
  const db = client(redis);
  await db.set('read', 'mine');
  const first = db.readYourWritesSyncToken;
  assert.ok(first);
  assert.equal(await db.get('read'), 'mine');
  assert.notEqual(db.readYourWritesSyncToken, first);
});

test('the client as it comes, which gathers commands and reads values as JSON, finds what it wrote', async () => {
  const db = client(redis, { automaticDeserialization: true, enableAutoPipelining: true });
  const value = { name: 'Ann', rooms: ['a', 'b'], seq: 7 };
  await redis.resetCounts();
  assert.deepEqual(await Promise.all([db.set('json', value), db.set('number', 7)]), ['OK', 'OK']);
  assert.deepEqual(await Promise.all([db.get('json'), db.get('number'), db.get('none')]), [value, 7, null]);
  const { requests, commands } = await redis.counts();
  assert.deepEqual({ requests, commands }, { requests: 2, commands: 5 });
});
