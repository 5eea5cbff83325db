// Both languages, everywhere, at once, and kept.

import { expect, test } from './support/fixtures.mjs';
import { chooseLanguage, composer, messages, NAMES, names, openRoom, peopleHere, send } from './support/page.mjs';
import { comeAs, hostAs, makeRoom, saySo, unique } from './support/world.mjs';

const CALLED = { en: 'English', 'zh-CN': '中文' };
const other = async (page) => (await page.locator('html').getAttribute('lang') === 'en' ? 'zh-CN' : 'en');

test('LG1 the pages speak the browser’s language', async ({ visitor, locale }) => {
  const ann = await visitor();
  await ann.goto('/');
  await expect(ann.locator('html')).toHaveAttribute('lang', locale.startsWith('zh') ? 'zh-CN' : 'en');
  const at = await names(ann);
  await expect(ann.getByRole('button', { name: at.enter, exact: true })).toBeVisible();
});

test('LG1 a language nobody translated becomes English', async ({ visitor }) => {
  const ann = await visitor({ locale: 'sw-KE' });
  await ann.goto('/login');
  await expect(ann.locator('html')).toHaveAttribute('lang', 'en');
  await expect(ann.getByRole('button', { name: NAMES.en.enter, exact: true })).toBeVisible();
});

test('LG1 a change of language changes the entrance at once, and what was typed stays', async ({ visitor }) => {
  const ann = await visitor();
  await ann.goto('/login');
  await ann.getByRole('textbox', { name: (await names(ann)).name }).fill('安');
  const language = await other(ann);
  await chooseLanguage(ann, CALLED[language]);

  await expect(ann.locator('html')).toHaveAttribute('lang', language);
  await expect(ann.getByRole('textbox', { name: NAMES[language].name })).toHaveValue('安');
  await expect(ann.getByRole('button', { name: NAMES[language].enter, exact: true })).toBeVisible();

  await ann.reload();
  await expect(ann.locator('html')).toHaveAttribute('lang', language);
  await expect(ann.getByRole('button', { name: NAMES[language].enter, exact: true })).toBeVisible();
});

test('LG1 a change of language changes an open room at once, and the draft stays', async ({ visitor }) => {
  const room = unique('two tongues');
  const ann = await visitor();
  await hostAs(ann, 'Ann', room);
  await send(ann, 'Hello 你好');
  const bob = await visitor();
  await comeAs(bob, 'Bob', room);
  await send(bob, 'Hi');
  await expect(messages(ann)).toHaveCount(2);
  await (await composer(ann)).fill('half a sent');

  const language = await other(ann);
  const said = NAMES[language];
  await chooseLanguage(ann, CALLED[language]);

  await expect(ann.getByRole('textbox', { name: said.message, exact: true })).toHaveValue('half a sent');
  await expect(ann.getByRole('region', { name: said.messages(room) })).toBeVisible();
  await expect(messages(ann).first()).toHaveAccessibleName(new RegExp(`^${said.you} `));
  await expect(messages(ann).last()).toHaveAccessibleName(/^Bob · (guest|访客) /);
  await expect(messages(ann).last()).toContainText(language === 'en' ? 'guest' : '访客');
  await expect((await peopleHere(ann)).getByText(said.owner)).toBeVisible();
  await expect(ann.getByRole('button', { name: said.copyLink, exact: true })).toBeVisible();

  // And it is kept, on every page
  await ann.goto('/roomlist');
  await expect(ann.getByRole('heading', { level: 1, name: said.rooms })).toBeVisible();
  await openRoom(ann, room);
  await expect(ann.getByRole('button', { name: said.leave, exact: true })).toBeVisible();
});

test('LG2 no page shows a key in place of a sentence', async ({ visitor }) => {
  const room = unique('keys');
  const ann = await visitor();
  const visible = () => ann.evaluate(() => [
    document.title,
    document.body.innerText,
    ...Array.from(document.querySelectorAll('[aria-label], [title], [placeholder]'), (element) => (
      ['aria-label', 'title', 'placeholder'].map((name) => element.getAttribute(name)).join(' '))),
  ].join('\n'));
  const KEY = /\b(?:app|language|theme|entrance|person|rooms|create|chat|members|timeline|message|composer|typing|announce|connection|day|ago|notice|state|error)\.[a-z_]+\b|\{\w+\}/;

  await ann.goto('/login');
  await expect(ann.getByRole('button').first()).toBeVisible();
  expect(await visible()).not.toMatch(KEY);
  await comeAs(ann, 'Ann');
  await expect(ann.getByRole('heading', { level: 1 })).toBeVisible();
  expect(await visible()).not.toMatch(KEY);
  await makeRoom(ann, room);
  await send(ann, 'Hello');
  await expect(messages(ann)).toHaveCount(1);
  expect(await visible()).not.toMatch(KEY);
});

test('LG4 no full stop stands alone behind an address', async ({ visitor }) => {
  const room = unique('a full stop');
  const ann = await visitor({ viewport: { width: 360, height: 740 } });
  await hostAs(ann, 'Ann', room);
  const addresses = Array.from({ length: 12 }, (_, more) => `https://example.org/${'o'.repeat(more + 3)}`);
  await saySo(ann, room, addresses.flatMap((address) => [`${address}.`, `${address}。`]));
  await expect(messages(ann)).toHaveCount(24);
  const alone = await messages(ann).evaluateAll((articles) => articles.filter((article) => {
    const stop = article.querySelector('.message__text').lastChild;
    const line = document.createRange();
    line.selectNode(stop);
    const before = article.querySelector('a').getClientRects();
    return line.getBoundingClientRect().top >= [...before].at(-1).bottom;
  }).map((article) => article.textContent));
  expect(alone).toEqual([]);
});

test('LG4 long Chinese runs break inside their column', async ({ visitor }) => {
  const room = unique('长');
  const ann = await visitor();
  await hostAs(ann, '一个名字很长很长的人一个名字很长很长的人', room, '说'.repeat(200));
  await send(ann, '这是一段没有空格的中文，'.repeat(40));
  await expect(messages(ann)).toHaveCount(1);
  const spills = () => ann.evaluate(() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth);
  expect(await spills()).toBe(0);
  await ann.setViewportSize({ width: 320, height: 640 });
  await expect.poll(spills).toBe(0);
});
