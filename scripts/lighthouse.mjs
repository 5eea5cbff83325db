// Lighthouse on the entrance and on a room with some talk in it, on the real Worker. Says the scores of both and fails
// when accessibility isn't 100; the others go by how busy the machine is.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from '@playwright/test';
import lighthouse from 'lighthouse';
import { findChromium } from '../tests/browser/support/chromium.mjs';
import { roomPath } from '../tests/browser/support/page.mjs';
import startWorker from '../tests/browser/support/worker.mjs';
import { hostAs, saySo } from '../tests/browser/support/world.mjs';

const ROOM = 'Harbour';
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'];

/** A port that was free a moment ago. */
function freePort() {
  return new Promise((answer) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => answer(port));
    });
  });
}

const port = await freePort();
const stop = await startWorker();
const origin = process.env.HIHICHAT_ORIGIN;
const folder = mkdtempSync(path.join(tmpdir(), 'lighthouse-'));
const browser = await chromium.launchPersistentContext(folder, {
  baseURL: origin,
  executablePath: findChromium(),
  args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', `--remote-debugging-port=${port}`],
});

/** What the page asked of anybody but the Worker, and its scores from 0 to 100. */
async function judge(address) {
  const { lhr } = await lighthouse(origin + address, { port, onlyCategories: CATEGORIES, disableStorageReset: true, logLevel: 'error' });
  const asked = lhr.audits['network-requests'].details.items.map(({ url }) => new URL(url)).filter(({ protocol }) => protocol.startsWith('http'));
  const failed = lhr.categories.accessibility.auditRefs.filter(({ id, weight }) => weight > 0 && lhr.audits[id].score === 0).map(({ id }) => id);
  return {
    scores: CATEGORIES.map((name) => Math.round(100 * lhr.categories[name].score)),
    strangers: [...new Set(asked.map((url) => url.origin).filter((one) => one !== origin))],
    failed,
    figures: ['first-contentful-paint', 'largest-contentful-paint', 'total-blocking-time', 'cumulative-layout-shift'].map((id) => `${lhr.audits[id].title} ${lhr.audits[id].displayValue}`),
  };
}

let good = true;
try {
  const judged = { entrance: await judge('/login') };
  const page = await browser.newPage();
  await hostAs(page, 'Ann', ROOM, 'Boats, tides, and who brings the bread');
  await saySo(page, ROOM, ['The boats are back', 'Who brings the bread?', '🎉', 'I do. See https://example.com/bread']);
  await page.close();
  judged.room = await judge(roomPath(ROOM));
  for (const [name, { scores, strangers, failed, figures }] of Object.entries(judged)) {
    console.log(`${name}: ${CATEGORIES.map((category, place) => `${category} ${scores[place]}`).join(', ')}`);
    console.log(`  ${figures.join(', ')}`);
    if (failed.length > 0) console.log(`  accessibility fails: ${failed.join(', ')}`);
    if (strangers.length > 0) console.log(`  asks others: ${strangers.join(', ')}`);
    good &&= scores[CATEGORIES.indexOf('accessibility')] === 100 && strangers.length === 0;
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
  await stop?.();
}
process.exitCode = good ? 0 : 1;
