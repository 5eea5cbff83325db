// axe over the pages, in the theme and language they are in.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

/** Every piece of a page without a violation that this process has seen. */
const clean = new Set();

/** As long as any expectation of these tests. */
const PATIENCE_MS = 15_000;

/** No violation in the state the page is in, once it has come to rest there; it may take `patience` milliseconds. */
export function expectAccessible(page, { patience = PATIENCE_MS } = {}) {
  return expectClean(page, () => true, patience);
}

/**
 * The same at the end of every story, where most pages look alike and axe takes half of a page's time: it is spared a
 * page of which each piece has been on a clean one. What this can miss is a quarrel between distant parts that were
 * fine apart, and a text whose length alone is wrong.
 */
export function expectStillAccessible(page) {
  return expectClean(page, (pieces) => !pieces.every((piece) => clean.has(piece)), PATIENCE_MS);
}

/**
 * Looks again until there is nothing to complain of: a story may end while its last press or reload still changes the
 * page, and half a page has headings without words that no person ever meets.
 */
async function expectClean(page, asks, timeout) {
  let violations = [];
  try {
    await expect(async () => {
      expect(await page.evaluate(unfinished), `what ${page.url()} still waits for`).toEqual([]);
      const pieces = await page.evaluate(piecesOf);
      if (!asks(pieces)) return;
      violations = await violationsOf(page);
      const found = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' | ')}`);
      expect(found, `axe on ${page.url()}`).toEqual([]);
      for (const piece of pieces) clean.add(piece);
    }).toPass({ timeout });
  } catch (error) {
    await test.info().attach('axe', { body: JSON.stringify(violations, null, 2), contentType: 'application/json' });
    throw error;
  }
}

async function violationsOf(page) {
  await page.evaluate(`${AXE}; null`);
  return page.evaluate(async (values) => {
    // What is still fading in is judged as it will be.
    await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
    const found = await window.axe.run({ runOnly: { type: 'tag', values }, resultTypes: ['violations'] });
    return found.violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(({ html, failureSummary }) => ({ html, failureSummary })) }));
  }, TAGS);
}

/** In the page: what is there only when everything that it begins with has come and run. */
function unfinished() {
  const elements = [...document.querySelectorAll(':not(:defined)')].map(({ localName }) => localName);
  const parts = { document: document.readyState === 'complete', title: document.title !== '' };
  return [...Object.keys(parts).filter((part) => !parts[part]), ...new Set(elements)];
}

/**
 * In the page: an element by where it stands, what it is and what stands directly in it, so that what is missing shows
 * as well; for each theme, language, width and size of type. Names and texts count by whether there are any.
 */
function piecesOf() {
  const JUDGED = /^(?:class|role|type|tabindex|lang|dir|autocomplete|aria-(?!label|describedby|controls|owns))/;
  const kind = (element) => {
    const attributes = Array.from(element.attributes, ({ name, value }) => (JUDGED.test(name) ? `${name}=${value}` : name + (value === '')));
    return [element.localName, ...attributes.sort(), element.textContent.trim() === '', element === document.activeElement].join(' ');
  };
  const pieces = new Set();
  const look = (element, above) => {
    const place = `${above}\n${kind(element)}`;
    // Nobody is told of what isn't shown, and a picture is one thing.
    const children = element.localName !== 'svg' && element.checkVisibility() ? [...element.children] : [];
    pieces.add(`${place}\n${[...new Set(children.map(kind))].sort()}`);
    for (const child of children) look(child, place);
  };
  const { colorScheme, backgroundColor, fontSize } = getComputedStyle(document.documentElement);
  look(document.body, [document.documentElement.lang, document.title === '', colorScheme, backgroundColor, fontSize, innerWidth].join(' '));
  return [...pieces];
}
