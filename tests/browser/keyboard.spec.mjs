// Everything without a pointer, and with an input method.

import { expect, test } from './support/fixtures.mjs';
import { inputMethod } from './support/ime.mjs';
import { composer, messages, names, readMessages, roomPath, send } from './support/page.mjs';
import { enterScripted } from './support/scripted-story.mjs';
import { comeAs, unique } from './support/world.mjs';

const texts = (page) => expect.poll(async () => (await readMessages(page)).map(({ text }) => text));

/** Presses Tab until this has the focus, as often as the page could have stops: each room in sight is one. */
async function tabTo(page, locator) {
  await expect(locator).toBeVisible();
  const look = (element) => ({ there: element === document.activeElement, stops: document.querySelectorAll('a, button, input, textarea, [tabindex]').length });
  for (let press = 1; ; press += 1) {
    await page.keyboard.press('Tab');
    const { there, stops } = await locator.evaluate(look);
    if (there) return;
    if (press > stops) throw new Error(`Tab never came to ${locator}`);
  }
}

/** Puts the focus where it is in a page nobody has touched. */
async function fromTheTop(page) {
  await expect(await composer(page)).toBeFocused();
  await page.evaluate(() => {
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
  });
}

test('K1 from the entrance to a message and out again with keys only', async ({ visitor }) => {
  const room = unique('keys only');
  const ann = await visitor();
  await ann.goto('/login');
  const at = await names(ann);
  await expect(ann.getByRole('textbox', { name: at.name })).toBeFocused();
  const press = async (...keys) => {
    for (const key of keys) await ann.keyboard.press(key);
  };
  await ann.keyboard.type('Ann');
  await press('Enter');
  await expect(ann.getByRole('heading', { level: 1, name: at.rooms })).toBeVisible();
  await tabTo(ann, ann.getByRole('button', { name: at.newRoom }));
  await press('Enter');
  await expect(ann.getByRole('textbox', { name: at.roomName })).toBeFocused();
  await ann.keyboard.type(room);
  await press('Enter');
  await expect(await composer(ann)).toBeFocused();
  await ann.keyboard.type('Look, no hands');
  await press('Enter');
  await texts(ann).toEqual(['Look, no hands']);
  await tabTo(ann, ann.getByRole('button', { name: at.leave, exact: true }));
  await press('Enter');
  const leaving = ann.getByRole('dialog').getByRole('button', { name: at.leaveNow, exact: true });
  await tabTo(ann, leaving);
  await press('Enter');
  await expect(ann.getByRole('heading', { level: 1, name: at.rooms })).toBeVisible();
  await tabTo(ann, ann.getByRole('button', { name: at.logOut }));
  await press('Enter');
  await expect(ann.getByText(at.loggedOut)).toBeVisible();
});

test('K2 K3 Tab goes through the room in order, each stop in sight', async ({ visitor, server }) => {
  const ann = await visitor();
  await enterScripted(server, ann, { texts: ['One', 'Two'] });
  const at = await names(ann);
  await messages(ann).first().waitFor();
  await fromTheTop(ann);
  const stops = [];
  do {
    await ann.keyboard.press('Tab');
    stops.push(await ann.evaluate(() => {
      const element = document.activeElement;
      // A round button stands for the place where its ring is drawn.
      const ring = element.matches('[type=radio]') ? element.closest('label') : element;
      const { left, top, width, height } = ring.getBoundingClientRect();
      const over = document.elementFromPoint(left + width / 2, top + height / 2);
      return {
        name: [element.ariaLabel, element.labels?.[0]?.textContent, element.title, element.textContent].find(Boolean)?.trim(),
        seen: element.matches(':focus-visible') && width > 0 && left >= 0 && top >= 0 && left + width <= innerWidth && top + height <= innerHeight,
        uncovered: ring.contains(over) || over?.contains(ring) === true,
        ring: [element, ring].some((one) => getComputedStyle(one).outlineStyle !== 'none' && parseFloat(getComputedStyle(one).outlineWidth) >= 2),
      };
    }));
  } while (stops.at(-1).name !== at.send && stops.length < 40);

  const order = stops.map(({ name }) => name);
  const wanted = [/^(Skip|跳到)/, 'HiHi Chat', at.newRoom, 'Workshop', /Ann/, at.logOut, /./, /./, at.copyLink, at.leave, /Two/, at.message, at.send];
  expect(order).toHaveLength(wanted.length);
  order.forEach((name, place) => (typeof wanted[place] === 'string' ? expect(name).toBe(wanted[place]) : expect(name).toMatch(wanted[place])));
  expect(stops.filter(({ seen, uncovered, ring }) => !seen || !uncovered || !ring)).toEqual([]);
});

test('K2 the skip link leads to writing', async ({ visitor, server }) => {
  const ann = await visitor();
  await enterScripted(server, ann);
  await fromTheTop(ann);
  await ann.keyboard.press('Tab');
  await ann.keyboard.press('Enter');
  await expect(await composer(ann)).toBeFocused();
});

test('K4 Enter sends, Shift and Enter break the line, Ctrl or Cmd and Enter send', async ({ visitor, server }) => {
  const ann = await visitor();
  await enterScripted(server, ann);
  const field = await composer(ann);
  await field.pressSequentially('one');
  await field.press('Shift+Enter');
  await field.pressSequentially('two');
  await expect(field).toHaveValue('one\ntwo');
  await field.press('Enter');
  await texts(ann).toEqual(['one\ntwo']);
  await field.pressSequentially('three');
  await field.press('Control+Enter');
  await field.pressSequentially('four');
  await field.press('Meta+Enter');
  await texts(ann).toEqual(['one\ntwo', 'three', 'four']);
});

test('K5 Enter that chooses a word sends nothing; the next one sends once', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, olga } = await enterScripted(server, ann);
  const field = await composer(ann);
  await field.focus();
  const ime = await inputMethod(ann);
  await ime.compose('ni');
  await ime.press('Enter');
  await ime.commit('你好');
  await expect(field).toHaveValue('你好');
  room.say(olga, 'Nothing so far');
  await texts(ann).toEqual(['Nothing so far']);
  await ann.keyboard.press('Enter');
  await texts(ann).toEqual(['Nothing so far', '你好']);
  await expect(field).toHaveValue('');
});

test('K5 LG5 Enter that chooses a word submits no other field either', async ({ visitor }) => {
  const ann = await visitor();
  await ann.goto('/login');
  const at = await names(ann);
  const name = ann.getByRole('textbox', { name: at.name });
  await name.focus();
  const ime = await inputMethod(ann);
  await ime.compose('an');
  await ime.press('Enter');
  await ime.commit('安');
  await expect(name).toHaveValue('安');
  expect(new URL(ann.url()).pathname).toBe('/login');
  await name.press('Enter');
  await ann.waitForURL('**/roomlist');
  await ann.getByRole('button', { name: at.newRoom }).click();
  const roomName = ann.getByRole('textbox', { name: at.roomName });
  await ime.compose('fang');
  await ime.press('Enter');
  await ime.commit('房');
  await expect(roomName).toHaveValue('房');
  await ime.compose('jian');
  await ime.press('Escape');
  await expect(roomName).toBeVisible();
});

test('K7 the timeline is one stop; arrows, Home and End move inside, Esc goes back to writing', async ({ visitor, server }) => {
  const ann = await visitor();
  await enterScripted(server, ann, { texts: ['One', 'Two https://example.com/', 'Three'] });
  const at = (place) => messages(ann).nth(place);
  await expect(messages(ann)).toHaveCount(3);
  await expect(await composer(ann)).toBeFocused();
  await ann.keyboard.press('Shift+Tab');
  await expect(at(2)).toBeFocused();
  for (const [key, place] of [['ArrowUp', 1], ['ArrowUp', 0], ['ArrowUp', 0], ['ArrowDown', 1], ['End', 2], ['ArrowDown', 2], ['Home', 0], ['ArrowDown', 1]]) {
    await ann.keyboard.press(key);
    await expect(at(place)).toBeFocused();
  }
  // Enter goes into a message that has something to press
  await ann.keyboard.press('Enter');
  await expect(at(1).getByRole('link')).toBeFocused();
  await ann.keyboard.press('Escape');
  await expect(await composer(ann)).toBeFocused();
  await ann.keyboard.press('Shift+Tab');
  expect(await ann.evaluate(() => document.activeElement.closest('article') !== null)).toBe(true);
});

test('K7 arrivals do not take the focus from the message being read', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, olga } = await enterScripted(server, ann, { texts: ['One', 'Two', 'Three'] });
  await messages(ann).nth(1).focus();
  room.say(olga, 'Four');
  await expect(messages(ann)).toHaveCount(4);
  await expect(messages(ann).nth(1)).toBeFocused();
});

test('K8 Esc closes a dialog and gives the focus back to what opened it', async ({ visitor, server }) => {
  const ann = await visitor({ viewport: { width: 800, height: 700 } });
  await enterScripted(server, ann);
  const at = await names(ann);
  for (const name of [at.members, at.leave]) {
    const opener = ann.getByRole('button', { name, exact: true });
    await opener.focus();
    await ann.keyboard.press('Enter');
    await expect(ann.getByRole('dialog')).toBeVisible();
    await ann.keyboard.press('Escape');
    await expect(ann.getByRole('dialog')).toBeHidden();
    await expect(opener).toBeFocused();
  }
});

test('K8 Esc closes the form of a new room and gives the focus back', async ({ visitor }) => {
  const ann = await visitor();
  await comeAs(ann, 'Ann');
  const at = await names(ann);
  await ann.getByRole('button', { name: at.newRoom }).press('Enter');
  await expect(ann.getByRole('textbox', { name: at.roomName })).toBeFocused();
  await ann.keyboard.press('Escape');
  await expect(ann.getByRole('button', { name: at.newRoom })).toBeFocused();
});

test('K7 Enter goes into a message that failed, and presses nothing there', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room } = await enterScripted(server, ann);
  const at = await names(ann);
  room.refuses = { code: 'busy' };
  await send(ann, 'Not yet');
  const retry = ann.getByRole('button', { name: at.retry });
  await expect(retry).toBeVisible();
  await messages(ann).press('Enter');
  await expect(retry).toBeFocused();
});

test('K9 after deleting a failed message the focus is at the next one, or the last', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room } = await enterScripted(server, ann, { texts: ['Before'] });
  const at = await names(ann);
  room.refuses = { code: 'busy' };
  for (const text of ['First', 'Second']) await send(ann, text);
  await expect(ann.getByRole('button', { name: at.delete })).toHaveCount(2);
  await ann.getByRole('button', { name: at.delete }).first().press('Enter');
  await expect(messages(ann).filter({ hasText: 'Second' })).toBeFocused();
  await expect(messages(ann).filter({ hasText: 'First' })).toHaveCount(0);
  await ann.getByRole('button', { name: at.delete }).press('Enter');
  await expect(messages(ann).filter({ hasText: 'Before' })).toBeFocused();
});

test('K9 after a retry the focus is in the composer', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room } = await enterScripted(server, ann);
  const at = await names(ann);
  room.refuses = { code: 'busy' };
  await send(ann, 'Once more');
  const retry = ann.getByRole('button', { name: at.retry });
  await expect(retry).toBeVisible();
  room.refuses = null;
  await retry.press('Enter');
  await texts(ann).toEqual(['Once more']);
  await expect(await composer(ann)).toBeFocused();
});

test('K10 no letter is a shortcut while writing', async ({ visitor, server }) => {
  const ann = await visitor();
  await enterScripted(server, ann, { texts: ['Hello'] });
  const field = await composer(ann);
  const all = 'abcdefghijklmnopqrstuvwxyz?/.ABCDEFGHIJKLMNOPQRSTUVWXYZ';
  await field.pressSequentially(all);
  await expect(field).toHaveValue(all);
  await expect(field).toBeFocused();
  await expect(ann.getByRole('dialog')).toBeHidden();
});

test('K14 Tab stays inside a dialog', async ({ visitor, server }) => {
  const ann = await visitor({ viewport: { width: 800, height: 700 } });
  await enterScripted(server, ann);
  await ann.getByRole('button', { name: (await names(ann)).leave, exact: true }).click();
  await expect(ann.getByRole('dialog')).toHaveAccessibleName(/Workshop/);
  for (let press = 0; press < 6; press += 1) {
    await ann.keyboard.press('Tab');
    // At the end of the dialog the browser's own bar has its turn, which is body here.
    expect(await ann.evaluate(() => document.activeElement === document.body || document.activeElement.closest('dialog') !== null)).toBe(true);
  }
});

test('the focus is never lost in a page that loads again', async ({ visitor, server }) => {
  const ann = await visitor();
  await enterScripted(server, ann);
  await ann.goto(server.origin + roomPath('Workshop'));
  await expect(await composer(ann)).toBeFocused();
});
