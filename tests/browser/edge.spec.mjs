// Cloudflare's own rate limiter, as far as this machine has it: bound, it refuses first, by address.

import { randomUUID } from 'node:crypto';
import { expect, test } from './support/fixtures.mjs';
import { serve } from './support/worker.mjs';

/** Here a limiter counts by the minutes of the clock: what a minute ended in the midst of is asked again, by another address. */
async function withinAMinute(ask) {
  const minute = () => Math.floor(Date.now() / 60_000);
  for (let turn = 1; ; turn += 1) {
    const before = minute();
    const answers = await ask(turn);
    if (minute() === before) return answers;
  }
}

test('what the edge refuses is told like everything that comes too often, and another address is not', async () => {
  const { origin, stop } = await serve({ '--ratelimits': 'LIMIT_DOOR:3,LIMIT_LOOKS:5' });
  try {
    const ask = (address, path, body) => fetch(origin + path, {
      method: body ? 'POST' : 'GET',
      headers: { 'cf-connecting-ip': address, ...(body && { 'content-type': 'application/json' }) },
      body: body && JSON.stringify(body),
    });
    const enter = (address) => ask(address, '/api/guest', { name: 'Ann' });
    const logIn = (address) => ask(address, '/api/session', { username: randomUUID().slice(0, 20), key: btoa('x'.repeat(32)) });
    const door = await withinAMinute(async (turn) => {
      const answers = [];
      for (const attempt of [enter, logIn, enter, enter, logIn]) answers.push(await attempt(`192.0.2.${turn}`));
      return answers;
    });
    expect(door.map(({ status }) => status)).toEqual([201, 401, 201, 429, 429]);

    const refused = door.at(-1);
    expect(refused.headers.get('retry-after')).toBe('60');
    expect(await refused.json()).toEqual({ error: { code: 'slow_down', retry_after: 60 } });
    expect((await enter('192.0.2.200')).status).toBe(201);

    // Looking has a bucket of its own; neighbours in one IPv6 network share it.
    const looks = await withinAMinute(async (turn) => {
      const answers = [];
      for (const n of [1, 2, 3, 4, 5, 6]) answers.push(await ask(`2001:db8:${turn}::${n}`, '/api/rooms'));
      return answers;
    });
    expect(looks.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
    expect((await ask('192.0.2.1', '/api/rooms')).status).toBe(200);
  } finally {
    await stop();
  }
});
