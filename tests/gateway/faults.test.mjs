import assert from 'node:assert/strict';
import { after, afterEach, test } from 'node:test';
import { startRedis } from '../support/redis.mjs';

const redis = await startRedis();
after(() => redis.end());
afterEach(async () => {
  await redis.faults({});
  await redis.aside('FLUSHALL');
});

const write = (options) => redis.fetch('/', ['SET', 'key', 'written'], options);
const written = async () => (await redis.aside('GET', 'key')).result === 'written';

test('a delay holds back what is asked', async () => {
  await redis.faults({ delay_ms: 200 });
  const started = performance.now();
  assert.deepEqual(await (await write()).json(), { result: 'OK' });
  assert.ok(performance.now() - started >= 200);
});

test('what was delayed is done, though nobody waits for it any more', { timeout: 30_000 }, async () => {
  await redis.faults({ delay_ms: 200 });
  await assert.rejects(write({ signal: AbortSignal.timeout(50) }), { name: 'TimeoutError' });
  while (!(await written()));
});

test('a refusal by status has nothing done, and JSON', async () => {
  for (const status of [401, 429, 500]) {
    await redis.faults({ status });
    const response = await write();
    assert.equal(response.status, status);
    assert.ok((await response.json()).error);
    assert.equal(await written(), false);
  }
});

test('with the quota used up every command is refused, each of a pipeline too', async () => {
  await redis.faults({ quota: true });
  const response = await write();
  assert.equal(response.status, 400);
  assert.match((await response.json()).error, /^ERR max requests limit exceeded\. Limit: 500000, Usage: 500000\./);
  const several = await redis.fetch('/pipeline', [['GET', 'key'], ['DEL', 'key']]);
  assert.equal(several.status, 200);
  assert.ok((await several.json()).every(({ error }) => error.startsWith('ERR max requests limit')));
  const together = await redis.fetch('/multi-exec', [['GET', 'key']]);
  assert.equal(together.status, 400);
  assert.match((await together.json()).error, /^ERR max requests limit/);
  assert.equal(await written(), false);
});

test('a full database takes nothing new, and still reads and deletes', async () => {
  await redis.aside('SET', 'old', '1');
  await redis.faults({ full: true });
  const commands = [['GET', 'old'], ['SET', 'key', 'written'], ['ZADD', 'z', 1, 'a'], ['EVAL', 'return 1', 0], ['DEL', 'old'], ['ZREM', 'z', 'a']];
  const answers = await (await redis.fetch('/pipeline', commands)).json();
  const full = answers.map(({ error }) => /^ERR DB capacity quota exceeded\. Threshold: \d+ bytes, Usage: \d+ bytes\./.test(error));
  assert.deepEqual(full, [false, true, true, true, false, false]);
  assert.equal((await write()).status, 400);
  assert.equal((await redis.fetch('/multi-exec', [['GET', 'old'], ['SET', 'key', 'written']])).status, 400);
  assert.equal(await written(), false);
});

test('rubbish is a page with status 200, and nothing done', async () => {
  await redis.faults({ rubbish: true });
  const response = await write();
  assert.equal(response.status, 200);
  await assert.rejects(response.json(), SyntaxError);
  assert.equal(await written(), false);
});

test('when it is down the connection closes and nothing is done', async () => {
  await redis.faults({ down: true });
  await assert.rejects(write(), { name: 'TypeError', message: 'fetch failed' });
  assert.equal(await written(), false);
});

test('when the answer is lost the connection closes, and it was done', async () => {
  await redis.faults({ lost: true });
  await assert.rejects(write(), { name: 'TypeError', message: 'fetch failed' });
  assert.equal(await written(), true);
});

test('when the answer is cut half of it comes, and it was done', async () => {
  await redis.faults({ cut: true });
  const response = await write();
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-length'), `${'{"result":"OK"}'.length}`);
  let heard = '';
  await assert.rejects(async () => {
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) heard += chunk;
  }, { message: 'terminated' });
  assert.equal(heard, '{"resul');
  assert.equal(await written(), true);
});

test('a fault that strikes so many times is off by itself, and says how many are left', async () => {
  await redis.faults({ status: 500, times: 2 });
  assert.equal((await write()).status, 500);
  assert.deepEqual(await redis.faults(undefined), { status: 500, times: 1 });
  assert.equal((await write()).status, 500);
  assert.deepEqual(await redis.faults(undefined), {});
  assert.equal((await write()).status, 200);
});

test('a fault may strike one command only, or one text only', async () => {
  await redis.faults({ status: 500, only: 'eval', times: 1 });
  assert.equal((await write()).status, 200);
  assert.equal((await redis.fetch('/pipeline', [['PING'], ['EVAL', 'return 1', 0]])).status, 500);
  await redis.faults({ status: 500, containing: 'msg-lobby' });
  assert.equal((await write()).status, 200);
  assert.equal((await redis.fetch('/', ['GET', 'msg-lobby'])).status, 500);
  assert.equal((await redis.fetch('/get/msg-lobby')).status, 500);
});

test('a fault that there is not is refused', async () => {
  assert.match((await redis.faults({ slow: true })).error, /unknown field `slow`/);
});
