import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { startRedis } from '../support/redis.mjs';
import { client, clients } from './client.mjs';

const redis = await startRedis();
after(() => redis.end());
beforeEach(() => redis.aside('DEL', 'a', 'b', 'text'));

test('a pipeline answers each command, in order', async () => {
  for (const db of clients(redis)) {
    const answers = await db.pipeline().set('a', '1').incr('a').get('a').get('none').zadd('b', { score: 1, member: 'x' }).exec();
    assert.deepEqual(answers.slice(0, 4), ['OK', 2, '2', null]);
  }
});

test('one command of a pipeline that fails stops no other', async () => {
  for (const db of clients(redis)) {
    await db.set('text', 'x');
    const pipeline = () => db.pipeline().set('a', '1').incr('text').incr('a');
    const answers = await pipeline().exec({ keepErrors: true });
    assert.deepEqual(answers.map(({ result }) => result), ['OK', undefined, 2]);
    assert.match(answers[1].error, /^ERR value is not an integer/);
    await assert.rejects(pipeline().exec(), /Command 2 \[ incr \] failed: ERR value is not an integer/);
  }
});

test('a command that there is not, or not over REST, fails alone in a pipeline', async () => {
  const response = await redis.fetch('/pipeline', [['SET', 'a', 1], ['NOPE'], ['BLPOP', 'b', 1], ['GET', 'a']]);
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), [
    { result: 'OK' },
    { error: "ERR Command is not available: 'NOPE'. See https://upstash.com/docs/redis/overall/rediscompatibility for details" },
    { error: 'ERR Command "BLPOP" is not allowed in REST or it has a special context path' },
    { result: '1' },
  ]);
});

test('a transaction answers each command', async () => {
  for (const db of clients(redis)) {
    const answers = await db.multi().set('a', '1').incr('a').get('a').hgetall('none').exec();
    assert.deepEqual(answers, ['OK', 2, '2', []]);
  }
});

test('a command of a transaction that fails when it runs stops no other', async () => {
  for (const db of clients(redis)) {
    await db.set('text', 'x');
    const answers = await db.multi().set('a', '1').incr('text').incr('a').exec({ keepErrors: true });
    assert.deepEqual(answers.map(({ result }) => result), ['OK', undefined, 2]);
    assert.match(answers[1].error, /^ERR value is not an integer/);
  }
});

test('a transaction with a command that can’t be queued is discarded as a whole', async () => {
  for (const wrong of [['SET', 'a'], ['NOPE'], ['WATCH', 'a']]) {
    const response = await redis.fetch('/multi-exec', [['SET', 'a', '1'], wrong]);
    assert.equal(response.status, 400);
    const answer = await response.json();
    assert.deepEqual(Object.keys(answer), ['error']);
    assert.match(answer.error, /^ERR /);
    assert.deepEqual(await redis.aside('EXISTS', 'a'), { result: 0 });
  }
  const db = client(redis);
  await assert.rejects(db.multi().set('a', '1').lpush('a').exec(), /^UpstashError: ERR wrong number of arguments/);
});

test('transactions of several clients do not mix', async () => {
  const db = client(redis);
  const twenty = Array.from({ length: 20 }, () => db.multi().get('a').incr('a').get('a').exec());
  for (const [before, number, after] of await Promise.all(twenty)) {
    assert.equal(Number(before) + 1, number);
    assert.equal(after, `${number}`);
  }
});

test('no commands, or what is no list of commands, is refused', async () => {
  for (const path of ['/pipeline', '/multi-exec']) {
    for (const body of ['', '[]', '{}', '["GET","a"]', '[[]]', '[["GET"', '[["GET",{}]]', '[["GET",null]]']) {
      const response = await redis.fetch(path, body);
      assert.equal(response.status, 400, body);
      assert.match((await response.json()).error, /^ERR (failed to parse|empty) /);
    }
  }
});
