// What a screen reader hears, and what it finds.

import { stopClock } from './support/clock.mjs';
import { expect, test } from './support/fixtures.mjs';
import { actionsOf, announced, composer, messages, names, roomPath, send } from './support/page.mjs';
import { enterScripted, isConnected, openDoor } from './support/scripted-story.mjs';
import { sentence } from './support/sentences.mjs';

const TROUBLE = [/WebSocket|ERR_CONNECTION/];

/** Everything that was ever put into live regions with this role from now on, oldest first. */
async function listen(page, role) {
  await page.evaluate((wanted) => {
    const heard = (window.heard ??= {});
    heard[wanted] = [];
    for (const region of document.querySelectorAll(`[role="${wanted}"]`)) {
      new MutationObserver((changes) => {
        for (const { addedNodes } of changes) for (const { textContent } of addedNodes) if (textContent) heard[wanted].push(textContent);
      }).observe(region, { childList: true, subtree: true });
    }
  }, role);
  return expect.poll(() => page.evaluate((wanted) => window.heard[wanted], role));
}

const spoken = async (page, person, text) => sentence(page, 'announce.message', { name: `${person.name} · ${(await names(page)).guest(person.tag)}`, text });

test('A1 landmarks, one heading with the room’s name, and a title that names it', async ({ visitor, server }) => {
  const ann = await visitor();
  await enterScripted(server, ann, { texts: ['Hello'] });
  const at = await names(ann);
  await expect(ann.getByRole('navigation', { name: at.rooms })).toHaveCount(1);
  await expect(ann.getByRole('main')).toHaveCount(1);
  await expect(ann.getByRole('heading', { level: 1 })).toHaveText(['Workshop']);
  await expect(ann.getByRole('complementary')).toHaveCount(1);
  await expect(ann).toHaveTitle('Workshop – HiHi Chat');
});

test('A1 a hidden page counts what came in its title', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, olga } = await enterScripted(server, ann);
  await ann.evaluate(() => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  for (const text of ['One', 'Two', 'Three']) room.say(olga, text);
  await expect(ann).toHaveTitle(await sentence(ann, 'chat.title_unread', { n: 3, room: 'Workshop', app: 'HiHi Chat' }));
  await ann.evaluate(() => {
    delete document.hidden;
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await expect(ann).toHaveTitle('Workshop – HiHi Chat');
});

test('A2 the timeline is a named region with a list, each message with author, time and text', async ({ visitor, server, locale, timezoneId }) => {
  const ann = await visitor();
  const { room, olga } = await enterScripted(server, ann);
  const noon = new Date();
  noon.setUTCHours(noon.getUTCHours() - 1, 0, 0, 0);
  room.say(olga, 'First', { at: noon.getTime() });
  room.say(olga, 'Grouped below it', { at: noon.getTime() + 1_000 });
  const at = await names(ann);
  const timeline = ann.getByRole('region', { name: at.messages('Workshop') });
  const list = timeline.getByRole('list');
  await expect(list.getByRole('article')).toHaveCount(2);
  const time = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit', timeZone: timezoneId }).format(noon);
  for (const [place, text] of ['First', 'Grouped below it'].entries()) {
    const message = list.getByRole('article').nth(place);
    await expect(message).toHaveAccessibleName(`Olga · ${at.guest(olga.tag)} ${time}`);
    await expect(message).toHaveAccessibleDescription(text);
  }
});

test('A3 live messages of others are spoken; history, repairs and my own are not', async ({ visitor, server }) => {
  const ann = await visitor({ expected: TROUBLE });
  const { room, olga } = await enterScripted(server, ann, { texts: Array.from({ length: 60 }, (_, index) => `Past ${index}`) });
  const log = await listen(ann, 'log');
  expect(await announced(ann)).toEqual([]);
  // Loading older ones, mine, what was missed, somebody typing, coming and going
  await expect(async () => {
    await ann.getByRole('region', { name: (await names(ann)).messages('Workshop') }).hover();
    await ann.mouse.wheel(0, -3_000);
    await expect(messages(ann)).toHaveCount(60, { timeout: 500 });
  }).toPass();
  await send(ann, 'Mine');
  room.terminate();
  room.say(olga, 'Missed', { tell: false });
  await expect(messages(ann).last()).toContainText('Missed');
  room.broadcast({ type: 'typing', person: olga });
  room.join(server.person('Pete'));
  room.say(olga, 'Live');
  await log.toEqual([await spoken(ann, olga, 'Live')]);
  // Said again by a server that woke: not spoken again
  room.broadcast(room.messages.at(-1));
  room.say(olga, 'And another');
  await log.toEqual([await spoken(ann, olga, 'Live'), await spoken(ann, olga, 'And another')]);
});

test('A3 what is changed, deleted or reacted to is not spoken', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, olga } = await enterScripted(server, ann, { texts: ['One', 'Two'] });
  const at = await names(ann);
  const log = await listen(ann, 'log');
  room.change(olga, 1, { type: 'edited', text: 'Changed' });
  room.change(olga, 2, { type: 'deleted' });
  room.change(olga, 1, { type: 'reacted', reaction: '👍', on: true });
  await expect(messages(ann).first().getByRole('button', { name: '👍 1' })).toBeVisible();
  await expect(messages(ann).last().getByText(at.tombstone)).toBeVisible();
  room.say(olga, 'New');
  await log.toEqual([await spoken(ann, olga, 'New')]);
});

test('A5 a deletion of mine is said politely, and so is one that the room refuses', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, me } = await enterScripted(server, ann);
  const at = await names(ann);
  for (const text of ['One', 'Two']) room.say(me, text);
  const status = await listen(ann, 'status');
  const alert = await listen(ann, 'alert');
  const remove = async (message) => {
    await (await actionsOf(ann, message)).getByRole('button', { name: at.delete, exact: true }).click();
    await ann.getByRole('dialog').getByRole('button', { name: at.delete, exact: true }).click();
  };
  await remove(messages(ann).first());
  await status.toEqual([await sentence(ann, 'message.deleted')]);
  room.refuses = { code: 'forbidden' };
  await remove(messages(ann).last());
  await status.toEqual([await sentence(ann, 'message.deleted'), await sentence(ann, 'error.forbidden')]);
  await expect(messages(ann).last()).toContainText('Two');
  await alert.toEqual([]);
});

for (const [how, gathers] of [['one after the other', false], ['in one frame', true]]) {
  test(`A4 a burst is summed up, ${how}`, async ({ visitor, server }) => {
    const ann = await visitor();
    await ann.clock.install();
    const { room, olga } = await enterScripted(server, ann);
    room.gathers = gathers;
    const log = await listen(ann, 'log');
    await stopClock(ann);
    for (let number = 1; number <= 12; number += 1) room.say(olga, `Burst ${number}`);
    await expect.poll(() => ann.locator('hihi-announcer').evaluate(({ session }) => session.timeline.upTo)).toBe(12);
    await ann.clock.runFor(3_000);
    await log.toEqual([await sentence(ann, 'announce.many', { n: 12 })]);
    await ann.clock.resume();
  });
}

test('A5 a lost connection and its return are said politely; nothing is an alarm', async ({ visitor, server }) => {
  const ann = await visitor({ expected: TROUBLE });
  const { room } = await enterScripted(server, ann);
  const status = await listen(ann, 'status');
  const alert = await listen(ann, 'alert');
  server.faults.push({ path: /live/ });
  room.terminate();
  const lost = await sentence(ann, 'connection.lost');
  await status.toContain(lost);
  await openDoor(server, ann);
  await status.toContain(await sentence(ann, 'connection.back'));
  await alert.toEqual([]);
});

test('A5 a message that fails is said once', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room } = await enterScripted(server, ann);
  const status = await listen(ann, 'status');
  room.refuses = { code: 'busy' };
  await send(ann, 'Lost?');
  await expect(messages(ann).getByText((await names(ann)).notSent)).toBeVisible();
  await status.toEqual([await sentence(ann, 'message.failed', { why: await sentence(ann, 'error.busy') })]);
});

test('A6 the announcer keeps no more than the last few', async ({ visitor, server }) => {
  const ann = await visitor();
  await ann.clock.install();
  const { room, olga } = await enterScripted(server, ann);
  for (let number = 1; number <= 20; number += 1) {
    room.say(olga, `Number ${number}`);
    await expect(messages(ann)).toHaveCount(number);
    await ann.clock.runFor(3_000);
  }
  await expect.poll(() => announced(ann)).toContain(await spoken(ann, olga, 'Number 20'));
  expect((await announced(ann)).length).toBeLessThanOrEqual(5);
});

test('A8 every button says in words what it does', async ({ visitor, server }) => {
  const ann = await visitor({ viewport: { width: 800, height: 700 } });
  await enterScripted(server, ann);
  const at = await names(ann);
  for (const name of [at.searchMessages, at.copyLink, at.members, at.send]) {
    await expect(ann.getByRole('button', { name, exact: true })).toBeVisible();
  }
  await ann.goto(server.origin + roomPath('Workshop'));
  await expect(await composer(ann)).toBeVisible();
  const nameless = await ann.getByRole('button').evaluateAll((buttons) => (
    buttons.filter((button) => !(button.ariaLabel || button.textContent.trim())).map((button) => button.outerHTML)));
  expect(nameless).toEqual([]);
});

test('A7 who is here, what is on its way and what failed has words, not only a colour', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, olga } = await enterScripted(server, ann);
  const at = await names(ann);
  room.mute = true;
  await send(ann, 'On its way');
  await expect(messages(ann).filter({ hasText: 'On its way' })).toHaveAccessibleDescription(new RegExp(at.sending));
  room.mute = false;
  room.refuses = { code: 'busy' };
  await send(ann, 'Refused');
  await expect(messages(ann).filter({ hasText: 'Refused' })).toHaveAccessibleDescription(new RegExp(await sentence(ann, 'error.busy')));
  const members = ann.getByRole('group', { name: at.members });
  await expect(members.getByRole('heading', { name: await sentence(ann, 'members.online', { n: 1 }) })).toBeVisible();
  await expect(members.getByRole('heading', { name: await sentence(ann, 'members.away') })).toBeVisible();
  await expect(members).toContainText(olga.name);
});

test('TP3 TP2 somebody typing is seen, and spoken nowhere', async ({ visitor, server }) => {
  const ann = await visitor();
  await ann.clock.install();
  const { room, olga } = await enterScripted(server, ann);
  await stopClock(ann);
  const heard = [await listen(ann, 'log'), await listen(ann, 'status'), await listen(ann, 'alert')];
  room.broadcast({ type: 'typing', person: olga });
  const line = ann.getByText(await sentence(ann, 'typing.one', { a: 'Olga' }));
  await expect(line).toBeVisible();
  for (const region of heard) await region.toEqual([]);
  expect(await line.evaluate((element) => element.closest('[role=log], [role=status], [role=alert], [aria-live]'))).toBeNull();
  await ann.clock.resume();
});

test('TP5 five who join at once are one line, which nobody has to see', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room } = await enterScripted(server, ann);
  const joins = (people) => people.forEach((name) => room.join(server.person(name)));
  const line = async (names) => sentence(ann, 'comings.joined', { joined: new Intl.ListFormat(await ann.locator('html').getAttribute('lang'), { type: 'conjunction' }).format(names) });
  joins(['Bo', 'Cy', 'Di', 'Ed', 'Fay']);
  await expect(ann.getByText(await line(['Bo', 'Cy', await sentence(ann, 'person.others', { n: 3 })]))).toBeVisible();
  await ann.getByRole('button', { name: await sentence(ann, 'notices.open') }).click();
  await ann.getByRole('checkbox', { name: await sentence(ann, 'comings.show') }).uncheck();
  await ann.getByRole('radio', { name: new RegExp(`^${await sentence(ann, 'notices.none')}`) }).check();
  await ann.getByRole('button', { name: await sentence(ann, 'settings.save') }).click();
  await ann.reload();
  await ann.locator('.composer__emoji').waitFor();
  await isConnected(room, 'Ann');
  joins(['Gil']);
  await expect(ann.getByRole('group', { name: (await names(ann)).members }).getByText('Gil', { exact: true })).toBeVisible();
  await expect(ann.getByText(await line(['Gil']))).toHaveCount(0);
});
