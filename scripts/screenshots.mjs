// Every state of the pages, of the real Worker: in both themes, both languages and three widths. Run by scripts/screenshots.

import { mkdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { findChromium } from '../tests/browser/support/chromium.mjs';
import startWorker from '../tests/browser/support/worker.mjs';
import { anAddress } from '../tests/browser/support/world.mjs';
import { STATES, settle } from './screenshot-states.mjs';

const docs = fileURLToPath(new URL('../docs/', import.meta.url));
const folder = `${docs}screenshots/`;
const THEMES = ['light', 'dark'];
const LANGUAGES = { en: 'en-GB', zh: 'zh-CN' };
const WIDTHS = { desktop: { width: 1280, height: 800 }, tablet: { width: 768, height: 900 }, phone: { width: 360, height: 740 } };
const only = process.argv.slice(2);

const stop = await startWorker();
const browser = await chromium.launch({
  executablePath: findChromium(),
  args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--no-first-run'],
});

/** Somebody with a browser of their own, who asks from somewhere else than the others: what comes from one address is limited. */
async function visitor(locale, size) {
  const context = await browser.newContext({
    baseURL: process.env.HIHICHAT_ORIGIN,
    extraHTTPHeaders: anAddress(),
    locale,
    timezoneId: 'Asia/Shanghai',
    viewport: WIDTHS[size],
    hasTouch: size === 'phone',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  context.setDefaultTimeout(10_000);
  return context.newPage();
}

await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const taken = [];
const failed = [];
for (const [name, state] of Object.entries(STATES)) {
  if (only.length > 0 && !only.includes(name)) continue;
  for (const [language, locale] of Object.entries(LANGUAGES)) {
    for (const size of Object.keys(WIDTHS)) {
      const pages = [];
      const another = async () => {
        pages.push(await visitor(locale, size));
        return pages.at(-1);
      };
      try {
        const page = await another();
        await state(page, { another, language });
        for (const colorScheme of THEMES) {
          await page.emulateMedia({ colorScheme });
          await settle(page);
          const file = `${name}-${language}-${colorScheme}-${size}.png`;
          await page.screenshot({ path: folder + file });
          if (file === 'talk-en-light-desktop.png') await page.screenshot({ path: `${docs}screenshot.png` });
          taken.push(file);
        }
      } catch (error) {
        failed.push(`${name} in ${language}, ${size}: ${error.message.split('\n')[0]}`);
      }
      await Promise.all(pages.map((one) => one.context().close()));
    }
  }
}
await browser.close();
await stop?.();

const picture = (file) => `<figure><img src="${file}" loading="lazy"><figcaption>${file.slice(0, -4)}</figcaption></figure>`;
await writeFile(`${folder}index.html`, `<!doctype html><meta charset="utf-8"><title>Every state</title>
<style>body{font:13px system-ui;display:flex;flex-wrap:wrap;gap:12px;background:#888}figure{margin:0}img{height:400px;display:block}</style>
${taken.map(picture).join('\n')}\n`);
console.log(`${taken.length} pictures in docs/screenshots, all on its index.html`);
for (const line of failed) console.error(`not taken: ${line}`);
process.exitCode = failed.length > 0 ? 1 : 0;
