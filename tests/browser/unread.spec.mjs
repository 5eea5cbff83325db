// What I have not read: where it begins, when it counts as read, and who is told of it.

import { expect, test } from './support/fixtures.mjs';
import { composer, logInAs, messages, names, openRoom, roomPath, send } from './support/page.mjs';
import { enterScripted, isConnected } from './support/scripted-story.mjs';
import { sentence } from './support/sentences.mjs';
import { counted, haveAccount, hostAs, saidIn, unique, whoIs } from './support/world.mjs';

const LONG = counted('Past', 1, 120);

const said = (page, text) => messages(page).filter({ hasText: new RegExp(`${text}$`) });
const divider = async (page) => page.getByRole('main').getByRole('listitem').filter({ hasText: new RegExp(`^${await sentence(page, 'timeline.new')}$`) });
const row = (page, name) => page.getByRole('listitem').filter({ has: page.getByRole('link', { name, exact: true }) });
const unread = (page, n) => sentence(page, 'rooms.unread', { n });
const titled = (page, n, room) => sentence(page, 'chat.title_unread', { n, room, app: 'HiHi Chat' });

async function timelineOf(page) {
  return page.getByRole('region', { name: (await names(page)).messages('Workshop') });
}

async function toEnd(page) {
  await (await timelineOf(page)).evaluate((region) => (region.scrollTop = region.scrollHeight));
}

/** Looks away from the page or back at it: it is hidden, or another window has the focus. */
function look(page, { hidden = false, focused = true }) {
  return page.evaluate((now) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => now.hidden });
    document.hasFocus = () => now.focused;
    document.dispatchEvent(new Event('visibilitychange'));
    dispatchEvent(new Event(now.focused ? 'focus' : 'blur'));
  }, { hidden, focused });
}

/** Makes a page where it can be seen which frames it sends. */
async function whoReads(visitor) {
  const page = await visitor();
  await page.clock.install();
  return page;
}

for (const [what, read] of [['of the newest page', 90], ['further back than the newest page', 30]]) {
  test(`SC1 a room opens at the first unread message ${what}, with what was said before in view`, async ({ visitor, server }) => {
    const ann = await visitor();
    await enterScripted(server, ann, { texts: LONG, read });
    await expect(await divider(ann)).toBeInViewport({ ratio: 1 });
    await expect(said(ann, `Past ${read}`)).toBeInViewport();
    await expect(said(ann, `Past ${read + 1}`)).toBeInViewport({ ratio: 1 });
    await expect(messages(ann).last()).not.toBeInViewport();
    const place = (locator) => locator.evaluate((element) => element.getBoundingClientRect().top);
    expect(await place(await divider(ann))).toBeGreaterThan(await place(said(ann, `Past ${read}`)));
    expect(await place(await divider(ann))).toBeLessThan(await place(said(ann, `Past ${read + 1}`)));
  });
}

test('SC1 with little unread the end is in view too', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room } = await enterScripted(server, ann, { texts: LONG, read: 118 });
  await expect(await divider(ann)).toBeInViewport({ ratio: 1 });
  await expect(messages(ann).last()).toBeInViewport({ ratio: 1 });
  await expect.poll(() => room.heardRead).toEqual([120]);
});

test('UN1 the divider stays while I read, and is gone at the next opening', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, olga } = await enterScripted(server, ann, { texts: LONG, read: 110 });
  await expect(await divider(ann)).toBeInViewport();
  await toEnd(ann);
  await expect(ann).toHaveTitle('Workshop – HiHi Chat');
  room.say(olga, 'One more');
  await send(ann, 'And mine');
  await expect(messages(ann).last()).toContainText('And mine');
  await expect(await divider(ann)).toHaveCount(1);
  await expect(said(ann, 'Past 111')).toHaveCount(1);
  await ann.reload();
  await expect(messages(ann).last()).toContainText('And mine');
  await expect(await divider(ann)).toHaveCount(0);
});

test('UN1 what came while I was away from the page has a divider when I am back', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, olga } = await enterScripted(server, ann, { texts: ['Before'] });
  await expect(await divider(ann)).toHaveCount(0);
  await look(ann, { hidden: true, focused: false });
  for (const text of ['First of them', 'Second']) room.say(olga, text);
  await expect(await divider(ann)).toHaveCount(1);
  await look(ann, {});
  await expect(ann).toHaveTitle('Workshop – HiHi Chat');
  const rows = ann.getByRole('main').getByRole('list').first().getByRole('listitem');
  const texts = (await rows.allTextContents()).map((text) => /(New|Before|First of them|Second)$/.exec(text)?.[1]).filter(Boolean);
  expect(texts).toEqual(['Before', await sentence(ann, 'timeline.new'), 'First of them', 'Second']);
});

test('UN2 what a hidden or unfocused page shows is not read; looked at, one frame says so', async ({ visitor, server }) => {
  const ann = await whoReads(visitor);
  const { room, olga } = await enterScripted(server, ann, { texts: ['Before'] });
  for (const away of [{ hidden: true, focused: false }, { focused: false }]) {
    const heard = room.heardRead.length;
    await look(ann, away);
    const { seq } = room.say(olga, `Said ${heard}`);
    await expect(ann).toHaveTitle(await titled(ann, 1, 'Workshop'));
    await ann.clock.runFor(20_000);
    expect(room.heardRead.length).toBe(heard);
    await look(ann, {});
    await expect(ann).toHaveTitle('Workshop – HiHi Chat');
    await ann.clock.runFor(6_000);
    await expect.poll(() => room.heardRead.slice(heard)).toEqual([seq]);
  }
});

test('UN2 what is below the view is not read, and is when the end comes into view', async ({ visitor, server }) => {
  const ann = await whoReads(visitor);
  const { room } = await enterScripted(server, ann, { texts: LONG, read: 60 });
  await expect(await divider(ann)).toBeInViewport();
  await ann.clock.runFor(20_000);
  expect(room.heardRead).toEqual([]);
  await expect(ann).toHaveTitle(await titled(ann, 60, 'Workshop'));
  await toEnd(ann);
  await expect(ann).toHaveTitle('Workshop – HiHi Chat');
  await ann.clock.runFor(6_000);
  await expect.poll(() => room.heardRead).toEqual([120]);
});

test('UN2 nothing is read before the script is there that leads to what is new', async ({ visitor, server }) => {
  const ann = await whoReads(visitor);
  let release;
  const held = new Promise((done) => (release = done));
  await ann.route('**/js/elements/news.js', async (route) => {
    await held;
    await route.continue();
  });
  const { room } = await enterScripted(server, ann, { texts: LONG, read: 60 });
  await expect(messages(ann).last()).toBeInViewport();
  await ann.clock.runFor(20_000);
  expect(room.heardRead).toEqual([]);
  release();
  await expect(await divider(ann)).toBeInViewport();
  await ann.clock.runFor(20_000);
  expect(room.heardRead).toEqual([]);
  await expect(ann).toHaveTitle(await titled(ann, 60, 'Workshop'));
});

test('UN2 a page that goes says at once how far it was read', async ({ visitor, server }) => {
  const ann = await whoReads(visitor);
  const { room, olga } = await enterScripted(server, ann, { texts: ['Before'] });
  const { seq } = room.say(olga, 'Read and left');
  await expect(messages(ann).last()).toContainText('Read and left');
  await look(ann, { hidden: true, focused: false });
  await expect.poll(() => room.heardRead).toEqual([seq]);
});

test('UN3 who reads an old message afterwards has still read the new ones, and a late frame takes nothing back', async ({ visitor, server }) => {
  const ann = await whoReads(visitor);
  const { room, olga } = await enterScripted(server, ann, { texts: LONG, read: 100 });
  await expect(await divider(ann)).toBeInViewport();
  await toEnd(ann);
  await ann.clock.runFor(6_000);
  await expect.poll(() => room.heardRead).toEqual([120]);
  await (await timelineOf(ann)).evaluate((region) => (region.scrollTop = 0));
  await expect(messages(ann).last()).not.toBeInViewport();
  room.broadcast({ type: 'read', seq: 40 });
  const { seq } = room.say(olga, 'Later');
  await expect(ann).toHaveTitle(await titled(ann, 1, 'Workshop'));
  await toEnd(ann);
  await expect(ann).toHaveTitle('Workshop – HiHi Chat');
  await ann.clock.runFor(6_000);
  await expect.poll(() => room.heardRead).toEqual([120, seq]);
});

test('UN4 A8 the list counts what is unread by room, mentions apart, and past 99 only that', async ({ visitor, server }) => {
  const ann = await visitor();
  const { olga, me } = await enterScripted(server, ann, { texts: ['Before'] });
  const [few, many] = ['Kitchen', 'Market'].map((name) => server.openRoom(name, '', olga));
  for (const room of [few, many]) room.join(me);
  for (const text of ['One', 'Two', 'Three']) few.say(olga, text, text === 'Two' ? { mentions: [{ id: me.id, name: me.name }] } : {});
  for (const text of counted('Apple', 1, 120)) many.say(olga, text);
  await ann.goto(`${server.origin}/roomlist`);

  await expect(row(ann, 'Kitchen')).toContainText('@1');
  await expect(row(ann, 'Kitchen')).toContainText(await unread(ann, 3));
  await expect(row(ann, 'Kitchen')).toContainText(await sentence(ann, 'rooms.mentioned', { n: 1 }));
  await expect(ann.getByRole('link', { name: 'Kitchen' })).toHaveAccessibleDescription(new RegExp(await unread(ann, 3)));
  await expect(row(ann, 'Market')).toContainText('99+');
  await expect(row(ann, 'Market')).toContainText(await unread(ann, 120));
  await expect(row(ann, 'Workshop')).not.toContainText(await unread(ann, 1));
  await expect(ann).toHaveTitle(await sentence(ann, 'chat.title_unread', { n: '99+', room: await sentence(ann, 'rooms.title'), app: 'HiHi Chat' }));

  // The same beside an open room, whose own number falls as it is read.
  await ann.goto(server.origin + roomPath('Kitchen'));
  await isConnected(few, 'Ann');
  await expect(row(ann, 'Market')).toContainText('99+');
  await expect(row(ann, 'Kitchen')).toHaveCount(1);
  await expect(row(ann, 'Kitchen')).not.toContainText('@1');
  await expect(ann).toHaveTitle('Kitchen – HiHi Chat');
});

test('UN4 what one tab reads is read in the others', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, olga } = await enterScripted(server, ann, { texts: ['Before'] });
  await look(ann, { hidden: true, focused: false });
  const list = await visitor.tab(ann);
  await list.goto(`${server.origin}/roomlist`);
  for (const text of ['One', 'Two']) room.say(olga, text);
  await expect(ann).toHaveTitle(await titled(ann, 2, 'Workshop'));
  await list.reload();
  await expect(row(list, 'Workshop')).toContainText(await unread(list, 2));

  const other = await visitor.tab(ann);
  await other.goto(server.origin + roomPath('Workshop'));
  await expect(messages(other).last()).toContainText('Two');
  await expect(ann).toHaveTitle('Workshop – HiHi Chat');
  await expect(row(list, 'Workshop')).not.toContainText(await unread(list, 2));
});

test('UN4 what I read on another device is read here', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, olga, me } = await enterScripted(server, ann, { texts: ['Before'] });
  await look(ann, { focused: false });
  for (const text of ['One', 'Two', 'Three']) room.say(olga, text);
  await expect(ann).toHaveTitle(await titled(ann, 3, 'Workshop'));
  room.markers.set(me.id, room.seq - 1);
  room.broadcast({ type: 'read', seq: room.seq - 1 });
  await expect(ann).toHaveTitle(await titled(ann, 1, 'Workshop'));
  room.broadcast({ type: 'read', seq: room.seq });
  await expect(ann).toHaveTitle('Workshop – HiHi Chat');
});

test('UN4 an open list asks again every 30 seconds, while somebody can see it', async ({ visitor, server }) => {
  const ann = await whoReads(visitor);
  const { room, olga } = await enterScripted(server, ann, { texts: ['Before'] });
  await ann.goto(`${server.origin}/roomlist`);
  await expect(row(ann, 'Workshop')).toBeVisible();
  let asked = 0;
  ann.on('request', (request) => (asked += request.url().includes('of=me')));
  room.say(olga, 'News');
  await ann.clock.runFor(30_000);
  await expect(row(ann, 'Workshop')).toContainText(await unread(ann, 1));
  expect(asked).toBe(1);
  await look(ann, { hidden: true, focused: false });
  await ann.clock.runFor(300_000);
  expect(asked).toBe(1);
});

test('UN5 while the divider is above the view a button says how much is new, since when, and leads there', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, olga } = await enterScripted(server, ann, { texts: LONG });
  await expect(messages(ann).last()).toBeInViewport();
  await look(ann, { hidden: true, focused: false });
  for (const text of counted('Fresh', 1, 40)) room.say(olga, text);
  await expect(messages(ann).last()).toContainText('Fresh 40');
  await look(ann, {});
  const bar = ann.getByRole('button', { name: await sentence(ann, 'timeline.news_go') });
  const time = new Intl.DateTimeFormat(await ann.locator('html.scripted').getAttribute('lang'), { hour: 'numeric', minute: '2-digit', timeZone: 'America/New_York' });
  await expect(bar).toContainText(await sentence(ann, 'timeline.news', { n: 40, time: time.format(room.messages[120].at) }));
  await bar.click();
  await expect(await divider(ann)).toBeInViewport({ ratio: 1 });
  await expect(said(ann, 'Fresh 1')).toBeFocused();
  await expect(bar).toBeHidden();
  await toEnd(ann);
  await expect(messages(ann).last()).toBeInViewport();
  await expect(bar).toBeHidden();
});

test('UN5 marked as unread from a message on, it is unread in title and list, and the room opens there the next time', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, olga } = await enterScripted(server, ann, { texts: LONG });
  server.openRoom('Elsewhere', '', olga);
  await expect(messages(ann).last()).toBeInViewport();
  const from = said(ann, 'Past 101');
  await from.scrollIntoViewIfNeeded();
  // By keys, as everything: into the message, along its actions.
  await from.focus();
  await ann.keyboard.press('Enter');
  const mark = ann.getByRole('button', { name: await sentence(ann, 'message.unread') });
  while (!(await mark.evaluate((button) => button === document.activeElement))) await ann.keyboard.press('ArrowRight');
  await ann.keyboard.press('Enter');
  await expect(from).toBeFocused();
  await expect(ann).toHaveTitle(await titled(ann, 20, 'Workshop'));
  await expect(row(ann, 'Workshop')).toContainText(await unread(ann, 20));
  const place = (locator) => locator.evaluate((element) => element.getBoundingClientRect().top);
  expect(await place(await divider(ann))).toBeLessThan(await place(from));

  // Looking on reads nothing; what comes is unread too.
  await toEnd(ann);
  room.say(olga, 'One more');
  await expect(ann).toHaveTitle(await titled(ann, 21, 'Workshop'));

  await ann.goto(server.origin + roomPath('Elsewhere'));
  await expect(row(ann, 'Workshop')).toContainText(await unread(ann, 21));
  await ann.goto(server.origin + roomPath('Workshop'));
  await expect(await divider(ann)).toBeInViewport({ ratio: 1 });
  await expect(said(ann, 'Past 101')).toBeInViewport({ ratio: 1 });
  await toEnd(ann);
  await expect(ann).toHaveTitle('Workshop – HiHi Chat');
});

test('UN6 the icon of an installed page shows what is unread, where there is such a thing', async ({ visitor, server }) => {
  const ann = await visitor();
  await ann.addInitScript(() => {
    window.badges = [];
    navigator.setAppBadge = async (count) => window.badges.push(count);
    navigator.clearAppBadge = async () => window.badges.push(0);
  });
  const { olga, me } = await enterScripted(server, ann, { texts: ['Before'] });
  const kitchen = server.openRoom('Kitchen', '', olga);
  kitchen.join(me);
  for (const text of ['One', 'Two']) kitchen.say(olga, text);
  await ann.goto(`${server.origin}/roomlist`);
  await expect.poll(() => ann.evaluate(() => window.badges.at(-1))).toBe(2);
  await ann.goto(server.origin + roomPath('Kitchen'));
  await expect.poll(() => ann.evaluate(() => window.badges.at(-1))).toBe(0);

  // Elsewhere there is none, or it refuses: the list stands all the same, and the console is silent.
  for (const answer of [() => Promise.reject(new DOMException('no', 'NotAllowedError')), undefined]) {
    const bo = await visitor();
    await bo.addInitScript(`navigator.setAppBadge = navigator.clearAppBadge = ${answer}`);
    await bo.request.post(`${server.origin}/api/guest`, { data: { name: 'Bo' } });
    await bo.goto(`${server.origin}/roomlist`);
    await expect(row(bo, 'Kitchen')).toBeVisible();
  }
});

test('UN4 on the real server what one device of an account reads the other has read', async ({ visitor }) => {
  const room = unique('Lobby');
  const [olga, phone] = [await visitor(), await visitor({ viewport: { width: 360, height: 640 } })];
  await hostAs(olga, 'Olga', room);
  const name = unique('Ann');
  await haveAccount(phone, name, 'a few words together');
  await phone.request.put(`/api/rooms/${encodeURIComponent(room)}/membership`);
  const { id } = await whoIs(phone);
  // Said while she is away: two messages, one of which mentions her.
  await send(olga, 'Is anybody here?');
  await (await composer(olga)).pressSequentially(`@${name.slice(0, 5)}`);
  await expect(olga.getByRole('main').getByRole('option', { name })).toBeVisible();
  await olga.keyboard.press('Enter');
  await olga.keyboard.press('Enter');
  await expect.poll(async () => (await saidIn(olga, room)).at(-1).mentions).toEqual([{ id, name }]);

  const desk = await visitor();
  await logInAs(desk, name, 'a few words together');
  await openRoom(desk, room);
  await expect(messages(desk).last()).toContainText(name);
  await expect(desk).toHaveTitle(`${room} – HiHi Chat`);
  await look(desk, { focused: false });
  await send(olga, 'A third one');
  await expect(desk).toHaveTitle(await titled(desk, 1, room));
  await expect(messages(desk).last()).toContainText('A third one');

  // When: she reads on the phone.
  await openRoom(phone, room);
  await expect(messages(phone).last()).toContainText('A third one');
  await expect(phone).toHaveTitle(`${room} – HiHi Chat`);

  // Then: the desk hears of it, and so does a browser that knows nothing of it.
  await expect(desk).toHaveTitle(`${room} – HiHi Chat`);
  await phone.evaluate(() => localStorage.clear());
  await phone.reload();
  await expect(messages(phone).last()).toContainText('A third one');
  await expect(await divider(phone)).toHaveCount(0);
});
