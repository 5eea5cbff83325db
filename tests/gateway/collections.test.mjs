import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startRedis } from '../support/redis.mjs';
import { client, clients } from './client.mjs';

const redis = await startRedis();
after(() => redis.end());

test('a hash gives its fields, one, several or all', async () => {
  for (const db of clients(redis)) {
    assert.equal(await db.hset('person', { name: 'Ann', born: '1700000000000' }), 2);
    assert.equal(await db.hset('person', { name: 'Anna' }), 0);
    assert.equal(await db.hget('person', 'name'), 'Anna');
    assert.equal(await db.hget('person', 'mail'), null);
    assert.deepEqual(await db.exec(['HMGET', 'person', 'born', 'mail', 'name']), ['1700000000000', null, 'Anna']);
    assert.deepEqual(await db.hgetall('person'), ['name', 'Anna', 'born', '1700000000000']);
    assert.deepEqual(await db.hgetall('nobody'), []);
    assert.equal(await db.hdel('person', 'name', 'mail'), 1);
    assert.equal(await db.del('person'), 1);
  }
});

test('the client makes objects of hashes', async () => {
  const db = client(redis, { automaticDeserialization: true });
  await db.hset('object', { name: 'Ann', seq: 3 });
  assert.deepEqual(await db.hgetall('object'), { name: 'Ann', seq: 3 });
  assert.deepEqual(await db.hmget('object', 'seq', 'none'), { seq: 3, none: null });
  assert.equal(await db.hgetall('nobody'), null);
});

test('a set holds each member once', async () => {
  for (const db of clients(redis)) {
    assert.equal(await db.sadd('rooms', 'a', 'b', 'a'), 2);
    assert.equal(await db.sadd('rooms', 'b'), 0);
    assert.deepEqual((await db.smembers('rooms')).sort(), ['a', 'b']);
    assert.equal(await db.sismember('rooms', 'a'), 1);
    assert.equal(await db.sismember('rooms', 'c'), 0);
    assert.equal(await db.srem('rooms', 'a', 'c'), 1);
    assert.deepEqual(await db.smembers('rooms'), ['b']);
    assert.deepEqual(await db.smembers('no rooms'), []);
    await db.del('rooms');
  }
});
