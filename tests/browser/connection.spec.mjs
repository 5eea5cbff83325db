// The connection: found dead, made again, told of when it matters, and not made again when it is over.

import { stopClock } from './support/clock.mjs';
import { expect, test } from './support/fixtures.mjs';
import { composer, messages, names, readMessages, roomPath, send } from './support/page.mjs';
import { enterScripted, isBack, isConnected, isCut } from './support/scripted-story.mjs';
import { sentence } from './support/sentences.mjs';

const TROUBLE = [/WebSocket|ERR_CONNECTION|ERR_INTERNET_DISCONNECTED|ERR_EMPTY_RESPONSE/];

const texts = (page) => expect.poll(async () => (await readMessages(page)).map(({ text }) => text));
const status = (page, text) => page.getByRole('status').filter({ hasText: text });

/** No socket is let in until `server.faults` is emptied. */
function shutDoor(server) {
  server.faults.push({ path: /live/ });
}

/** The sockets this page opened, oldest first. */
function socketsOf(page) {
  const sockets = [];
  page.on('websocket', (socket) => sockets.push(socket));
  return sockets;
}

test('CO1 a blip is not told, trouble is after 2 s, and so is its end', async ({ visitor, server }) => {
  const ann = await visitor({ expected: TROUBLE });
  await ann.clock.install();
  const { room } = await enterScripted(server, ann, { texts: ['Hello'] });
  const at = await names(ann);
  const banner = status(ann, at.lost);
  await ann.evaluate((lost) => {
    window.told = 0;
    new MutationObserver(() => (window.told += document.body.innerText.includes(lost) ? 1 : 0))
      .observe(document.body, { childList: true, subtree: true, characterData: true });
  }, at.lost);
  await stopClock(ann);

  // Back within 2 s
  room.terminate();
  await isCut(ann);
  await ann.clock.runFor(1_100);
  await isBack(ann);
  await ann.clock.runFor(5_000);
  expect(await ann.evaluate(() => window.told)).toBe(0);

  // Away for longer
  shutDoor(server);
  room.terminate();
  await isCut(ann);
  await ann.clock.runFor(2_500);
  await expect(banner).toBeVisible();
  await expect(ann.getByRole('button', { name: at.tryNow })).toBeVisible();
  await ann.clock.resume();
  server.faults.length = 0;
  await ann.getByRole('button', { name: at.tryNow }).click();
  await expect(banner).toBeHidden();
  await expect(status(ann, at.back)).toBeVisible();
});

test('CO2 tries grow further apart, and the network’s return tries at once', async ({ visitor, server }) => {
  const ann = await visitor({ expected: TROUBLE });
  await ann.clock.install();
  const { room } = await enterScripted(server, ann);
  const sockets = socketsOf(ann);
  await stopClock(ann);
  shutDoor(server);
  room.terminate();
  await isCut(ann);
  const triesIn = async (seconds) => {
    const before = sockets.length;
    // A try and its failure take a turn of the real network between two turns of this clock.
    for (let second = 0; second < seconds; second += 1) {
      await ann.clock.runFor(1_000);
      await ann.evaluate(() => fetch('/api/config').then(() => {}));
    }
    return sockets.length - before;
  };
  expect(await triesIn(20)).toBeGreaterThanOrEqual(3);
  await triesIn(40);
  // From 15 to 30 s apart by now
  const late = await triesIn(90);
  expect(late).toBeGreaterThanOrEqual(2);
  expect(late).toBeLessThanOrEqual(7);

  server.faults.length = 0;
  const before = sockets.length;
  await ann.evaluate(() => dispatchEvent(new Event('online')));
  await isConnected(room, 'Ann');
  expect(sockets.length - before).toBeLessThanOrEqual(1);
  await ann.clock.resume();
});

test('CO3 a socket that fell silent is found within 45 s', async ({ visitor, server }) => {
  const ann = await visitor({ expected: TROUBLE });
  await ann.clock.install();
  const { room } = await enterScripted(server, ann);
  const sockets = socketsOf(ann);
  await stopClock(ann);
  room.deaf = true;
  await ann.clock.runFor(45_000);
  await expect.poll(() => sockets.length).toBe(1);
  room.deaf = false;
  await isBack(ann);
  await ann.clock.resume();
  await send(ann, 'Can you hear me?');
  await expect(messages(ann).last()).toHaveAccessibleDescription('Can you hear me?');
});

test('CO3 a network that is gone without a word is told of', async ({ visitor, server }) => {
  const ann = await visitor({ expected: TROUBLE });
  await ann.clock.install();
  const { room, olga } = await enterScripted(server, ann);
  const at = await names(ann);
  await ann.context().setOffline(true);
  await ann.clock.runFor(45_000);
  await expect(status(ann, at.offline)).toBeVisible();
  room.say(olga, 'While you were away');
  await ann.context().setOffline(false);
  await texts(ann).toEqual(['While you were away']);
  await expect(status(ann, at.offline)).toBeHidden();
});

test('CO4 on return everything missed is there once, in order', async ({ visitor, server }) => {
  const ann = await visitor({ expected: TROUBLE });
  const { room, olga } = await enterScripted(server, ann, { texts: ['One', 'Two'] });
  await texts(ann).toEqual(['One', 'Two']);
  shutDoor(server);
  room.terminate();
  for (const text of ['Three', 'Four', 'Five']) room.say(olga, text);
  server.faults.length = 0;
  await texts(ann).toEqual(['One', 'Two', 'Three', 'Four', 'Five']);
  // A server that wakes says the last seconds again
  room.messages.slice(-3).forEach((message) => room.broadcast(message));
  room.say(olga, 'Six');
  await texts(ann).toEqual(['One', 'Two', 'Three', 'Four', 'Five', 'Six']);
});

test('CO4 a hole in the order is asked for and filled', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, olga } = await enterScripted(server, ann, { texts: ['One'] });
  room.say(olga, 'Two', { tell: false });
  room.say(olga, 'Three');
  await texts(ann).toEqual(['One', 'Two', 'Three']);
});

test('CO5 what is too much to catch up on is marked, and shown when asked for', async ({ visitor, server }) => {
  const ann = await visitor({ expected: TROUBLE });
  const { room, olga } = await enterScripted(server, ann, { texts: ['First'] });
  await texts(ann).toEqual(['First']);
  shutDoor(server);
  room.terminate();
  for (let number = 1; number <= 520; number += 1) room.say(olga, `Missed ${number}`);
  server.faults.length = 0;
  await expect(messages(ann).last()).toHaveAccessibleDescription('Missed 520');
  await expect(messages(ann)).toHaveCount(51);
  const gap = ann.getByRole('button', { name: await sentence(ann, 'timeline.gap', { n: 470 }) });
  await gap.click();
  await expect(messages(ann)).toHaveCount(101);
  await expect(ann.getByRole('button', { name: await sentence(ann, 'timeline.gap', { n: 420 }) })).toBeAttached();
  const [first, ...rest] = (await readMessages(ann)).map(({ text }) => text);
  expect(first).toBe('First');
  expect(rest).toEqual(Array.from({ length: 100 }, (_, index) => `Missed ${421 + index}`));
});

test('CO5 another history takes the place of the old one', async ({ visitor, server }) => {
  const ann = await visitor({ expected: TROUBLE });
  const { room, olga } = await enterScripted(server, ann, { texts: ['Old', 'Older'] });
  await texts(ann).toEqual(['Old', 'Older']);
  shutDoor(server);
  room.terminate();
  Object.assign(room, { epoch: 'e2', messages: [] });
  room.say(olga, 'New');
  server.faults.length = 0;
  await texts(ann).toEqual(['New']);
});

const OVER = {
  removed: 'state.removed',
  room_closed: 'state.room_closed',
  flooding: 'state.flooding',
};

for (const [reason, key] of Object.entries(OVER)) {
  test(`CO6 a close that is final (${reason}) is told and not tried again`, async ({ visitor, server }) => {
    const ann = await visitor();
    await ann.clock.install();
    const { room } = await enterScripted(server, ann, { texts: ['Hello'] });
    const at = await names(ann);
    const sockets = socketsOf(ann);
    room.close(1008, reason);
    await expect(status(ann, await sentence(ann, key))).toBeVisible();
    await expect(ann.getByRole('main').getByRole('link', { name: at.allRooms }).last()).toBeVisible();
    await ann.clock.runFor(120_000);
    expect(sockets).toEqual([]);
  });
}

test('CO6 who is signed out stands at the entrance and learns why', async ({ visitor, server }) => {
  const ann = await visitor({ expected: [/401/] });
  const { room, me } = await enterScripted(server, ann);
  await (await composer(ann)).fill('half a thought');
  server.people.delete(me.id);
  room.close(1008, 'signed_out');
  await ann.waitForURL('**/login');
  await expect(ann.getByText((await names(ann)).signedOut)).toBeVisible();
  expect(await ann.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain('half a thought');
});

test('CO6 who stayed too long enters again and is back in the room', async ({ visitor, server }) => {
  const ann = await visitor({ expected: [/401/] });
  const { room, me } = await enterScripted(server, ann);
  server.people.delete(me.id);
  room.close(1008, 'session_expired');
  await ann.waitForURL('**/login?*');
  const at = await names(ann);
  await expect(ann.getByText(at.sessionEnded)).toBeVisible();
  await ann.getByRole('textbox', { name: at.name }).fill('Ann');
  await ann.getByRole('button', { name: at.enter, exact: true }).click();
  await expect(ann.getByRole('heading', { level: 1, name: room.name })).toBeVisible();
  expect(new URL(ann.url()).search).toBe(roomPath(room.name).slice('/chat'.length));
});

test('CO9 a full room says so, keeps what was written, and lets in by itself when there is a place', async ({ visitor, server }) => {
  const ann = await visitor({ expected: TROUBLE });
  await ann.clock.install();
  const { room, olga } = await enterScripted(server, ann, { texts: ['Hello'] });
  const sockets = socketsOf(ann);
  const full = status(ann, await sentence(ann, 'state.room_full'));
  await stopClock(ann);
  room.terminate();
  await isCut(ann);
  await send(ann, 'For later');
  await (await composer(ann)).fill('half a thought');
  room.turnsAway = 'room_full';
  await ann.clock.runFor(2_000);
  await expect(full).toBeVisible();
  await expect(await composer(ann)).toBeHidden();
  await expect(ann.getByRole('main').getByRole('link', { name: (await names(ann)).allRooms }).last()).toBeVisible();
  const tries = sockets.length;
  // A second at a time leaves a socket time to be answered.
  const later = (check) => expect(async () => {
    await ann.clock.runFor(1_000);
    await check();
  }).toPass({ intervals: [50], timeout: 60_000 });
  await ann.clock.runFor(25_000);
  expect(sockets.length).toBe(tries);
  await later(() => expect(sockets.length).toBe(tries + 1));
  await expect(full).toBeVisible();

  room.turnsAway = null;
  room.say(olga, 'Meanwhile');
  await later(() => expect(full).toBeHidden({ timeout: 1 }));
  await ann.clock.resume();
  await texts(ann).toEqual(['Hello', 'Meanwhile', 'For later']);
  await expect(await composer(ann)).toHaveValue('half a thought');
  // The page shows it before the room has it.
  await expect.poll(() => room.messages.map(({ text }) => text)).toEqual(['Hello', 'Meanwhile', 'For later']);
});

for (const [reason, key] of Object.entries({ room_full: 'state.room_full', too_many_connections: 'state.too_many_connections' })) {
  test(`CO9 who was turned away (${reason}) can try again by a press`, async ({ visitor, server }) => {
    const ann = await visitor({ expected: TROUBLE });
    const { room } = await enterScripted(server, ann, { texts: ['Hello'] });
    room.turnsAway = reason;
    await ann.reload();
    await expect(status(ann, await sentence(ann, key))).toBeVisible();
    await expect(ann.getByText(await sentence(ann, `${key}_hint`))).toBeVisible();
    room.turnsAway = null;
    await ann.getByRole('main').getByRole('button', { name: (await names(ann)).retry }).click();
    await isConnected(room, 'Ann');
    await texts(ann).toEqual(['Hello']);
    await expect(status(ann, await sentence(ann, key))).toBeHidden();
  });
}

test('CO9 who has a room open too often is not brought back by itself', async ({ visitor, server }) => {
  const ann = await visitor({ expected: TROUBLE });
  await ann.clock.install();
  const { room } = await enterScripted(server, ann);
  room.turnsAway = 'too_many_connections';
  await ann.reload();
  await expect(status(ann, await sentence(ann, 'state.too_many_connections'))).toBeVisible();
  const sockets = socketsOf(ann);
  await ann.clock.runFor(180_000);
  await ann.evaluate(() => dispatchEvent(new Event('online')));
  expect(sockets).toEqual([]);
});

test('CO4 who was cut for reading too slowly comes back to all of it', async ({ visitor, server }) => {
  const ann = await visitor({ expected: TROUBLE });
  const { room, olga } = await enterScripted(server, ann, { texts: ['Before'] });
  room.close(1013, 'slow_reader');
  room.say(olga, 'Meanwhile');
  await texts(ann).toEqual(['Before', 'Meanwhile']);
  await isConnected(room, 'Ann');
});

test('CO7 a deploy is not noticed', async ({ visitor, server }) => {
  const ann = await visitor({ expected: TROUBLE });
  const { room, olga } = await enterScripted(server, ann, { texts: ['Before'] });
  const at = await names(ann);
  const field = await composer(ann);
  await field.fill('half a sentence');
  room.close(1012);
  room.say(olga, 'Meanwhile');
  await texts(ann).toEqual(['Before', 'Meanwhile']);
  await expect(status(ann, at.lost)).toHaveCount(0);
  await expect(field).toHaveValue('half a sentence');
  await expect(field).toBeFocused();
});
