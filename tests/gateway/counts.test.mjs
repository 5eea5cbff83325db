import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { startRedis } from '../support/redis.mjs';
import { client } from './client.mjs';

const redis = await startRedis();
after(() => redis.end());
beforeEach(() => redis.resetCounts());

test('each command counts, alone, in a pipeline and in a transaction; a script counts once', async () => {
  const db = client(redis);
  await db.set('a', '1');
  await db.pipeline().get('a').get('a').incr('a').exec();
  await db.multi().set('a', '2').get('a').exec();
  await db.eval("redis.call('GET', 'a'); return redis.call('GET', 'a')", [], []);
  await redis.fetch('/get/a');
  assert.deepEqual(await redis.counts(), {
    requests: 5,
    commands: 8,
    by_name: { EVAL: 1, GET: 4, INCR: 1, SET: 2 },
  });
});

test('what a fault struck counts, and a look aside does not', async () => {
  await redis.faults({ status: 500, times: 1 });
  assert.equal((await redis.fetch('/', ['PING'])).status, 500);
  await redis.aside('PING');
  assert.deepEqual(await redis.resetCounts(), { requests: 1, commands: 1, by_name: { PING: 1 } });
  assert.deepEqual(await redis.counts(), { requests: 0, commands: 0, by_name: {} });
});

test('who has no token counts for nothing', async () => {
  assert.equal((await fetch(`${redis.url}/get/a`)).status, 401);
  assert.equal((await redis.counts()).requests, 0);
});
