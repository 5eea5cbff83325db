import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startRedis } from '../support/redis.mjs';
import { client } from './client.mjs';

const redis = await startRedis();
after(() => redis.end());

const answer = async (...request) => (await redis.fetch(...request)).json();

test('a command may be the path', async () => {
  assert.deepEqual(await answer('/set/foo/bar'), { result: 'OK' });
  assert.deepEqual(await answer('/get/foo', undefined, { method: 'POST' }), { result: 'bar' });
  assert.deepEqual(await answer('/SET/a%2Fb%20%E4%BD%A0/x%0Ay'), { result: 'OK' });
  assert.deepEqual(await redis.aside('GET', 'a/b 你'), { result: 'x\ny' });
});

test('a body is the last argument, and parameters come after it', async () => {
  assert.deepEqual(await answer('/set/body?EX=100', '["not", "read"]'), { result: 'OK' });
  assert.deepEqual(await redis.aside('GET', 'body'), { result: '["not", "read"]' });
  assert.ok((await redis.aside('TTL', 'body')).result > 90);
  assert.deepEqual(await answer('/set/body?NX', 'again'), { result: null });
});

test('the token may be a parameter, which is no argument', async () => {
  const response = await fetch(`${redis.url}/echo/hello?_token=${redis.token}`);
  assert.deepEqual(await response.json(), { result: 'hello' });
});

test('without the right token nothing is answered, at any address', async () => {
  const wrong = [{}, { authorization: 'Bearer wrong' }, { authorization: 'Bearer ' }, { authorization: redis.token }];
  for (const path of ['/', '/pipeline', '/multi-exec', '/get/foo', '/get/foo?_token=wrong', '/faults', '/counts', '/none']) {
    for (const headers of wrong) {
      const response = await fetch(redis.url + path, { method: 'POST', body: '["PING"]', headers });
      assert.equal(response.status, 401, path);
      assert.match((await response.json()).error, /^WRONGPASS invalid or missing auth token/);
    }
  }
  await assert.rejects(client(redis, { token: 'wrong' }).ping(), {
    name: 'UpstashError',
    message: /^WRONGPASS invalid or missing auth token/,
  });
});

test('HEAD, GET, POST and PUT are taken, and no other method', async () => {
  for (const method of ['HEAD', 'GET', 'POST', 'PUT']) {
    assert.equal((await redis.fetch('/ping', undefined, { method })).status, 200, method);
  }
  for (const method of ['DELETE', 'PATCH', 'OPTIONS']) {
    const response = await redis.fetch('/ping', undefined, { method });
    assert.equal(response.status, 405, method);
    assert.ok((await response.json()).error);
  }
});

test('what is no command is refused', async () => {
  for (const body of ['', 'GET a', '[]', '{}', '"GET"', '["GET"', '["GET",null]', '["GET",["a"]]', '[["GET","a"]]']) {
    const response = await redis.fetch('/', body, { method: 'POST' });
    assert.equal(response.status, 400, body);
    assert.equal((await response.json()).error, 'ERR failed to parse command');
  }
});

test('a command that fails is refused in Redis’s words, and one that is not there in Upstash’s', async () => {
  const error = async (...command) => {
    const response = await redis.fetch('/', command);
    assert.equal(response.status, 400);
    return (await response.json()).error;
  };
  assert.equal(await error('GET'), "ERR wrong number of arguments for 'get' command");
  assert.equal(await error('set', 'a', 'b', 'c'), 'ERR syntax error');
  assert.match(await error('nope', 'a'), /^ERR Command is not available: 'NOPE'\. See https:/);
  for (const name of ['SELECT', 'subscribe', 'MULTI', 'BLPOP']) {
    assert.equal(await error(name, '1'), `ERR Command "${name.toUpperCase()}" is not allowed in REST or it has a special context path`);
  }
});
