// Finding what was said, on the real Worker.

import { expect, test } from './support/fixtures.mjs';
import { inputMethod } from './support/ime.mjs';
import { composer, messages, names } from './support/page.mjs';
import { sentence } from './support/sentences.mjs';
import { counted, enter, hostAs, saidIn, saySo, unique } from './support/world.mjs';

/** A room where Ann said these. */
async function roomOf(page, texts) {
  const room = unique('library');
  await hostAs(page, 'Ann', room);
  await saySo(page, room, texts);
  await page.reload();
  await expect(messages(page).last()).toHaveAccessibleDescription(texts.at(-1));
  return room;
}

async function openSearch(page) {
  const at = await names(page);
  await page.getByRole('button', { name: at.searchMessages }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  const field = dialog.getByRole('searchbox', { name: at.words });
  await expect(field).toBeFocused();
  return { dialog, field, finds: dialog.getByRole('list').getByRole('button'), status: dialog.getByRole('status') };
}

test('LG7 K1 what was said long ago is found by parts of words in any case and width, and a key leads there', async ({ visitor }) => {
  const ann = await visitor();
  const past = counted('Nothing much', 1, 120);
  past.splice(4, 0, 'We meet at the ＴＥＡ house, 后天下午');
  past.splice(60, 0, 'House rules: drink your tea');
  await roomOf(ann, past);
  const { dialog, field, finds, status } = await openSearch(ann);
  await ann.keyboard.type('tea hou');
  await expect(finds).toHaveCount(2);
  await expect(status).toHaveText(await sentence(ann, 'search.all', { n: 2 }));
  await expect(finds.first().getByRole('mark')).toHaveText(['Hou', 'tea']);
  await expect(finds.last().getByRole('mark')).toHaveText(['ＴＥＡ', 'hou']);
  await expect(finds.last()).toContainText((await names(ann)).you);
  await expect(finds.last().getByRole('time')).toBeVisible();

  await field.fill('天下');
  await expect(finds).toHaveCount(1);
  await ann.keyboard.press('ArrowDown');
  await expect(finds.first()).toBeFocused();
  await ann.keyboard.press('ArrowUp');
  await expect(field).toBeFocused();
  await ann.keyboard.press('Enter');
  await expect(finds.first()).toBeFocused();
  await ann.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  const found = messages(ann).filter({ hasText: '后天下午' });
  await expect(found).toBeFocused();
  await expect(found).toBeInViewport({ ratio: 1 });
  await ann.getByRole('button', { name: await sentence(ann, 'timeline.back') }).click();
  await expect(await composer(ann)).toBeFocused();
});

test('K8 K9 more finds come on request and take the focus; Esc gives it back, and the words are kept', async ({ visitor }) => {
  const ann = await visitor();
  await roomOf(ann, counted('Tea', 1, 45));
  const { dialog, field, finds, status } = await openSearch(ann);
  await field.fill('TEA');
  await expect(finds).toHaveCount(20);
  await expect(status).toHaveText(await sentence(ann, 'search.newest', { n: 20 }));
  await expect(finds.first()).toContainText('Tea 45');
  const more = dialog.getByRole('button', { name: await sentence(ann, 'search.more') });
  await more.press('Enter');
  await expect(finds.nth(20)).toBeFocused();
  await expect(finds.nth(20)).toContainText('Tea 25');
  await more.click();
  await expect(finds).toHaveCount(45);
  await expect(finds.last()).toContainText('Tea 1');
  await expect(more).toBeHidden();
  await ann.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(ann.getByRole('button', { name: (await names(ann)).searchMessages })).toBeFocused();
  const again = await openSearch(ann);
  await expect(again.field).toHaveValue('TEA');
  await expect(again.finds).toHaveCount(20);
});

test('what was edited is found as it is now, and what was deleted is not', async ({ visitor }) => {
  const ann = await visitor();
  const room = await roomOf(ann, ['Secret of the house', 'Tea at five', 'Bread']);
  const [secret, tea] = await saidIn(ann, room);
  await enter(ann, room, { type: 'delete', seq: secret.seq });
  await enter(ann, room, { type: 'edit', seq: tea.seq, text: 'Coffee at six' });
  const { field, finds, status } = await openSearch(ann);
  await field.fill('coffee');
  await expect(finds).toHaveText([/Coffee at six/]);
  for (const gone of ['secret', 'tea at']) {
    await field.fill(gone);
    await expect(status).toHaveText(await sentence(ann, 'search.none', { query: gone }));
    await expect(finds).toHaveCount(0);
  }
});

test('LG5 Enter and arrows that choose a word search for nothing yet', async ({ visitor }) => {
  const ann = await visitor();
  await roomOf(ann, ['你好，安', 'ni hao']);
  const { field, finds } = await openSearch(ann);
  const asked = [];
  ann.on('request', (request) => request.url().includes('/search?') && asked.push(new URL(request.url()).searchParams.get('q')));
  const ime = await inputMethod(ann);
  await ime.compose('ni');
  for (const key of ['ArrowDown', 'Enter']) await ime.press(key);
  await expect(field).toBeFocused();
  await ime.commit('你');
  await expect(finds).toHaveText([/你好/]);
  expect(asked).toEqual(['你']);
});

test('ST2 ST7 a slow search says that it searches, and one that fails says why and can be tried again', async ({ visitor }) => {
  const ann = await visitor({ expected: [/503|ERR_FAILED/] });
  await roomOf(ann, ['Tea']);
  let release;
  await ann.route(/\/search\?/, async (route) => {
    await new Promise((done) => (release = done));
    await route.fulfill({ status: 503, contentType: 'application/json', body: '{"error":{"code":"busy"}}' });
  });
  const { dialog, field, finds, status } = await openSearch(ann);
  await expect(status).toHaveText(await sentence(ann, 'search.hint'));
  await field.fill('tea');
  await expect(status).toHaveText(await sentence(ann, 'search.searching'));
  await expect.poll(() => typeof release).toBe('function');
  release();
  await expect(status).toHaveText(await sentence(ann, 'search.failed', { reason: await sentence(ann, 'error.busy') }));
  await ann.unroute(/\/search\?/);
  await dialog.getByRole('button', { name: (await names(ann)).retry }).click();
  await expect(finds).toHaveCount(1);
});

test('K14 VP1 the search fits a small screen and keeps the focus inside', async ({ visitor }) => {
  const ann = await visitor({ viewport: { width: 320, height: 480 } });
  await roomOf(ann, counted(`A long message about tea, ${'word '.repeat(60)}`, 1, 25));
  const { dialog, field, finds } = await openSearch(ann);
  await field.fill('tea');
  await expect(finds).toHaveCount(20);
  expect(await dialog.evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true);
  expect(await ann.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)).toBe(true);
  await finds.last().focus();
  await expect(finds.last()).toBeInViewport({ ratio: 0.9 });
  for (let turn = 0; turn < 4; turn += 1) {
    await ann.keyboard.press('Tab');
    expect(await ann.evaluate(() => document.activeElement === document.body || document.querySelector('dialog[open]').contains(document.activeElement))).toBe(true);
  }
});
