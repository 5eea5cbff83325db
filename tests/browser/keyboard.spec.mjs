// Everything without a pointer, and with an input method.

import { EVERYWHERE, READING, WRITING } from '../../public/js/shortcuts.js';
import { expect, test } from './support/fixtures.mjs';
import { inputMethod } from './support/ime.mjs';
import { askToLeave, composer, expectStored, messages, names, readMessages, roomPath, send } from './support/page.mjs';
import { enterScripted } from './support/scripted-story.mjs';
import { sentence } from './support/sentences.mjs';
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

test('K1 from the entrance through the whole life of a message and out again with keys only', async ({ visitor }) => {
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
  // What is on its way offers nothing to go into.
  await expectStored(ann, 'Look, no hands');

  // Answer it
  const first = messages(ann).first();
  const last = messages(ann).last();
  await press('Shift+Tab');
  await expect(first).toBeFocused();
  await press('Enter');
  await expect(first.getByRole('button', { name: at.react })).toBeFocused();
  await press('ArrowRight', 'Enter');
  await expect(await composer(ann)).toBeFocused();
  await expect(ann.getByRole('button', { name: at.noReply })).toBeVisible();
  await ann.keyboard.type('Not one');
  await press('Enter');
  await texts(ann).toEqual(['Look, no hands', 'Not one']);
  await expect(last.getByRole('button', { name: at.answering(at.you) })).toBeVisible();
  await expect(last).toHaveAccessibleDescription(/^Not one/);
  await expect(last).not.toHaveAccessibleDescription(new RegExp(at.sending));

  // Change what I said last
  await press('ArrowUp');
  await expect(ann.getByRole('textbox', { name: at.editing })).toBeFocused();
  await ann.keyboard.type(' hand');
  await press('Enter');
  await texts(ann).toEqual(['Look, no hands', 'Not one hand']);
  await expect(await composer(ann)).toBeFocused();

  // React to it, and delete it
  await press('Shift+Tab');
  while (!await last.evaluate((article) => article === document.activeElement)) await press('Shift+Tab');
  await press('Enter');
  await expect(last.getByRole('button', { name: at.react })).toBeFocused();
  await press('Enter', 'ArrowRight', 'Enter');
  await expect(last.getByRole('button', { name: at.reacted('❤️', 1) })).toHaveAttribute('aria-pressed', 'true');
  await expect(last).toBeFocused();
  await press('Enter', 'End', 'Enter');
  await tabTo(ann, ann.getByRole('dialog').getByRole('button', { name: at.delete, exact: true }));
  await press('Enter');
  await texts(ann).toEqual(['Look, no hands', at.tombstone]);
  await expect(first).toBeFocused();

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
  await ann.getByRole('navigation').getByRole('link', { name: 'Workshop' }).waitFor();
  await fromTheTop(ann);
  const stops = [];
  do {
    await ann.keyboard.press('Tab');
    // At a message what can be done with it is the next stop, as soon as it is there
    if (await ann.evaluate(() => document.activeElement.matches('article'))) await expect(messages(ann).last().getByRole('toolbar')).toBeVisible();
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
  const wanted = [/^(Skip|跳到)/, 'HiHi Chat', at.newRoom, 'Workshop', /Ann/, at.logOut, /./, /./, at.searchMessages, at.copyLink, /Two/, at.react, at.message, await sentence(ann, 'emoji.title'), at.send];
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

/** Ann, whose next message stays on its way until the room lets it go. What is offered at messages has been there before. */
async function waiting({ visitor, server }) {
  const ann = await visitor();
  const { room } = await enterScripted(server, ann, { texts: ['Before'] });
  await messages(ann).first().hover();
  await expect(messages(ann).first().getByRole('toolbar')).toBeVisible();
  await ann.mouse.move(0, 0);
  room.holdsAcks = true;
  await send(ann, 'Wait for me');
  await expect(messages(ann)).toHaveCount(2);
  const last = messages(ann).last();
  await ann.keyboard.press('Shift+Tab');
  await expect(last).toBeFocused();
  return { ann, room, last };
}

test('K2 a message that one went into while it was on its way opens as soon as it is stored', async ({ visitor, server }) => {
  const { ann, room, last } = await waiting({ visitor, server });
  await ann.keyboard.press('Enter');
  await expect(last.getByRole('toolbar')).toHaveCount(0);
  await expect(last).toBeFocused();
  room.releaseAcks();
  await expect(last.getByRole('button', { name: (await names(ann)).react })).toBeFocused();
});

test('K2 a message in focus offers what can be done with it as soon as it is stored', async ({ visitor, server }) => {
  const { room, last } = await waiting({ visitor, server });
  await expect(last.getByRole('toolbar')).toHaveCount(0);
  room.releaseAcks();
  await expect(last.getByRole('toolbar')).toBeVisible();
  await expect(last).toBeFocused();
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
  // Enter opens what can be done with it; Esc goes back, one step at a time
  await ann.keyboard.press('Enter');
  await expect(at(1).getByRole('toolbar').getByRole('button').first()).toBeFocused();
  await ann.keyboard.press('Escape');
  await expect(at(1)).toBeFocused();
  await ann.keyboard.press('Tab');
  await expect(at(1).getByRole('link')).toBeFocused();
  await ann.keyboard.press('Escape');
  await expect(at(1)).toBeFocused();
  await ann.keyboard.press('Escape');
  await expect(await composer(ann)).toBeFocused();
  await ann.keyboard.press('Shift+Tab');
  expect(await ann.evaluate(() => document.activeElement.closest('article') !== null)).toBe(true);
});

test('K6 Arrow Up changes what I said last, and in a field with words moves the caret', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, olga, me } = await enterScripted(server, ann);
  const at = await names(ann);
  const gone = room.say(me, 'Mine, and gone');
  room.say(me, 'Mine');
  room.change(me, gone.seq, { type: 'deleted' });
  room.say(olga, 'Hers');
  await expect(messages(ann)).toHaveCount(3);
  const field = await composer(ann);
  await field.fill('one\ntwo');
  await field.press('ArrowUp');
  await expect(ann.getByRole('textbox', { name: at.editing })).toHaveCount(0);
  await field.pressSequentially('!');
  await expect(field).toHaveValue('one!\ntwo');

  await field.fill('');
  await field.press('ArrowUp');
  const editing = ann.getByRole('textbox', { name: at.editing });
  await expect(editing).toBeFocused();
  await expect(editing).toHaveValue('Mine');
  await editing.pressSequentially(', better');
  await editing.press('Enter');
  await texts(ann).toEqual([at.tombstone, 'Mine, better', 'Hers']);
  await expect(field).toBeFocused();
});

test('K6 with nothing of mine to change, Arrow Up does nothing', async ({ visitor, server }) => {
  const ann = await visitor();
  await enterScripted(server, ann, { texts: ['Hers'] });
  await (await composer(ann)).press('ArrowUp');
  await expect(await composer(ann)).toBeFocused();
  await expect(ann.getByRole('textbox', { name: (await names(ann)).editing })).toHaveCount(0);
});

test('K5 LG5 Enter and Esc of an input method neither save nor end an edit', async ({ visitor, server }) => {
  const ann = await visitor();
  await enterScripted(server, ann);
  const at = await names(ann);
  await send(ann, '你');
  await expectStored(ann, '你');
  await (await composer(ann)).press('ArrowUp');
  const editing = ann.getByRole('textbox', { name: at.editing });
  await expect(editing).toBeFocused();
  const ime = await inputMethod(ann);
  await ime.compose('hao');
  await ime.press('Enter');
  await ime.press('Escape');
  await ime.commit('好');
  await expect(editing).toHaveValue('你好');
  await editing.press('Enter');
  await texts(ann).toEqual(['你好']);
});

test('K13 the toolbar stands at the message one points at or has in focus, and is one stop', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, me } = await enterScripted(server, ann, { texts: ['Hers'] });
  room.say(me, 'Mine');
  await expect(messages(ann)).toHaveCount(2);
  const at = await names(ann);
  const [hers, mine] = [messages(ann).first(), messages(ann).last()];
  const toolbar = (message) => message.getByRole('toolbar', { name: at.actions });
  await hers.hover();
  await expect(toolbar(hers).getByRole('button')).toHaveCount(3);
  await mine.hover();
  await expect(toolbar(mine).getByRole('button')).toHaveCount(4);
  await expect(toolbar(hers)).toHaveCount(0);
  await (await composer(ann)).hover();
  await expect(ann.getByRole('toolbar')).toHaveCount(0);

  await (await composer(ann)).focus();
  await ann.keyboard.press('Shift+Tab');
  await expect(toolbar(mine)).toBeVisible();
  await ann.keyboard.press('Tab');
  const order = [at.react, at.reply, at.edit, at.delete];
  const has = (name) => expect(toolbar(mine).getByRole('button', { name, exact: true })).toBeFocused();
  await has(order[0]);
  for (const [key, place] of [['ArrowRight', 1], ['ArrowRight', 2], ['ArrowRight', 3], ['ArrowRight', 0], ['ArrowLeft', 3], ['Home', 0], ['End', 3]]) {
    await ann.keyboard.press(key);
    await has(order[place]);
  }
  await ann.keyboard.press('Tab');
  await expect(await composer(ann)).toBeFocused();
  await expect(ann.getByRole('toolbar')).toHaveCount(0);
});

test('K13 where nothing hovers, each message has a button for it', async ({ visitor, server }) => {
  const ann = await visitor({ viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true });
  await enterScripted(server, ann, { texts: ['One', 'Two'] });
  const at = await names(ann);
  const button = messages(ann).first().getByRole('button', { name: at.actions });
  await expect(button).toHaveAttribute('aria-expanded', 'false');
  await button.tap();
  await expect(messages(ann).first().getByRole('toolbar')).toBeVisible();
  await expect(button).toHaveAttribute('aria-expanded', 'true');
  await button.tap();
  await expect(ann.getByRole('toolbar')).toHaveCount(0);
  await button.tap();
  await expect(ann.getByRole('toolbar')).toBeVisible();
  await ann.touchscreen.tap(60, 790);
  await expect(ann.getByRole('toolbar')).toHaveCount(0);
  await expect(button).toHaveAttribute('aria-expanded', 'false');
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
  for (const name of [at.members, at.searchMessages]) {
    const opener = ann.getByRole('button', { name, exact: true });
    await opener.focus();
    await ann.keyboard.press('Enter');
    await expect(ann.getByRole('dialog')).toBeVisible();
    await ann.keyboard.press('Escape');
    await expect(ann.getByRole('dialog')).toBeHidden();
    await expect(opener).toBeFocused();
  }
});

test('K8 Esc leaves the innermost of reactions, toolbar, edit and answer, and gives the focus back', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, me } = await enterScripted(server, ann, { texts: ['Hers'] });
  room.say(me, 'Mine');
  const at = await names(ann);
  const mine = messages(ann).nth(1);
  const toolbar = mine.getByRole('toolbar');
  const press = async (...keys) => {
    for (const key of keys) await ann.keyboard.press(key);
  };
  await mine.focus();
  await press('Enter');
  await expect(toolbar.getByRole('button', { name: at.react })).toBeFocused();
  await press('Enter');
  await expect(toolbar.getByRole('button', { name: '👍' })).toBeFocused();
  await press('Escape');
  await expect(toolbar.getByRole('button', { name: at.react })).toBeFocused();
  await press('Escape');
  await expect(mine).toBeFocused();
  await press('Enter', 'ArrowRight', 'ArrowRight', 'Enter');
  await expect(ann.getByRole('textbox', { name: at.editing })).toBeFocused();
  await press('Escape');
  await expect(mine).toBeFocused();
  await press('Enter', 'End', 'Enter');
  await expect(ann.getByRole('dialog')).toBeVisible();
  await press('Escape');
  await expect(toolbar.getByRole('button', { name: at.delete, exact: true })).toBeFocused();
  await press('Home', 'ArrowRight', 'Enter');
  const field = await composer(ann);
  await expect(field).toBeFocused();
  await ann.keyboard.type('half');
  await press('Escape');
  await expect(ann.getByRole('button', { name: at.noReply })).toHaveCount(0);
  await expect(field).toBeFocused();
  await expect(field).toHaveValue('half');
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

test('K9 after deleting a message the focus is at the next one, or at the one before the end', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, me } = await enterScripted(server, ann);
  const at = await names(ann);
  for (const text of ['First', 'Second']) room.say(me, text);
  await expect(messages(ann)).toHaveCount(2);
  const [first, second] = [messages(ann).nth(0), messages(ann).nth(1)];
  for (const [message, other] of [[first, second], [second, first]]) {
    await message.focus();
    await message.press('Enter');
    await message.getByRole('toolbar').getByRole('button', { name: at.delete, exact: true }).press('Enter');
    await ann.getByRole('dialog').getByRole('button', { name: at.delete, exact: true }).press('Enter');
    await expect(message.getByText(at.tombstone)).toBeVisible();
    await expect(other).toBeFocused();
  }
});

test('K9 a message that somebody else deletes while I look at what can be done with it keeps the focus', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, olga } = await enterScripted(server, ann, { texts: ['Hers'] });
  const message = messages(ann).first();
  await message.press('Enter');
  await expect(message.getByRole('toolbar').getByRole('button').first()).toBeFocused();
  room.change(olga, 1, { type: 'deleted' });
  await expect(message.getByText((await names(ann)).tombstone)).toBeVisible();
  await expect(message).toBeFocused();
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

test('K11 ? outside fields opens the list of everything a key does, and gives the focus back', async ({ visitor, server }) => {
  const ann = await visitor();
  await enterScripted(server, ann, { texts: ['Hello'] });
  const list = ann.getByRole('dialog', { name: await sentence(ann, 'keys.title') });
  await (await composer(ann)).press('?');
  await expect(await composer(ann)).toHaveValue('?');
  await messages(ann).focus();
  await ann.keyboard.press('?');
  await expect(list.getByRole('heading', { level: 2 })).toBeVisible();
  const shown = await list.locator('dd').allTextContents();
  expect(shown).toEqual([...EVERYWHERE, ...WRITING, ...READING].map(({ keys }) => keys.join(' ')));
  await ann.keyboard.press('Escape');
  await expect(list).toHaveCount(0);
  await expect(messages(ann)).toBeFocused();
});

test('K10 single keys can be turned off, stay off, and are turned on again by a button', async ({ visitor, server }) => {
  const ann = await visitor();
  await enterScripted(server, ann, { texts: ['Hello'] });
  const title = await sentence(ann, 'keys.title');
  const list = ann.getByRole('dialog', { name: title });
  const single = list.getByRole('checkbox', { name: await sentence(ann, 'keys.letters') });
  const opener = ann.getByRole('button', { name: title });
  await opener.click();
  await single.uncheck();
  await ann.keyboard.press('Escape');
  await ann.reload();
  await opener.focus();
  await ann.keyboard.press('?');
  await ann.keyboard.press('Control+F6');
  await expect(list).toHaveCount(0);
  await opener.press('Enter');
  await single.check();
  await ann.keyboard.press('Escape');
  await ann.keyboard.press('?');
  await expect(list).toBeVisible();
});

test('K12 Ctrl and F6 go through rooms, timeline and composer, with Shift the other way', async ({ visitor, server }) => {
  const ann = await visitor();
  const { olga } = await enterScripted(server, ann, { texts: ['One', 'Two'] });
  server.openRoom('Elsewhere', '', olga);
  const field = await composer(ann);
  const room = ann.getByRole('navigation').getByRole('link', { name: 'Workshop' });
  await expect(room).toBeVisible();
  await field.fill('half a');
  await expect(field).toBeFocused();
  for (const [key, there] of [['Control+F6', room], ['Control+F6', messages(ann).last()], ['Control+F6', field], ['Control+Shift+F6', messages(ann).last()], ['Control+Shift+F6', room], ['Control+Shift+F6', field]]) {
    await ann.keyboard.press(key);
    await expect(there).toBeFocused();
  }
  // What isn't in sight is left out
  await ann.setViewportSize({ width: 390, height: 700 });
  for (const there of [messages(ann).last(), field]) {
    await ann.keyboard.press('Control+F6');
    await expect(there).toBeFocused();
  }
  await expect(field).toHaveValue('half a');
});

test('K14 Tab stays inside a dialog', async ({ visitor, server }) => {
  const ann = await visitor({ viewport: { width: 800, height: 700 } });
  await enterScripted(server, ann);
  await askToLeave(ann);
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
