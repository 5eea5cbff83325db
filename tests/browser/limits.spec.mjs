// The limits of the real Worker, met by people: nothing is lost to them, and everybody learns where they stand.

import { expect, test as base } from './support/fixtures.mjs';
import { composer, expectStored, messages, names, readMessages, send, sendQuickly, tryToLogIn } from './support/page.mjs';
import { sentence } from './support/sentences.mjs';
import { serve } from './support/worker.mjs';
import { comeAs, counted, hostAs, saidIn } from './support/world.mjs';

/** `limited(settings)` is the address of a Worker with these settings. */
const test = base.extend({
  limited: async ({ visits }, use, testInfo) => {
    const workers = [];
    await use(async (settings) => {
      workers.push(await serve(settings));
      return workers.at(-1).origin;
    });
    await visits.end(testInfo);
    for (const { stop } of workers) await stop();
  },
});

const status = (page, text) => page.getByRole('status').filter({ hasText: text });

/** Presses "Try again" until they are let in: the room counts a socket out a moment after its client knows it closed. */
async function tryUntilIn(page, seen) {
  const retry = page.getByRole('main').getByRole('button', { name: (await names(page)).retry });
  await expect(async () => {
    // The press before may have let them in, only not so soon.
    if (await retry.isVisible()) await retry.click({ timeout: 1_000 });
    await seen({ timeout: 2_000 });
    expect(await retry.isVisible()).toBe(false);
  }).toPass();
}

test('CO9 a full room is shown as full, and lets in who tries again when somebody has left', async ({ visitor, limited }) => {
  const baseURL = await limited({ ROOM_CONNECTIONS: '2' });
  const [olga, bob, ann] = [await visitor({ baseURL }), await visitor({ baseURL }), await visitor({ baseURL })];
  await hostAs(olga, 'Olga', 'Booth');
  await send(olga, 'Come in');
  await comeAs(bob, 'Bob', 'Booth');
  await send(bob, 'Here I am');
  await expect(messages(olga)).toHaveCount(2);

  await comeAs(ann, 'Ann', 'Booth');
  const full = status(ann, await sentence(ann, 'state.room_full'));
  await expect(full).toBeVisible();
  await bob.close();
  await tryUntilIn(ann, (within) => expect(messages(ann)).toHaveCount(2, within));
  await expect(full).toBeHidden();
  await send(ann, 'There was a place');
  await expect(messages(olga)).toHaveCount(3);
});

test('CO9 who has a room open twenty times is told in the next tab, and may come when one of them is gone', async ({ visitor, limited }) => {
  const baseURL = await limited({});
  const ann = await visitor({ baseURL });
  await hostAs(ann, 'Ann', 'Booth');
  // The page's own socket has to be the first of the twenty: a browser lets who opens many wait, for seconds, in no order.
  await send(ann, 'Here I am');
  await expectStored(ann, 'Here I am');
  await ann.evaluate(async (count) => {
    window.others = Array.from({ length: count }, () => new WebSocket(`${location.origin.replace('http', 'ws')}/api/rooms/Booth/live`));
    await Promise.all(window.others.map((socket) => new Promise((welcomed) => (socket.onmessage = welcomed))));
  }, 19);
  const tab = await visitor.tab(ann);
  await tab.goto('/chat?rname=Booth');
  await expect(status(tab, await sentence(tab, 'state.too_many_connections'))).toBeVisible();
  await ann.evaluate(() => Promise.all(window.others.map((socket) => new Promise((closed) => {
    socket.onclose = closed;
    socket.close();
  }))));
  await tryUntilIn(tab, (within) => expect(messages(tab)).toHaveCount(1, within));
  await expect(status(tab, await sentence(tab, 'state.too_many_connections'))).toBeHidden();
  await send(tab, 'Once more');
  await expect(messages(ann)).toHaveCount(2);
});

test('SE8 what is written faster than the room takes it arrives whole, once and in order', async ({ visitor, limited }) => {
  const baseURL = await limited({ MESSAGES_PER_MINUTE: '40' });
  const [ann, bob] = [await visitor({ baseURL }), await visitor({ baseURL })];
  await hostAs(ann, 'Ann', 'Booth');
  await comeAs(bob, 'Bob', 'Booth');
  // Ten at once, and then one in a second and a half: no machine is so slow that the room takes the rest as they come.
  const written = counted('Line', 1, 16);
  await sendQuickly(ann, written);
  await expect(ann.getByText(await sentence(ann, 'message.slowed'))).toBeVisible();
  for (const page of [ann, bob]) await expect.poll(async () => (await readMessages(page)).map(({ text }) => text), { timeout: 60_000 }).toEqual(written);
  await expect(ann.getByText(await sentence(ann, 'message.slowed'))).toHaveCount(0);
  expect((await saidIn(ann, 'Booth')).map(({ text }) => text)).toEqual(written);
});

test('SE8 where no socket lives it is the same by requests', async ({ visitor, limited }) => {
  const baseURL = await limited({ MESSAGES_PER_MINUTE: '12' });
  const ann = await visitor({ baseURL, expected: [/429/] });
  await ann.routeWebSocket(/\/live/, (socket) => socket.close({ code: 1012 }));
  await hostAs(ann, 'Ann', 'Booth');
  // Three at once, and then one in five seconds.
  const written = counted('Line', 1, 5);
  const refused = ann.waitForResponse((answer) => answer.status() === 429);
  await sendQuickly(ann, written);
  await refused;
  await expect.poll(async () => (await saidIn(ann, 'Booth')).map(({ text }) => text), { timeout: 60_000 }).toEqual(written);
  await expect(messages(ann).last()).toHaveAccessibleDescription('Line 5');
});

test('ST8 near the day’s budget nobody new comes in, and those who are there go on', async ({ visitor, limited }) => {
  const baseURL = await limited({ DAILY_ROWS: '150' });
  const [olga, bob, ann] = [await visitor({ baseURL }), await visitor({ baseURL, expected: [/503/] }), await visitor({ baseURL, expected: [/503/] })];
  await hostAs(olga, 'Olga', 'Booth');
  await comeAs(bob, 'Bob', 'Booth');
  await expect(await composer(bob)).toBeFocused();
  const guest = () => fetch(`${baseURL}/api/guest`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"name":"Guest"}' });
  let last = await guest();
  for (let number = 2; last.ok && number <= 120; number += 1) last = await guest();
  expect(last.status).toBe(503);

  // When Ann comes by
  await ann.goto('/login');
  const at = await names(ann);
  const field = ann.getByRole('textbox', { name: at.name });
  await field.fill('Ann');
  await ann.getByRole('button', { name: at.enter, exact: true }).click();
  const [before] = (await sentence(ann, 'error.budget_spent', { when: '|' })).split('|');
  await expect(ann.getByRole('alert').filter({ hasText: before })).toBeVisible();
  await expect(field).toHaveValue('Ann');

  // Then Bob still talks, and only makes no room
  await send(bob, 'Still here');
  await expect(messages(olga)).toHaveCount(1);
  await bob.goto('/roomlist');
  await bob.getByRole('button', { name: at.newRoom }).click();
  await bob.getByRole('textbox', { name: at.roomName }).fill('Another');
  await bob.getByRole('button', { name: at.createRoom }).click();
  await expect(bob.getByRole('alert').filter({ hasText: before })).toBeVisible();
  await expect(bob.getByRole('textbox', { name: at.roomName })).toHaveValue('Another');
});

test('ST8 who has guessed a password too often is told to wait, and what was typed stays', async ({ visitor, limited }) => {
  const baseURL = await limited({});
  // As Cloudflare's edge would say it.
  const ann = await visitor({ baseURL, extraHTTPHeaders: { 'cf-connecting-ip': '203.0.113.7' }, expected: [/401|429/] });
  for (let guess = 1; guess <= 10; guess += 1) {
    const answer = await ann.request.post('/api/session', { data: { username: 'Olga', key: 'A'.repeat(43) } });
    expect(answer.status()).toBe(401);
  }
  await ann.goto('/login#login');
  const at = await names(ann);
  await tryToLogIn(ann, 'Olga', 'the eleventh guess');
  const form = ann.getByRole('form', { name: at.toLogIn });
  await expect(form.getByRole('alert').filter({ hasText: await sentence(ann, 'error.slow_down', { when: 'in 5 minutes' }) })).toBeVisible();
  await expect(form.getByRole('button', { name: at.logIn, exact: true })).toBeDisabled();
  await expect(form.getByLabel(at.password, { exact: true })).toHaveValue('the eleventh guess');
});
