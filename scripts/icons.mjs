// The icons of public/site.webmanifest, all drawn from the one mark. Run by scripts/icons.

import { mkdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { findChromium } from '../tests/browser/support/chromium.mjs';

const pages = fileURLToPath(new URL('../public/', import.meta.url));
/** The light ground of css/tokens.css. */
const GROUND = 'oklch(98.8% 0.004 85)';
/** `part` is how much of the side the mark takes. A system may cut a maskable icon to a circle of four fifths. */
const ICONS = [
  { file: 'icon-192.png', size: 192, part: 1 },
  { file: 'icon-512.png', size: 512, part: 1 },
  { file: 'maskable-512.png', size: 512, part: 0.62, ground: GROUND },
  { file: 'apple-touch-180.png', size: 180, part: 0.68, ground: GROUND },
];

const mark = `data:image/svg+xml,${encodeURIComponent(await readFile(`${pages}mark.svg`, 'utf8'))}`;
const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox', '--disable-background-networking'] });
await mkdir(`${pages}icons`, { recursive: true });
for (const { file, size, part, ground = 'transparent' } of ICONS) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<body style="margin: 0; display: grid; place-items: center; block-size: 100vh; background: ${ground}"><img src="${mark}" style="inline-size: ${100 * part}%">`);
  await page.locator('img').evaluate((image) => image.decode());
  await page.screenshot({ path: `${pages}icons/${file}`, omitBackground: true });
  await page.close();
}
await browser.close();
