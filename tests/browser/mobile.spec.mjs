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
