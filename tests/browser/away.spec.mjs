// Away and back on the real Worker: what was missed arrives, also where no socket lives, and after hours of sleep.

import { expect, test } from './support/fixtures.mjs';
import { messages, names, readMessages, send } from './support/page.mjs';
import { expectAtEnd, expectStillReading, reading, wheel } from './support/place.mjs';
import { enterScripted } from './support/scripted-story.mjs';
import { sentence } from './support/sentences.mjs';
import { comeAs, counted, enter, hostAs, saidIn, saySo, unique } from './support/world.mjs';

const TROUBLE = [/WebSocket|ERR_CONNECTION/];

const texts = (page) => expect.poll(async () => (await readMessages(page)).map(({ text }) => text), { timeout: 30_000 });
const status = async (page, key) => page.getByRole('status').filter({ hasText: await sentence(page, key) });

/** A network between the page and its sockets: `open` says whether any lives, `heard` is what the room said. Returns it. */
async function network(page) {
  const net = { open: true, routes: new Set(), heard: [] };
  await page.routeWebSocket(/\/live/, (route) => {
    if (!net.open) return route.close({ code: 1001 });
    net.routes.add(route);
    const server = route.connectToServer();
    server.onMessage((message) => {
      net.heard.push(message);
      route.send(message);
    });
    return server;
  });
  net.cut = async () => {
    net.open = false;
    for (const route of net.routes) await route.close({ code: 1001 });
    net.routes.clear();
  };
  return net;
}

/** Ann's page behind a network, and Bob's, in a room where Bob said these. */
async function annAndBob(visitor, said) {
  const room = unique('far away');
  const bob = await visitor();
  await hostAs(bob, 'Bob', room);
  await saySo(bob, room, said);
  const ann = await visitor({ expected: TROUBLE });
  const net = await network(ann);
  await comeAs(ann, 'Ann', room);
  await texts(ann).toEqual(said);
  return { room, bob, ann, net };
}

test('CO4 what was said, edited and deleted while I was away arrives, once and in order', async ({ visitor }) => {
  const { room, bob, ann, net } = await annAndBob(visitor, ['One', 'Two', 'Three']);
  const [one, two] = await saidIn(bob, room);
  await net.cut();
  await enter(bob, room, { type: 'edit', seq: one.seq, text: 'One, better' });
  await enter(bob, room, { type: 'delete', seq: two.seq });
  await saySo(bob, room, ['Four']);
  net.open = true;
  await texts(ann).toEqual(['One, better', expect.not.stringContaining('Two'), 'Three', 'Four']);
  // All of it came with the welcome.
  const frames = net.heard.map((message) => JSON.parse(message)).map(({ type, frames: several }) => several?.map((one) => one.type) ?? [type]);
  expect(frames.find((types) => types.includes('edited')).slice(0, 4)).toEqual(['welcome', 'edited', 'deleted', 'message']);
});

test('CO4 SE7 where no socket lives messages come and go by requests, and none twice when one does again', async ({ visitor }) => {
  // Given Ann in a network that closes every socket
  const { room, bob, ann, net } = await annAndBob(visitor, ['One', 'Two']);
  const [one] = await saidIn(bob, room);
  await net.cut();
  const slow = await status(ann, 'connection.slow');
  await expect(slow).toBeVisible({ timeout: 30_000 });

  // Then what Bob does arrives all the same
  await enter(bob, room, { type: 'edit', seq: one.seq, text: 'One, better' });
  await saySo(bob, room, ['Three']);
  await texts(ann).toEqual(['One, better', 'Two', 'Three']);

  // And so does what Ann writes, in order
  for (const text of ['Mine 1', 'Mine 2', 'Mine 3']) await send(ann, text);
  const all = ['One, better', 'Two', 'Three', 'Mine 1', 'Mine 2', 'Mine 3'];
  await texts(bob).toEqual(all);
  await texts(ann).toEqual(all);
  await expect(messages(ann).getByText((await names(ann)).sending)).toHaveCount(0);

  // And when the network is good again, by a socket
  net.open = true;
  await ann.getByRole('button', { name: (await names(ann)).tryNow }).click();
  await expect(slow).toBeHidden();
  await expect(await status(ann, 'connection.back')).toBeVisible();
  await saySo(bob, room, ['Four']);
  await send(ann, 'Mine 4');
  for (const page of [ann, bob]) await texts(page).toEqual([...all, 'Four', 'Mine 4']);
});

test('CO8 a tab that slept for hours is up to date on return, and where it was', async ({ visitor, server }) => {
  const ann = await visitor({ expected: TROUBLE });
  await ann.clock.install();
  const { room, olga } = await enterScripted(server, ann, { texts: counted('Past', 1, 120) });
  await expectAtEnd(ann);
  await wheel(ann, -1_200);
  const place = await reading(ann);
  const hide = (hidden) => ann.evaluate((now) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => now });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);

  // Given a tab that is put to sleep, and its socket with it
  await hide(true);
  server.faults.push({ path: /live/ });
  room.terminate();
  for (const text of counted('Missed', 1, 520)) room.say(olga, text, { tell: false });

  // When it is looked at again hours later
  server.faults.length = 0;
  await ann.clock.fastForward('05:00:00');
  await hide(false);

  // Then it catches up, tells what it left out, and nothing moved
  const jump = ann.getByRole('button', { name: (await names(ann)).latest });
  await expect(await status(ann, 'connection.lost')).toHaveCount(0);
  await expect(ann.getByRole('button', { name: await sentence(ann, 'timeline.gap', { n: 470 }) })).toBeAttached();
  await expectStillReading(ann, place);
  await jump.click();
  await expect(messages(ann).last()).toHaveAccessibleDescription('Missed 520');
  await expectAtEnd(ann);
});
