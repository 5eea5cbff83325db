// What every browser test gets: people with a browser each, a scripted server for faults, and a
// look over every page at the end: nothing on the console, nothing against the CSP, axe content.

import { expect, test as base } from '@playwright/test';
import { expectStillAccessible } from './accessible.mjs';
import { hinderContext, hinderPage } from './hindrance.mjs';
import { startScriptedServer } from './scripted-server.mjs';
import { watch } from './watch.mjs';
import { anAddress } from './world.mjs';

export { expect };

export const test = base.extend({
  baseURL: async ({}, use) => use(process.env.HIHICHAT_ORIGIN),

  // Looks over the pages while whatever server they are at still runs; the tests don't ask for it.
  visits: async ({}, use, testInfo) => {
    const visits = new Visits();
    await use(visits);
    await visits.end(testInfo);
  },

  /**
   * `visitor(options)` opens a page in a browser of its own, `tab(page)` another one in the same
   * browser. Options are those of a browser context; `expected` are console errors that belong
   * to the story, as a list of patterns.
   */
  visitor: async ({ browser, visits }, use) => {
    const visitor = async ({ expected, ...options } = {}) => {
      // Each browser asks from somewhere else, as in the world: what comes from one address is limited.
      const context = await hinderContext(await browser.newContext({ extraHTTPHeaders: anAddress(), ...options }));
      return visits.add(await hinderPage(await context.newPage()), expected);
    };
    visitor.tab = async (page, { expected } = {}) => visits.add(await hinderPage(await page.context().newPage()), expected);
    await use(visitor);
  },

  /** The chat without its Worker, which does on cue what no server should. */
  server: async ({ visits }, use, testInfo) => {
    const server = await startScriptedServer();
    await use(server);
    await visits.end(testInfo);
    await server.stop();
  },
});

class Visits {
  #visits = [];

  add(page, expected) {
    this.#visits.push({ page, complaints: watch(page, expected) });
    return page;
  }

  async end({ status, expectedStatus }) {
    const visits = this.#visits.splice(0);
    try {
      if (status !== expectedStatus) return;
      for (const { page } of visits) if (!page.isClosed()) await expectStillAccessible(page);
      const complaints = visits.flatMap((visit) => visit.complaints);
      // In one line and at its beginning: that is what a log that was cut still has.
      if (complaints.length > 0) throw new Error(`a page complained of ${complaints.join(', and of ')}`);
    } finally {
      await Promise.all(visits.map(({ page }) => page.context().close()));
    }
  }
}
