import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startRedis } from '../support/redis.mjs';
import { client, clients } from './client.mjs';

const redis = await startRedis();
after(() => redis.end());

const TEXTS = ['你好，世界', '👩‍👩‍👧 𝒳 🇨🇳', 'a\0b', 'a\r\nb\r\n', '\r\n', '', ' ', '"\\/', '\u2028\u2029', 'OK', 'null', '{"a":[1,2]}', '*?[a-z]', '/a b/?c=d#e'];

test('every text comes back as it went, as value, field, member and key', async () => {
  for (const db of clients(redis)) {
    for (const text of TEXTS) {
      await db.set(`key ${text}`, text);
      assert.equal(await db.get(`key ${text}`), text);
      await db.hset('hash', { [text]: text });
      assert.equal(await db.hget('hash', text), text);
      assert.deepEqual(await db.eval('return {ARGV[1], {ARGV[1]}}', [], [text]), [text, [text]]);
    }
    await db.sadd('set', ...TEXTS);
    assert.deepEqual((await db.smembers('set')).sort(), [...TEXTS].sort());
  }
});

test('4,000 characters of four bytes are one value', async () => {
  const text = '𝒳'.repeat(4_000);
  for (const db of clients(redis)) {
    await db.zadd('long', { score: 1, member: text });
    assert.deepEqual(await db.zrange('long', 0, -1), [text]);
  }
});

test('with base64 every string is encoded but the answer OK', async () => {
  const headers = { 'upstash-encoding': 'base64' };
  const answer = async (path, command) => (await redis.fetch(path, command, { headers })).json();
  assert.deepEqual(await answer('/', ['SET', 'foo', 'bar']), { result: 'OK' });
  assert.deepEqual(await answer('/', ['GET', 'foo']), { result: 'YmFy' });
  assert.deepEqual(await answer('/', ['PING']), { result: 'UE9ORw==' });
  assert.deepEqual(await answer('/', ['STRLEN', 'foo']), { result: 3 });
  assert.deepEqual(await answer('/', ['MGET', 'foo', 'none']), { result: ['YmFy', null] });
  assert.deepEqual(await answer('/', ['INCR', 'foo']), { error: 'ERR value is not an integer or out of range' });
  assert.deepEqual(await answer('/pipeline', [['GET', 'foo'], ['SET', 'foo', 'b']]), [{ result: 'YmFy' }, { result: 'OK' }]);
});

test('bytes that are no text come whole in base64, and with replacements in JSON', async () => {
  await redis.fetch('/set/bytes', Uint8Array.of(0x61, 0xff, 0x62));
  const encoded = await redis.fetch('/', ['GET', 'bytes'], { headers: { 'upstash-encoding': 'base64' } });
  assert.deepEqual(await encoded.json(), { result: 'Yf9i' });
  assert.deepEqual(await redis.aside('GET', 'bytes'), { result: 'a\ufffdb' });
});

test('numbers and truth values are arguments as they are written, integers are answers', async () => {
  const body = '["RPUSH","list",1,1.0,-0.50,1e3,12345678901234567890,true]';
  assert.deepEqual(await (await redis.fetch('/', body)).json(), { result: 6 });
  assert.deepEqual(await redis.aside('LRANGE', 'list', 0, -1), {
    result: ['1', '1.0', '-0.50', '1e3', '12345678901234567890', 'true'],
  });
  const largest = await redis.fetch('/', ['INCRBY', 'count', '9223372036854775807']);
  assert.equal(await largest.text(), '{"result":9223372036854775807}');
});

test('with resp2 the answer is what Redis would send', async () => {
  const headers = { 'upstash-response-format': 'resp2' };
  const answer = async (path, command) => {
    const response = await redis.fetch(path, command, { headers });
    return [response.status, response.headers.get('content-type'), await response.text()];
  };
  const bytes = 'application/octet-stream';
  assert.deepEqual(await answer('/', ['SET', 'foo', '你']), [200, bytes, '+OK\r\n']);
  assert.deepEqual(await answer('/', ['GET', 'foo']), [200, bytes, '$3\r\n你\r\n']);
  assert.deepEqual(await answer('/', ['MGET', 'foo', 'none']), [200, bytes, '*2\r\n$3\r\n你\r\n$-1\r\n']);
  assert.deepEqual(await answer('/', ['GET']), [400, bytes, "-ERR wrong number of arguments for 'get' command\r\n"]);
  assert.deepEqual(await answer('/pipeline', [['STRLEN', 'foo'], ['PING']]), [200, bytes, ':3\r\n+PONG\r\n']);
  assert.deepEqual(await answer('/multi-exec', [['STRLEN', 'foo']]), [200, 'application/json', '[{"result":3}]']);
});

test('resp2 with base64, and any other format, is refused', async () => {
  for (const headers of [{ 'upstash-response-format': 'resp2', 'upstash-encoding': 'base64' }, { 'upstash-response-format': 'xml' }]) {
    const response = await redis.fetch('/', ['PING'], { headers });
    assert.equal(response.status, 400);
    assert.ok((await response.json()).error);
  }
});

test('a value of the largest size is taken, one byte more is refused with both sizes', async () => {
  const db = client(redis);
  const most = 10 * 1024 * 1024 - 'setbig'.length;
  assert.equal(await db.set('big', 'x'.repeat(most)), 'OK');
  await assert.rejects(db.set('big', 'x'.repeat(most + 1)), /ERR max request size exceeded. Limit: 10485760 bytes, Actual: 10485761 bytes/);
});

test('a reply that is larger than a request may be is refused too', async () => {
  await redis.aside('APPEND', 'grown', 'x'.repeat(6_000_000));
  await redis.aside('APPEND', 'grown', 'x'.repeat(6_000_000));
  const response = await redis.fetch('/pipeline', [['STRLEN', 'grown'], ['GET', 'grown']]);
  const [length, value] = await response.json();
  assert.deepEqual(length, { result: 12_000_000 });
  assert.match(value.error, /^ERR max request size exceeded. Limit: 10485760 bytes, Actual: 12000000 bytes/);
});
