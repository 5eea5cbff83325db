// What every browser test gets: people with a browser each, a scripted server for faults, and a
// look over every page at the end: nothing on the console, nothing against the CSP, axe content.

import { AxeBuilder } from '@axe-core/playwright';
import { expect, test as base } from '@playwright/test';
import { startScriptedServer } from './scripted-server.mjs';
import { watch } from './watch.mjs';

const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export { expect };

export const test = base.extend({
  baseURL: async ({}, use) => use(process.env.HIHICHAT_ORIGIN),

  /**
   * `visitor(options)` opens a page in a browser of its own, `tab(page)` another one in the same
   * browser. Options are those of a browser context; `expected` are console errors that belong
   * to the story, as a list of patterns.
   */
  visitor: async ({ browser }, use, testInfo) => {
    const visits = [];
    const watched = (page, expected) => {
      visits.push({ page, complaints: watch(page, expected) });
      return page;
    };
    const visitor = async ({ expected = [], ...options } = {}) => {
      const context = await browser.newContext(options);
      return watched(await context.newPage(), expected);
    };
    visitor.tab = async (page, { expected = [] } = {}) => watched(await page.context().newPage(), expected);
    await use(visitor);
    if (testInfo.status === testInfo.expectedStatus) {
      for (const { page } of visits) if (!page.isClosed()) await expectAccessible(page);
      for (const { complaints } of visits) expect(complaints).toEqual([]);
    }
    await Promise.all(visits.map(({ page }) => page.context().close()));
  },

  /** The chat without its Worker, which does on cue what no server should. */
  server: async ({}, use) => {
    const server = await startScriptedServer();
    await use(server);
    await server.stop();
  },
});

/** No violation, in this theme and language and in the state the page is in. */
export async function expectAccessible(page) {
  const { violations } = await new AxeBuilder({ page }).withTags(AXE_TAGS).analyze();
  if (violations.length > 0) {
    await test.info().attach('axe', { body: JSON.stringify(violations, null, 2), contentType: 'application/json' });
  }
  const found = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' | ')}`);
  expect(found, `axe on ${page.url()}`).toEqual([]);
}
