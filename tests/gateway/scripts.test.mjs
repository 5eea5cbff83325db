import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, test } from 'node:test';
import { startRedis } from '../support/redis.mjs';
import { client, clients } from './client.mjs';

const redis = await startRedis();
after(() => redis.end());

test('a script’s values come as Redis makes them of Lua’s', async () => {
  const values = [
    ["return 'text'", 'text'],
    ['return 7', 7],
    ['return 3.7', 3],
    ['return nil', null],
    ['return false', null],
    ['return true', 1],
    ['return {}', []],
    ["return {1, 'a', {2, {'b', false}}, nil, 'never'}", [1, 'a', [2, ['b', null]]]],
    ["return redis.status_reply('OK')", 'OK'],
    ["return {redis.status_reply('OK'), 'OK'}", ['OK', 'OK']],
    ["return redis.status_reply('moving')", 'moving'],
  ];
  for (const db of clients(redis)) {
    for (const [script, value] of values) assert.deepEqual(await db.eval(script, [], []), value, script);
  }
});

test('a script gets its keys and arguments, and writes', async () => {
  const db = client(redis);
  const script = "redis.call('ZADD', KEYS[1], ARGV[1], ARGV[2]); return redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')";
  assert.deepEqual(await db.eval(script, ['scores'], ['2.5', 'Ann']), ['Ann', '2.5']);
});

test('a script’s own error is the answer’s error', async () => {
  for (const db of clients(redis)) {
    await assert.rejects(db.eval("return redis.error_reply('EPOCH another one writes')", [], []), {
      name: 'UpstashError',
      message: /^EPOCH another one writes, command was: /,
    });
  }
});

test('an error within a script is told', async () => {
  const db = client(redis);
  await db.set('text', 'x');
  await assert.rejects(db.eval("return redis.call('INCR', KEYS[1])", ['text'], []), /ERR value is not an integer/);
  await assert.rejects(db.eval('return nonsense(', [], []), /ERR Error compiling script/);
});

test('a script that was loaded runs by its hash, and another is not found', async () => {
  const script = 'return ARGV[1]';
  for (const db of clients(redis)) {
    const hash = await db.scriptLoad(script);
    assert.equal(hash, createHash('sha1').update(script).digest('hex'));
    assert.equal(await db.evalsha(hash, [], ['again']), 'again');
    await assert.rejects(db.evalsha('0'.repeat(40), [], []), /NOSCRIPT/);
  }
});
