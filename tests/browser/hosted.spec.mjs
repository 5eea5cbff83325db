// One story on hosted Redis: a redis-server, the gateway in front of it, and the Worker that keeps its site there. What
// it leaves is read back by Upstash's own client.

import { Redis } from '@upstash/redis';
import { startRedis } from '../support/redis.mjs';
import { expect, test as base } from './support/fixtures.mjs';
import { createRoom, logInAs, logOut, names, openRoom, readMessages, registerAs, send } from './support/page.mjs';
import { serve } from './support/worker.mjs';

const PASSWORD = 'correct horse battery staple';

const test = base.extend({
  /** A Redis, and a Worker that has it; both go when the pages have been looked over. */
  hosted: async ({ visits }, use, testInfo) => {
    const redis = await startRedis();
    const { url, token } = redis;
    const worker = await serve({ UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token, ARCHIVE_SECONDS: '1' });
    await use({ origin: worker.origin, client: new Redis({ url, token }) });
    await visits.end(testInfo);
    await worker.stop();
    await redis.end();
  },
});

test('who registers, makes a room and talks finds all of it again, and so does Upstash’s client', async ({ visitor, hosted }) => {
  const { origin, client } = hosted;
  const ann = await visitor({ baseURL: origin });
  const at = await registerAndTalk(ann);
  await ann.reload();
  await expect.poll(() => said(ann)).toEqual([[at.you, 'Kept in Redis 你好']]);

  await expect.poll(() => client.zcard('msg-Tea & 编程')).toBe(1);
  const [message] = await client.zrange('msg-Tea & 编程', 0, -1);
  expect(message).toMatchObject({ username: 'Ann Archer', msg: 'Kept in Redis 你好', seq: 1 });
  expect(await client.hget('user-Ann Archer', 'person')).toBe(message.person);
  expect(await client.zrange('chat-Tea & 编程', 0, -1)).toEqual(['Ann Archer']);
  expect(await client.hgetall('room-Tea & 编程')).toMatchObject({ owner: 'Ann Archer', description: 'Leaves' });
  expect(await client.zrange('hihi:rooms', 0, -1)).toEqual(['Tea & 编程']);

  await logOut(ann);
  await logInAs(ann, 'Ann Archer', PASSWORD);
  await openRoom(ann, 'Tea & 编程');
  await expect.poll(() => said(ann)).toEqual([[at.you, 'Kept in Redis 你好']]);
});

async function registerAndTalk(page) {
  await registerAs(page, 'Ann Archer', PASSWORD, '/login');
  await createRoom(page, 'Tea & 编程', 'Leaves');
  await send(page, 'Kept in Redis 你好');
  const at = await names(page);
  await expect.poll(() => said(page)).toEqual([[at.you, 'Kept in Redis 你好']]);
  return at;
}

const said = async (page) => (await readMessages(page)).map(({ by, text }) => [by, text]);
