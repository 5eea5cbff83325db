// Emoji from a picker and by their codes, with keys, fingers and an input method.

import { expectAccessible } from './support/accessible.mjs';
import { expect, test } from './support/fixtures.mjs';
import { inputMethod } from './support/ime.mjs';
import { composer, readMessages, send } from './support/page.mjs';
import { enterScripted } from './support/scripted-story.mjs';
import { sentence } from './support/sentences.mjs';

const texts = (page) => expect.poll(async () => (await readMessages(page)).map(({ text }) => text));

/** What a person types to find a panda, a party and nothing. */
const WORDS = { en: { panda: 'panda', party: 'party' }, 'zh-CN': { panda: '熊猫', party: '派对' } };
const words = async (page) => WORDS[await page.locator('html').getAttribute('lang')];

async function picker(page) {
  const title = await sentence(page, 'emoji.title');
  return {
    button: page.getByRole('button', { name: title, exact: true }),
    panel: page.getByRole('dialog', { name: title }),
    search: page.getByRole('combobox', { name: await sentence(page, 'emoji.search') }),
    list: page.getByRole('listbox', { name: title }),
  };
}

/** The name of the option that the field of this list says is the current one. */
const current = (field) => field.evaluate((element) => document.getElementById(element.getAttribute('aria-activedescendant'))?.textContent);

test('MS8 the picker opens by its button, arrows move in it, Enter takes, Esc gives the focus back', async ({ visitor, server }) => {
  const ann = await visitor();
  await enterScripted(server, ann);
  const { button, panel, search, list } = await picker(ann);
  await (await composer(ann)).fill('Look: ');
  await expect(button).toHaveAttribute('aria-expanded', 'false');
  await button.press('Enter');
  await expect(button).toHaveAttribute('aria-expanded', 'true');
  await expect(search).toBeFocused();
  await expect(search).toHaveAttribute('aria-expanded', 'true');
  await expectAccessible(ann);

  // Right and left by one, down and up by a row
  const all = await list.getByRole('option').evaluateAll((options) => options.map((option) => ({ emoji: option.textContent, top: option.offsetTop })));
  expect(all.length).toBeGreaterThan(1_000);
  const across = all.filter(({ top }) => top === all[0].top).length;
  expect(across).toBeGreaterThan(5);
  for (const [key, place] of [['ArrowRight', 1], ['ArrowRight', 2], ['ArrowLeft', 1], ['ArrowDown', across + 1], ['ArrowUp', 1], ['ArrowUp', 1]]) {
    await ann.keyboard.press(key);
    expect(await current(search)).toBe(all[place].emoji);
  }
  await expect(list.getByRole('option', { selected: true })).toHaveCount(1);
  await expect(list.getByRole('option', { selected: true })).toBeInViewport();
  await ann.keyboard.press('Escape');
  await expect(panel).toHaveCount(0);
  await expect(button).toBeFocused();
  await expect(button).toHaveAttribute('aria-expanded', 'false');

  // By a word of the reader's language
  await ann.keyboard.press('Enter');
  await search.fill((await words(ann)).panda);
  await expect.poll(() => current(search)).toBe('🐼');
  await ann.keyboard.press('Enter');
  await expect(panel).toHaveCount(0);
  await expect(await composer(ann)).toHaveValue('Look: 🐼');
  await expect(await composer(ann)).toBeFocused();
  await ann.keyboard.press('Enter');
  await texts(ann).toEqual(['Look: 🐼']);
});

test('MS8 a finger opens the picker without a keyboard, takes by a tap, and leaves by one beside it', async ({ visitor, server }) => {
  const ann = await visitor({ viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true });
  await enterScripted(server, ann);
  const { button, panel, search, list } = await picker(ann);
  await button.tap();
  await expect(panel).toBeInViewport({ ratio: 1 });
  await expect(search).not.toBeFocused();
  await list.getByRole('option').first().tap();
  await expect(await composer(ann)).toHaveValue('😀');
  await button.tap();
  await search.fill('qqqq');
  await expect(panel.getByText(await sentence(ann, 'emoji.none', { query: 'qqqq' }))).toBeVisible();
  await ann.getByRole('heading', { level: 1 }).tap();
  await expect(panel).toHaveCount(0);
});

test('MS8 a code of two letters opens a list under the words, and Enter takes from it and sends nothing', async ({ visitor, server }) => {
  const ann = await visitor();
  await enterScripted(server, ann);
  const field = await composer(ann);
  const { list } = await picker(ann);
  await field.pressSequentially('At 10:30 :s');
  await expect(list).toBeHidden();
  await field.pressSequentially('m');
  await expect(list).toBeVisible();
  await expectAccessible(ann);
  const options = list.getByRole('option');
  await expect(options.first()).toHaveAttribute('aria-selected', 'true');
  await ann.keyboard.press('ArrowDown');
  await expect(options.nth(1)).toHaveAttribute('aria-selected', 'true');
  expect(await current(field)).toBe(await options.nth(1).textContent());
  await ann.keyboard.press('ArrowUp');
  await field.pressSequentially('ile');
  await expect(options.first()).toContainText('😄');
  await ann.keyboard.press('Enter');
  await expect(field).toHaveValue('At 10:30 😄 ');
  await expect(list).toBeHidden();
  await ann.keyboard.press('Enter');
  await texts(ann).toEqual(['At 10:30 😄']);

  // Esc closes the list only, and it stays away from this word
  await field.pressSequentially(':tada');
  await expect(list).toBeVisible();
  await ann.keyboard.press('Escape');
  await expect(list).toBeHidden();
  await field.pressSequentially(':');
  await ann.keyboard.press('Enter');
  await texts(ann).toEqual(['At 10:30 😄', ':tada:']);
});

test('MS8 K5 a key that belongs to an input method takes nothing from the list', async ({ visitor, server }) => {
  const ann = await visitor();
  await enterScripted(server, ann);
  const field = await composer(ann);
  const { list } = await picker(ann);
  await field.pressSequentially(':smile');
  await expect(list).toBeVisible();
  const ime = await inputMethod(ann);
  await ime.compose('hao');
  await ime.press('Enter');
  await expect(field).toHaveValue(':smilehao');
  await ime.commit('好');
  await expect(field).toHaveValue(':smile好');
  await expect(list).toBeHidden();
});

test('MS8 a list of emoji that can’t be fetched is told of, and writing goes on', async ({ visitor, server }) => {
  const ann = await visitor({ expected: [/404|emoji/] });
  await enterScripted(server, ann);
  await ann.route('**/emojibase/*.json', (route) => route.fulfill({ status: 404 }));
  const { button, panel } = await picker(ann);
  await button.click();
  await expect(ann.getByRole('status').filter({ hasText: await sentence(ann, 'error.unreachable') })).toBeVisible();
  await send(ann, 'Words then :smile');
  await texts(ann).toEqual(['Words then :smile']);
  await ann.unrouteAll();
  await button.click();
  await expect(panel).toBeVisible();
});
