// Light and dark: English runs in a light system and Chinese in a dark one, and at the end of each
// test axe looks at every state below in that theme.

import { expectAccessible } from './support/accessible.mjs';
import { expect, test } from './support/fixtures.mjs';
import { askToLeave, chooseTheme, leaveRoom, messages, names, roomPath, send } from './support/page.mjs';
import { enterScripted } from './support/scripted-story.mjs';
import { comeAs, counted, hostAs, saySo, unique } from './support/world.mjs';

const GROUND = (page) => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
const SCHEME = (page) => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);

/** How light the ground of a page is, from 0 to 1. */
function lightness(page) {
  return page.evaluate(() => {
    const canvas = document.createElement('canvas').getContext('2d');
    canvas.fillStyle = getComputedStyle(document.documentElement).backgroundColor;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data;
    return (red + green + blue) / 3 / 255;
  });
}

test('LK1 the pages follow the system until somebody chooses, and keep the choice', async ({ visitor }) => {
  const ann = await visitor({ colorScheme: 'dark' });
  await ann.goto('/login');
  expect(await lightness(ann)).toBeLessThan(0.3);
  await ann.emulateMedia({ colorScheme: 'light' });
  expect(await lightness(ann)).toBeGreaterThan(0.8);
  await chooseTheme(ann, 'dark');
  await expect.poll(() => lightness(ann)).toBeLessThan(0.3);
  await ann.reload();
  expect(await lightness(ann)).toBeLessThan(0.3);
  await comeAs(ann, 'Ann');
  expect(await lightness(ann)).toBeLessThan(0.3);
  await expect(ann.getByRole('radio', { name: (await names(ann)).themes.dark })).toBeChecked();
  await chooseTheme(ann, 'light');
  await expect.poll(() => lightness(ann)).toBeGreaterThan(0.8);
  await ann.emulateMedia({ colorScheme: 'dark' });
  expect(await lightness(ann)).toBeGreaterThan(0.8);
  expect(await SCHEME(ann)).toBe('light');
});

test('LK1 nobody sees the other theme for a moment', async ({ visitor }) => {
  const ann = await visitor({ colorScheme: 'light' });
  await ann.goto('/login');
  await chooseTheme(ann, 'dark');
  const chosen = await GROUND(ann);
  // Every frame until the page stands, from the first one on, has the chosen ground.
  await ann.addInitScript(() => {
    window.grounds = new Set();
    const look = () => {
      if (document.body) window.grounds.add(getComputedStyle(document.documentElement).backgroundColor);
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await ann.reload();
  await expect(ann.getByRole('button').first()).toBeVisible();
  expect(await ann.evaluate(() => [...window.grounds])).toEqual([chosen]);
});

test('LK2 entering, the list and a new room', async ({ visitor }) => {
  const ann = await visitor();
  await ann.goto('/login');
  const at = await names(ann);
  await ann.getByRole('textbox', { name: at.name }).press('Enter');
  await expect(ann.getByRole('textbox', { name: at.name })).toHaveAttribute('aria-invalid', 'true');
  await expectAccessible(ann);
  await hostAs(ann, 'Ann', unique('colours'), 'Which ones go together?');
  await ann.goto('/login');
  await expect(ann.getByRole('button', { name: at.continueAs('Ann') })).toBeVisible();
  await expectAccessible(ann);
  await ann.goto('/roomlist');
  await expect(ann.getByRole('button', { name: at.newRoom })).toBeVisible();
  await expectAccessible(ann);
  await ann.getByRole('button', { name: at.newRoom }).click();
  await ann.getByRole('button', { name: at.createRoom }).click();
  await expectAccessible(ann);
});

test('LK2 a room with two people, its members and its dialogs', async ({ visitor }) => {
  const room = unique('palette');
  const ann = await visitor();
  await hostAs(ann, 'Ann', room);
  const bob = await visitor({ viewport: { width: 800, height: 700 } });
  await comeAs(bob, 'Bob', room);
  await send(ann, 'See https://example.com/colours');
  await send(bob, '看起来不错');
  await expect(messages(bob)).toHaveCount(2);
  await messages(bob).first().hover();
  await expectAccessible(bob);
  const at = await names(bob);
  await bob.getByRole('button', { name: at.members, exact: true }).click();
  await expect(bob.getByRole('dialog').getByRole('listitem')).toHaveCount(2);
  await expectAccessible(bob);
  await bob.getByRole('dialog').getByRole('button', { name: at.close, exact: true }).click();
  await askToLeave(bob);
  await expectAccessible(bob);
  await bob.getByRole('dialog').getByRole('button', { name: at.stay, exact: true }).click();
  await leaveRoom(bob);
  await bob.getByRole('link', { name: room }).click();
  await expect(bob.getByText(at.reading)).toBeVisible();
});

test('LK2 messages on their way, refused and too long', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, olga } = await enterScripted(server, ann, { texts: ['Bring everything'] });
  room.refuses = { code: 'busy' };
  await send(ann, 'This one fails');
  const at = await names(ann);
  await expect(messages(ann).getByText(at.notSent)).toBeVisible();
  room.refuses = null;
  room.mute = true;
  await send(ann, 'This one hangs');
  await expect(messages(ann).last()).toHaveAccessibleDescription(new RegExp(at.sending));
  room.say(olga, 'Are you there?', { tell: false });
  room.broadcast({ type: 'typing', person: olga });
  await ann.getByRole('textbox', { name: at.message, exact: true }).fill('x'.repeat(4_001));
  await expectAccessible(ann);
});

test('LK2 a lost connection, and a room that is not there', async ({ visitor, server }) => {
  const ann = await visitor({ expected: [/ERR_CONNECTION|WebSocket|404/] });
  const { room } = await enterScripted(server, ann, { texts: ['Hello?'] });
  const at = await names(ann);
  server.faults.push({ path: /live/ });
  room.terminate();
  await expect(ann.getByRole('button', { name: at.tryNow })).toBeVisible();
  await send(ann, 'I wait');
  await expect(messages(ann).last()).toHaveAccessibleDescription(new RegExp(at.waiting));
  await expectAccessible(ann);
  await ann.goto(server.origin + roomPath('Nowhere'));
  await expect(ann.getByText(at.noRoom('Nowhere'))).toBeVisible();
  await expectAccessible(ann);
  await ann.goto(`${server.origin}/nothing/here`);
});

/** How far what stands on the page was pushed about since it was opened, as browsers reckon it. */
const shifted = (page) => page.evaluate(() => {
  const observer = new PerformanceObserver(() => {});
  observer.observe({ type: 'layout-shift', buffered: true });
  return observer.takeRecords().filter(({ hadRecentInput }) => !hadRecentInput).reduce((sum, { value }) => sum + value, 0);
});

for (const [screen, viewport] of Object.entries({ desk: { width: 1280, height: 800 }, phone: { width: 390, height: 800 } })) {
  test(`LK6 what comes later finds its place kept, on a ${screen}`, async ({ visitor }) => {
    const room = unique('firm ground');
    const ann = await visitor({ viewport });
    await hostAs(ann, 'Ann', room, 'Nothing moves here');
    await saySo(ann, room, counted('Line', 1, 30));
    for (const path of ['/roomlist', '/login', roomPath(room)]) {
      let release;
      const painted = new Promise((done) => (release = done));
      await ann.route('**/js/elements/around.js', async (route) => {
        await painted;
        await route.continue();
      });
      await ann.goto(path);
      await expect(ann.locator('main')).not.toHaveAttribute('aria-busy', 'true');
      await expect(path === roomPath(room) ? messages(ann).last() : ann.getByRole('link', { name: room })).toBeVisible();
      release();
      await ann.waitForLoadState('networkidle');
      await expect(ann.locator('hihi-preferences input')).not.toHaveCount(0);
      expect(await shifted(ann), path).toBeLessThanOrEqual(0.05);
      await ann.unrouteAll();
    }
  });
}

for (const media of [{ forcedColors: 'active' }, { contrast: 'more' }]) {
  test(`LK4 with ${Object.entries(media).flat().join(' ')} every stop still shows its ring, and what was told by colour its border`, async ({ visitor, server }) => {
    const ann = await visitor(media);
    const { room } = await enterScripted(server, ann, { texts: ['Hello'] });
    const at = await names(ann);
    room.refuses = { code: 'busy' };
    await send(ann, 'Refused');
    await expect(messages(ann).getByText(at.notSent)).toBeVisible();
    const without = [];
    for (let press = 0; press < 16; press += 1) {
      await ann.keyboard.press('Tab');
      without.push(...await ann.evaluate(() => {
        const element = document.activeElement;
        if (element === document.body) return [];
        const rings = [element, element.closest('label')].filter(Boolean).map((one) => getComputedStyle(one));
        return rings.some(({ outlineStyle, outlineWidth }) => outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2) ? [] : [element.outerHTML.slice(0, 90)];
      }));
    }
    expect(without).toEqual([]);
    const border = (locator) => locator.evaluate((element) => {
      const { borderTopWidth, borderTopStyle, borderInlineStartWidth, borderInlineStartStyle } = getComputedStyle(element);
      return Math.max(borderTopStyle === 'none' ? 0 : parseFloat(borderTopWidth), borderInlineStartStyle === 'none' ? 0 : parseFloat(borderInlineStartWidth));
    });
    expect(await border(ann.getByRole('textbox', { name: at.message, exact: true }))).toBeGreaterThanOrEqual(1);
    if (media.forcedColors) expect(await border(messages(ann).filter({ hasText: 'Refused' }))).toBeGreaterThanOrEqual(2);
  });
}

test('LK5 wider spaced text loses nothing', async ({ visitor, server }) => {
  const ann = await visitor({ viewport: { width: 390, height: 800 } });
  await enterScripted(server, ann, { texts: ['A few words that may take another line when they stand further apart'] });
  const at = await names(ann);
  const clipped = () => ann.evaluate(() => [...document.querySelectorAll('body *')].filter((element) => {
    const { overflowX, overflowY, textOverflow, clipPath } = getComputedStyle(element);
    const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
    if (!own || !element.checkVisibility() || clipPath !== 'none' || textOverflow === 'ellipsis' || element.localName === 'textarea') return false;
    return (overflowY !== 'visible' && overflowY !== 'auto' && element.scrollHeight > element.clientHeight + 1)
      || (overflowX !== 'visible' && overflowX !== 'auto' && element.scrollWidth > element.clientWidth + 1);
  }).map((element) => element.outerHTML.slice(0, 90)));
  const spread = () => ann.addStyleTag({ url: '/text-spacing.css' });
  await ann.route('**/text-spacing.css', (route) => route.fulfill({
    contentType: 'text/css',
    body: '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-block-end: 2em !important }',
  }));
  await spread();
  expect(await clipped()).toEqual([]);
  await ann.getByRole('button', { name: at.members, exact: true }).click();
  await expect(ann.getByRole('dialog')).toBeVisible();
  expect(await clipped()).toEqual([]);
  await ann.goto(`${server.origin}/login`);
  await spread();
  await expect(ann.getByRole('button').first()).toBeVisible();
  expect(await clipped()).toEqual([]);
});
