// Small screens and fingers.

import { expect, test } from './support/fixtures.mjs';
import { composer, createRoom, messages, names, send } from './support/page.mjs';
import { comeAs, counted, hostAs, makeRoom, saySo, unique } from './support/world.mjs';

const PHONE = { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true };

const sideways = (page) => expect.poll(
  () => page.evaluate(() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth),
  'nothing sticks out to the side');

test('VP1 nothing scrolls sideways at 320 px, whatever people are called and write', async ({ visitor }) => {
  const room = unique('W'.repeat(57));
  const ann = await visitor({ viewport: { width: 320, height: 640 } });
  await ann.goto('/login');
  await expect(ann.getByRole('button').first()).toBeVisible();
  await sideways(ann).toBe(0);
  await comeAs(ann, 'W'.repeat(32));
  await sideways(ann).toBe(0);
  const at = await names(ann);
  await ann.getByRole('button', { name: at.newRoom }).click();
  await sideways(ann).toBe(0);
  await ann.getByRole('button', { name: at.cancel }).click();
  await createRoom(ann, room, `https://example.com/${'long/'.repeat(50)}`);
  await send(ann, 'M'.repeat(300));
  await send(ann, `https://example.com/${'very/long/'.repeat(30)}`);
  await expect(messages(ann)).toHaveCount(2);
  await sideways(ann).toBe(0);
  await ann.goto('/roomlist');
  await expect(ann.getByRole('link', { name: room })).toBeVisible();
  await sideways(ann).toBe(0);
});

test('VP1 text at twice its size fits 640 px', async ({ visitor }) => {
  const ann = await visitor({ viewport: { width: 640, height: 800 } });
  const enlarge = () => ann.evaluate(() => (document.documentElement.style.fontSize = '200%'));
  await ann.goto('/login');
  await enlarge();
  await sideways(ann).toBe(0);
  await comeAs(ann, 'Ann');
  await enlarge();
  await sideways(ann).toBe(0);
  await makeRoom(ann, unique('large print'), 'Everything twice as large');
  await send(ann, 'Can you read this?');
  await enlarge();
  await expect(messages(ann)).toHaveCount(1);
  await sideways(ann).toBe(0);
  await expect(await composer(ann)).toBeInViewport({ ratio: 1 });
});

test('VP3 with the keyboard open the composer and the last message are in view', async ({ visitor }) => {
  const room = unique('pocket');
  const ann = await visitor(PHONE);
  await hostAs(ann, 'Ann', room);
  await saySo(ann, room, counted('Line', 1, 30));
  await expect(messages(ann).last()).toContainText('Line 30');
  await (await composer(ann)).tap();
  await ann.setViewportSize({ width: 390, height: 420 });

  await expect(await composer(ann)).toBeInViewport({ ratio: 1 });
  await expect(messages(ann).last()).toBeInViewport({ ratio: 1 });
});

test('VP8 a phone on its side shows the composer and two messages', async ({ visitor }) => {
  const room = unique('landscape');
  const ann = await visitor({ ...PHONE, viewport: { width: 740, height: 360 } });
  await hostAs(ann, 'Ann', room);
  await saySo(ann, room, counted('Line', 1, 10));
  await expect(messages(ann).last()).toContainText('Line 10');
  await expect(await composer(ann)).toBeInViewport({ ratio: 1 });
  await expect(messages(ann).nth(8)).toBeInViewport({ ratio: 1 });
  await expect(messages(ann).nth(9)).toBeInViewport({ ratio: 1 });
});

test('K4 on a touch screen Enter breaks the line, and the button sends', async ({ visitor }) => {
  const ann = await visitor(PHONE);
  await hostAs(ann, 'Ann', unique('thumbs'));
  const field = await composer(ann);
  await field.tap();
  await field.pressSequentially('one');
  await field.press('Enter');
  await field.pressSequentially('two');
  await expect(field).toHaveValue('one\ntwo');
  await expect(messages(ann)).toHaveCount(0);
  await ann.getByRole('button', { name: (await names(ann)).send, exact: true }).tap();
  await expect(messages(ann)).toHaveCount(1);
  await expect(field).toHaveValue('');
});

test('VP6 everything can be done by tapping', async ({ visitor }) => {
  const room = unique('tap tap');
  const ann = await visitor(PHONE);
  await ann.goto('/login');
  const at = await names(ann);
  await ann.getByRole('textbox', { name: at.name }).fill('Ann');
  await ann.getByRole('button', { name: at.enter, exact: true }).tap();
  await ann.getByRole('button', { name: at.newRoom }).tap();
  await ann.getByRole('textbox', { name: at.roomName }).fill(room);
  await ann.getByRole('button', { name: at.createRoom }).tap();
  await expect(ann.getByRole('heading', { level: 1, name: room })).toBeVisible();
  // Whoever comes to read shall see the room, not a keyboard
  await expect(await composer(ann)).not.toBeFocused();
  await (await composer(ann)).fill('Tapped');
  await ann.getByRole('button', { name: at.send, exact: true }).tap();
  await expect(messages(ann)).toHaveCount(1);

  // A message is answered, reacted to, changed and deleted
  const open = async (message, name) => {
    await message.getByRole('button', { name: at.actions }).tap();
    await message.getByRole('toolbar').getByRole('button', { name, exact: true }).tap();
  };
  const [first, last] = [messages(ann).first(), messages(ann).last()];
  await open(first, at.reply);
  await (await composer(ann)).fill('Tapped back');
  await ann.getByRole('button', { name: at.send, exact: true }).tap();
  await expect(last.getByRole('button', { name: at.answering(at.you) })).toBeVisible();
  await open(first, at.react);
  await first.getByRole('toolbar').getByRole('button', { name: '🎉' }).tap();
  await expect(first.getByRole('button', { name: at.reacted('🎉', 1) })).toHaveAttribute('aria-pressed', 'true');
  await first.getByRole('button', { name: at.reacted('🎉', 1) }).tap();
  await expect(first.getByRole('group')).toBeHidden();
  await open(first, at.edit);
  await ann.getByRole('textbox', { name: at.editing }).fill('Tapped twice');
  await ann.getByRole('button', { name: at.editNow }).tap();
  await expect(first).toContainText('Tapped twice');
  await last.getByRole('button', { name: at.answering(at.you) }).tap();
  await open(last, at.delete);
  await ann.getByRole('dialog').getByRole('button', { name: at.delete, exact: true }).tap();
  await expect(last.getByText(at.tombstone)).toBeVisible();

  // The members stand in a drawer, which Close and a tap beside it close
  await ann.getByRole('button', { name: at.members, exact: true }).tap();
  const drawer = ann.getByRole('dialog');
  await expect(drawer.getByRole('listitem').filter({ hasText: 'Ann' })).toBeVisible();
  await drawer.getByRole('button', { name: at.close, exact: true }).tap();
  await expect(drawer).toBeHidden();
  await ann.getByRole('button', { name: at.members, exact: true }).tap();
  await ann.touchscreen.tap(10, 400);
  await expect(drawer).toBeHidden();

  await ann.getByRole('button', { name: at.members, exact: true }).tap();
  await drawer.getByRole('button', { name: at.leave, exact: true }).tap();
  await ann.getByRole('dialog').getByRole('button', { name: at.stay, exact: true }).tap();
  await ann.getByRole('link', { name: at.allRooms }).tap();
  await expect(ann.getByRole('heading', { level: 1, name: at.rooms })).toBeVisible();
  await ann.getByRole('button', { name: at.logOut }).tap();
  await expect(ann.getByText(at.loggedOut)).toBeVisible();
});

test('VP4 fields are large enough that no phone zooms into them', async ({ visitor }) => {
  const sizes = (page) => page.evaluate(() => Array.from(document.querySelectorAll('input:not([type=radio]), textarea'), (field) => parseFloat(getComputedStyle(field).fontSize)));
  const ann = await visitor(PHONE);
  await ann.goto('/login');
  expect(Math.min(...await sizes(ann))).toBeGreaterThanOrEqual(16);
  await comeAs(ann, 'Ann');
  expect(Math.min(...await sizes(ann))).toBeGreaterThanOrEqual(16);
  await makeRoom(ann, unique('big type'));
  expect(Math.min(...await sizes(ann))).toBeGreaterThanOrEqual(16);
});

test('VP2 the page can be zoomed, shrinks with a keyboard, and stays clear of a screen’s rounded edges', async ({ visitor }) => {
  const ann = await visitor(PHONE);
  await hostAs(ann, 'Ann', unique('edges'));
  const viewport = await ann.locator('meta[name=viewport]').getAttribute('content');
  expect(viewport).toContain('interactive-widget=resizes-content');
  expect(viewport).toContain('viewport-fit=cover');
  expect(viewport).not.toMatch(/user-scalable|maximum-scale/);
  const fills = () => ann.evaluate(() => [document.querySelector('.app').getBoundingClientRect().height, innerHeight]);
  for (const height of [800, 420]) {
    await ann.setViewportSize({ width: 390, height });
    await expect.poll(fills).toEqual([height, height]);
  }
  const padding = () => ann.locator('hihi-composer').evaluate((element) => parseFloat(getComputedStyle(element).paddingBottom));
  await ann.setViewportSize({ width: 390, height: 800 });
  const plain = await padding();
  const browser = await ann.context().newCDPSession(ann);
  await browser.send('Emulation.setSafeAreaInsetsOverride', { insets: { bottom: 44 } });
  await expect.poll(padding).toBe(44);
  expect(plain).toBeLessThan(44);
});

test('VP5 whatever is pressed is at least 24 pixels each way, and what is pressed most 44', async ({ visitor }) => {
  const room = unique('fingers');
  const ann = await visitor(PHONE);
  await hostAs(ann, 'Ann', room);
  await saySo(ann, room, ['Hello']);
  await expect(messages(ann)).toHaveCount(1);
  const at = await names(ann);
  const boxes = () => ann.locator('button:visible, a:visible, input:visible:not([type=radio], [type=checkbox]), label:has(input):visible').evaluateAll((elements) => elements
    .map((element) => ({ what: element.outerHTML.slice(0, 80), ...element.getBoundingClientRect().toJSON() }))
    .filter(({ width, height, right }) => right > 0 && width > 1 && (width < 24 || height < 24)));
  expect(await boxes()).toEqual([]);
  for (const name of [at.send, at.members]) {
    const { width, height } = await ann.getByRole('button', { name, exact: true }).boundingBox();
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(44);
  }
  await ann.getByRole('button', { name: at.members, exact: true }).tap();
  await expect(ann.getByRole('dialog')).toBeVisible();
  expect(await boxes()).toEqual([]);
  for (const path of ['/roomlist', '/account', '/login']) {
    await ann.goto(path);
    await expect(ann.getByRole('button').first()).toBeVisible();
    expect(await boxes()).toEqual([]);
  }
});

test('VP7 the members’ drawer is out of reach when closed, takes the focus when opened, and gives it back', async ({ visitor }) => {
  const ann = await visitor({ viewport: { width: 390, height: 800 } });
  await hostAs(ann, 'Ann', unique('drawer'));
  const at = await names(ann);
  const opener = ann.getByRole('button', { name: at.members, exact: true });
  const drawer = ann.getByRole('dialog');
  await expect(drawer).toHaveCount(0);
  await opener.press('Enter');
  await expect(drawer).toBeVisible();
  expect(await drawer.evaluate((element) => element.contains(document.activeElement))).toBe(true);
  // What is behind it can't be pressed
  await ann.mouse.click(20, 780);
  await expect(drawer).toHaveCount(0);
  await expect(opener).toBeFocused();
  await opener.press('Enter');
  await drawer.getByRole('button', { name: at.close, exact: true }).press('Enter');
  await expect(drawer).toHaveCount(0);
  await expect(opener).toBeFocused();
});
