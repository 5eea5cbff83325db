// Sending: what is written stands at once, becomes one message, and is never lost.

import { stopClock } from './support/clock.mjs';
import { expect, test } from './support/fixtures.mjs';
import { composer, expectStored, messages, names, readMessages, roomPath, send, sendQuickly } from './support/page.mjs';
import { enterScripted, isConnected, openDoor } from './support/scripted-story.mjs';
import { sentence } from './support/sentences.mjs';

const TROUBLE = [/WebSocket|ERR_CONNECTION|ERR_INTERNET_DISCONNECTED/];

const texts = (page) => expect.poll(async () => (await readMessages(page)).map(({ text }) => text));
const mine = (room) => room.messages.filter(({ author }) => author.name === 'Ann').map(({ text }) => text);
const described = (page, text) => expect(messages(page).filter({ hasText: text }));

async function expectSending(page, text) {
  await described(page, text).toHaveAccessibleDescription(new RegExp((await names(page)).sending));
}

async function expectFailed(page, text) {
  await expect(messages(page).filter({ hasText: text }).getByText((await names(page)).notSent)).toBeVisible();
}

test('SE1 what I write stands in the timeline before any answer, and the composer is free', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room } = await enterScripted(server, ann);
  room.mute = true;
  // From the key to the message in the document, in frames: a slow machine has longer ones, and needs no more of them.
  await ann.evaluate(() => {
    window.waits = [];
    let frames = 0;
    const count = () => {
      frames += 1;
      requestAnimationFrame(count);
    };
    count();
    addEventListener('keydown', ({ key }) => key === 'Enter' && (frames = 0), true);
    new MutationObserver((changes) => {
      const added = changes.flatMap(({ addedNodes }) => [...addedNodes]);
      if (added.some((node) => node.querySelector?.('article'))) window.waits.push(frames);
    }).observe(document.querySelector('main'), { childList: true, subtree: true });
  });
  for (const text of ['One', 'Two', 'Three']) {
    await send(ann, text);
    await expectSending(ann, text);
    await expect(await composer(ann)).toHaveValue('');
    await expect(await composer(ann)).toBeFocused();
  }
  const waits = await ann.evaluate(() => window.waits);
  expect(waits).toHaveLength(3);
  expect(Math.max(...waits)).toBeLessThanOrEqual(2);
});

const ORDERS = {
  'the ack first, then the echo': async ({ room }, write) => {
    room.holdsAcks = true;
    await write();
    room.releaseAcks();
  },
  'the echo first, then the ack': async (_, write) => write(),
  'both of them twice': async ({ room }, write) => {
    await write();
    const message = room.messages.at(-1);
    room.broadcast(message);
    room.broadcast({ type: 'ack', id: message.id, seq: message.seq, at: message.at });
  },
  'no word until a reconnect': async ({ room }, write) => {
    room.mute = true;
    await write();
    room.mute = false;
    room.terminate();
  },
};

for (const [order, play] of Object.entries(ORDERS)) {
  test(`SE2 one message, the same element, whatever comes: ${order}`, async ({ visitor, server }) => {
    const ann = await visitor({ expected: TROUBLE });
    const { room, olga } = await enterScripted(server, ann, { texts: ['Before'] });
    const article = messages(ann).filter({ hasText: 'Mine' });
    let written;
    await play({ room }, async () => {
      await send(ann, 'Mine');
      await expect(article).toHaveCount(1);
      written = await article.elementHandle();
      await expect.poll(() => mine(room)).toEqual(['Mine']);
    });
    // What Olga says now is heard after all the answers to mine.
    await isConnected(room, 'Ann');
    room.say(olga, 'After');

    await texts(ann).toEqual(['Before', 'Mine', 'After']);
    await expectStored(ann, 'Mine');
    expect(await written.evaluate((element) => element.isConnected)).toBe(true);
    await expect(article.getByRole('time')).toHaveAttribute('datetime', new Date(room.messages.at(-2).at).toISOString());
  });
}

test('SE3 no answer in 10 s: not sent, why, and two ways on that keys can reach', async ({ visitor, server }) => {
  const ann = await visitor();
  await ann.clock.install();
  const { room } = await enterScripted(server, ann);
  const at = await names(ann);
  room.mute = true;
  await stopClock(ann);
  await send(ann, 'Anybody?');
  await ann.clock.runFor(9_900);
  await expectSending(ann, 'Anybody?');
  await ann.clock.runFor(200);
  await ann.clock.resume();
  await expectFailed(ann, 'Anybody?');
  await described(ann, 'Anybody?').toContainText(await sentence(ann, 'error.no_answer'));

  await messages(ann).last().focus();
  await ann.keyboard.press('Tab');
  await expect(ann.getByRole('button', { name: at.retry })).toBeFocused();
  await ann.keyboard.press('Tab');
  await expect(ann.getByRole('button', { name: at.delete })).toBeFocused();
  await ann.keyboard.press('Enter');
  await expect(messages(ann)).toHaveCount(0);
});

test('SE3 a refusal says why', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room } = await enterScripted(server, ann);
  room.refuses = { code: 'busy' };
  await send(ann, 'Now?');
  await expectFailed(ann, 'Now?');
  await described(ann, 'Now?').toContainText(await sentence(ann, 'error.busy'));
});

test('SE4 a retry that the first try outruns makes one message', async ({ visitor, server }) => {
  const ann = await visitor();
  await ann.clock.install();
  const { room, olga } = await enterScripted(server, ann);
  room.mute = true;
  await send(ann, 'Once');
  await expect.poll(() => mine(room)).toEqual(['Once']);
  await ann.clock.runFor(11_000);
  await expectFailed(ann, 'Once');
  room.mute = false;
  await ann.getByRole('button', { name: (await names(ann)).retry }).click();
  await expectStored(ann, 'Once');
  const [{ id, seq, at }] = room.messages;
  room.broadcast({ type: 'ack', id, seq, at });
  room.say(olga, 'Heard');
  await texts(ann).toEqual(['Once', 'Heard']);
  expect(mine(room)).toEqual(['Once']);
});

test('SE5 what waits for the connection survives a reload and then goes out', async ({ visitor, server }) => {
  const ann = await visitor({ expected: TROUBLE });
  const { room } = await enterScripted(server, ann, { texts: ['Before'] });
  const at = await names(ann);
  server.faults.push({ path: /live/ });
  room.terminate();
  for (const text of ['One', 'Two']) await send(ann, text);
  await described(ann, 'One').toHaveAccessibleDescription(new RegExp(at.waiting));
  await ann.reload();
  await texts(ann).toEqual(['Before', 'One', 'Two']);
  await described(ann, 'Two').toHaveAccessibleDescription(new RegExp(at.waiting));
  expect(mine(room)).toEqual([]);

  await openDoor(server, ann);
  await texts(ann).toEqual(['Before', 'One', 'Two']);
  await expectStored(ann, 'Two');
  expect(mine(room)).toEqual(['One', 'Two']);
});

test('SE5 what was refused survives a reload and can still be sent', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room } = await enterScripted(server, ann);
  room.refuses = { code: 'busy' };
  await send(ann, 'Keep me');
  await expectFailed(ann, 'Keep me');
  await ann.reload();
  await expectFailed(ann, 'Keep me');
  room.refuses = null;
  await ann.getByRole('button', { name: (await names(ann)).retry }).click();
  await expectStored(ann, 'Keep me');
  expect(mine(room)).toEqual(['Keep me']);
});

test('SE5 what was sent just before a reload stands once', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room } = await enterScripted(server, ann);
  room.mute = true;
  await send(ann, 'In flight');
  await expect.poll(() => mine(room)).toEqual(['In flight']);
  room.mute = false;
  await ann.reload();
  await texts(ann).toEqual(['In flight']);
  await expectStored(ann, 'In flight');
  await ann.reload();
  await texts(ann).toEqual(['In flight']);
});

test('SE5 what was written survives a change of room and the end of the tab', async ({ visitor, server }) => {
  const ann = await visitor({ expected: TROUBLE });
  const { room, olga } = await enterScripted(server, ann);
  server.openRoom('Elsewhere', '', olga);
  server.faults.push({ path: /Workshop.live/ });
  room.terminate();
  await send(ann, 'Still here');
  await (await composer(ann)).fill('and a draft');
  await ann.goto(server.origin + roomPath('Elsewhere'));
  await expect(await composer(ann)).toHaveValue('');
  await expect(messages(ann)).toHaveCount(0);
  const again = await visitor.tab(ann, { expected: TROUBLE });
  await ann.close({ runBeforeUnload: false });

  await again.goto(server.origin + roomPath('Workshop'));
  await texts(again).toEqual(['Still here']);
  await expect(await composer(again)).toHaveValue('and a draft');
  await openDoor(server, again);
  await expectStored(again, 'Still here');
});

test('SE6 several on their way keep their order', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room } = await enterScripted(server, ann);
  room.holdsAcks = true;
  for (const text of ['One', 'Two', 'Three']) await send(ann, text);
  await expectSending(ann, 'Three');
  await texts(ann).toEqual(['One', 'Two', 'Three']);
  room.releaseAcks();
  await expectStored(ann, 'Three');
  await texts(ann).toEqual(['One', 'Two', 'Three']);
  expect(mine(room)).toEqual(['One', 'Two', 'Three']);
});

test('SE7 without a network one can write on; it waits, says so, and goes out on return', async ({ visitor, server }) => {
  const ann = await visitor({ expected: TROUBLE });
  await ann.clock.install();
  const { room } = await enterScripted(server, ann);
  const at = await names(ann);
  await ann.context().setOffline(true);
  await ann.clock.runFor(10_000);
  await expect(ann.getByRole('status').filter({ hasText: at.offline })).toBeVisible();
  for (const text of ['One', 'Two', 'Three']) {
    await send(ann, text);
    await described(ann, text).toHaveAccessibleDescription(new RegExp(at.waiting));
  }
  await ann.context().setOffline(false);
  await expectStored(ann, 'Three');
  await texts(ann).toEqual(['One', 'Two', 'Three']);
  expect(mine(room)).toEqual(['One', 'Two', 'Three']);
});

test('SE8 near the limit the rest is counted; past it nothing is sent and nothing lost', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room } = await enterScripted(server, ann);
  const field = await composer(ann);
  await field.fill('字'.repeat(3_200));
  await expect(field).toHaveAccessibleDescription('');
  await field.fill('字'.repeat(3_201));
  await expect(field).toHaveAccessibleDescription(await sentence(ann, 'composer.left', { n: 799 }));
  await field.fill('字'.repeat(4_001));
  await expect(field).toHaveAccessibleDescription(await sentence(ann, 'composer.over', { n: 1 }));
  await field.press('Enter');
  await expect(field).toHaveAccessibleDescription(new RegExp(await sentence(ann, 'error.too_long.text', { limit: 4_000 })));
  await expect(field).toHaveValue('字'.repeat(4_001));
  await expect(messages(ann)).toHaveCount(0);
  await field.press('Backspace');
  await field.press('Enter');
  await expect(messages(ann)).toHaveCount(1);
  await expect.poll(() => mine(room)).toEqual(['字'.repeat(4_000)]);
});

test('SE8 what comes too soon waits, says so, and goes out by itself, those behind it after it', async ({ visitor, server }) => {
  const ann = await visitor();
  await ann.clock.install();
  const { room } = await enterScripted(server, ann);
  const slowed = await sentence(ann, 'message.slowed');
  room.refuses = { code: 'slow_down', retry_after: 60 };
  for (const text of ['One', 'Two']) await send(ann, text);
  await expect(messages(ann).first().getByText(slowed)).toBeVisible();
  await expectSending(ann, 'Two');
  await expect(ann.getByRole('alert').filter({ hasText: /./ })).toHaveCount(0);
  room.refuses = null;
  await ann.clock.runFor(30_000);
  expect(mine(room)).toEqual([]);
  await ann.clock.runFor(30_000);
  await expectStored(ann, 'Two');
  expect(mine(room)).toEqual(['One', 'Two']);
  await expect(ann.getByText(slowed)).toHaveCount(0);
});

test('SE8 an edit that comes too soon is seen, waits, and goes out by itself', async ({ visitor, server }) => {
  const ann = await visitor();
  await ann.clock.install();
  const { room } = await enterScripted(server, ann);
  const at = await names(ann);
  await send(ann, 'Teh end');
  await expectStored(ann, 'Teh end');
  room.refuses = { code: 'slow_down', retry_after: 3 };
  await (await composer(ann)).press('ArrowUp');
  await ann.getByRole('textbox', { name: at.editing }).fill('The end');
  await ann.getByRole('textbox', { name: at.editing }).press('Enter');
  await expect(messages(ann).filter({ hasText: 'The end' }).getByText(await sentence(ann, 'message.slowed'))).toBeVisible();
  room.refuses = null;
  await ann.clock.runFor(3_000);
  await expect.poll(() => mine(room)).toEqual(['The end']);
  await expect(ann.getByText(await sentence(ann, 'message.slowed'))).toHaveCount(0);
});

test('SE8 five hundred quick Enters lose nothing and keep their order', async ({ visitor, server }) => {
  const ann = await visitor();
  await ann.clock.install();
  const { room } = await enterScripted(server, ann);
  Object.assign(room, { takes: 30, takesMore: 100 });
  const written = Array.from({ length: 500 }, (_, index) => `Line ${index + 1}`);
  await sendQuickly(ann, written);
  await expect(async () => {
    await ann.clock.runFor(1_000);
    expect(mine(room).length).toBe(500);
  }).toPass({ timeout: 60_000 });
  expect(mine(room)).toEqual(written);
  await expectStored(ann, 'Line 500');
  await expect.poll(() => ann.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('/outbox/')))).toEqual([]);
});

test('SE9 nothing visible is nothing to send', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room } = await enterScripted(server, ann);
  const field = await composer(ann);
  for (const nothing of ['', '   ', '\n\n', '\u3000\u3000', '\u200b', '\ufeff\u2060 \u00a0', '\u2800']) {
    await field.fill(nothing);
    await field.press('Enter');
  }
  await send(ann, 'Something');
  await texts(ann).toEqual(['Something']);
  expect(mine(room)).toEqual(['Something']);
});
