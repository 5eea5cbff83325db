// The pictures of the documents, taken of the real Worker. Run by scripts/screenshots.

import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { findChromium } from '../tests/browser/support/chromium.mjs';
import { createRoom, enterAs, messages, roomPath, send } from '../tests/browser/support/page.mjs';
import startWorker from '../tests/browser/support/worker.mjs';

const folder = fileURLToPath(new URL('../docs/', import.meta.url));
const ROOM = 'Tea & 编程';
const TALK = [
  ['Ann', 'Good morning! The new oolong has arrived.'],
  ['小明', '早上好！是去年那一款吗？'],
  ['Ann', 'The same garden, this spring. I will bring some on Friday.'],
  ['Maya', 'Save me a cup, please. I am on the train, the network comes and goes'],
  ['Maya', 'and it still says everything once, in order.'],
  ['小明', '刚才电梯里断了一下，回来一条没少。'],
  ['Ann', 'That is what the numbers are for: docs at https://example.org/protocol'],
];
const SIZES = { phone: { width: 390, height: 800 }, tablet: { width: 768, height: 900 }, desktop: { width: 1280, height: 800 } };

const stop = await startWorker();
const browser = await chromium.launch({
  executablePath: findChromium(),
  args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--no-first-run'],
});
const origin = process.env.HIHICHAT_ORIGIN;

async function person(name, options) {
  const context = await browser.newContext({ baseURL: origin, viewport: SIZES.desktop, timezoneId: 'Asia/Shanghai', ...options });
  return { name, page: await context.newPage() };
}

async function shown(page, text) {
  await (await messages(page)).filter({ hasText: text }).first().waitFor();
  await page.evaluate(() => document.fonts.ready);
}

/** One page in both themes and all sizes. */
async function take(page, name) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    for (const [size, viewport] of Object.entries(SIZES)) {
      await page.setViewportSize(viewport);
      await page.screenshot({ path: `${folder}screenshots/${name}-${colorScheme}-${size}.png` });
    }
  }
}

await mkdir(`${folder}screenshots`, { recursive: true });
const people = {
  Ann: await person('Ann', { locale: 'en-GB' }),
  小明: await person('小明', { locale: 'zh-CN' }),
  Maya: await person('Maya', { locale: 'en-GB' }),
};
const stranger = await person('', { locale: 'zh-CN' });
await enterAs(people.Ann.page, 'Ann');
for (const [name, about] of [['Night shift', 'For those who are up'], ['读书会', '这个月读《边城》'], ['Releases', 'What went out, and when']]) {
  await createRoom(people.Ann.page, name, about);
}
await createRoom(people.Ann.page, ROOM, 'A quiet place for two good things');
for (const { name, page } of [people.小明, people.Maya]) await enterAs(page, name, roomPath(ROOM));
for (const [name, text] of TALK) {
  await send(people[name].page, text);
  await shown(people.Ann.page, text);
}
const last = TALK.at(-1)[1];
for (const { page } of Object.values(people)) await shown(page, last);

await people.Ann.page.screenshot({ path: `${folder}screenshot.png` });
await take(people.Ann.page, 'room-en');
await take(people.小明.page, 'room-zh');
await people.Ann.page.goto('/roomlist');
await people.Ann.page.getByRole('link', { name: ROOM }).first().waitFor();
await take(people.Ann.page, 'roomlist-en');
await stranger.page.goto('/login');
await stranger.page.getByRole('link', { name: ROOM }).first().waitFor();
await take(stranger.page, 'entrance-zh');

await browser.close();
await stop?.();
