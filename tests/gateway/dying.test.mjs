import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startRedis } from '../support/redis.mjs';

const redis = await startRedis();
after(() => redis.end());

test('without its redis-server the gateway says 503, and finds it again with all that was acknowledged', async () => {
  assert.equal((await redis.fetch('/', ['SET', 'kept', 'yes'])).status, 200);
  await redis.kill();
  for (const [path, body] of [['/', ['GET', 'kept']], ['/pipeline', [['GET', 'kept']]], ['/multi-exec', [['GET', 'kept']]]]) {
    const response = await redis.fetch(path, body);
    assert.equal(response.status, 503);
    assert.match((await response.json()).error, /^ERR redis-server can't be reached/);
  }
  await redis.startAgain();
  assert.deepEqual(await (await redis.fetch('/', ['GET', 'kept'])).json(), { result: 'yes' });
});

test('a test that is killed leaves neither processes nor files', { timeout: 30_000 }, async () => {
  const helper = fileURLToPath(new URL('../support/redis.mjs', import.meta.url));
  const script = `const { startRedis } = await import(${JSON.stringify(helper)}); console.log(JSON.stringify(await startRedis()));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout, 'data');
  const { url, folder } = JSON.parse(line);
  await access(`${folder}/redis.sock`);
  child.kill('SIGKILL');
  while (await fetch(url).then(() => true, () => false));
  while (await access(folder).then(() => true, () => false));
});
