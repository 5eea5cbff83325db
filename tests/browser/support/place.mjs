// Where a reader is in the timeline, measured as a person would see it.

import { expect } from '@playwright/test';
import { names } from './page.mjs';

export async function timelineOf(page) {
  return page.getByRole('region', { name: (await names(page)).messages('Workshop') });
}

/** How far the end is below the view, once the page has drawn what it knows; a room that is not there yet has none. */
export async function distance(page) {
  return (await timelineOf(page)).evaluate((region) => new Promise((answer) => {
    const end = () => (region.querySelector('article') ? region.scrollHeight - region.clientHeight - region.scrollTop : Infinity);
    requestAnimationFrame(() => requestAnimationFrame(() => answer(end())));
  }));
}

export async function expectAtEnd(page) {
  await expect.poll(() => distance(page)).toBeLessThanOrEqual(1);
}

/** The first message in view and how far its words are from the top edge. */
export async function reading(page) {
  return (await timelineOf(page)).evaluate((region) => new Promise((answer) => {
    requestAnimationFrame(() => requestAnimationFrame(() => {
      const edge = region.getBoundingClientRect().top;
      const first = Array.from(region.querySelectorAll('article')).find((one) => one.getBoundingClientRect().bottom > edge + 1);
      const words = document.getElementById(first.getAttribute('aria-describedby').split(' ')[0]);
      answer({ text: first.textContent, top: words.getBoundingClientRect().top - edge });
    }));
  }));
}

/** How far the words of this message are from the top edge; what is not there is infinitely far away. */
export async function topOf(page, text) {
  return (await timelineOf(page)).evaluate((region, wanted) => new Promise((answer) => {
    requestAnimationFrame(() => requestAnimationFrame(() => {
      const it = Array.from(region.querySelectorAll('article')).find(({ textContent }) => textContent === wanted);
      const words = it && document.getElementById(it.getAttribute('aria-describedby').split(' ')[0]);
      answer(words ? words.getBoundingClientRect().top - region.getBoundingClientRect().top : Infinity);
    }));
  }), text);
}

/** What was in view is where it was. Something else may be first there by now: who stands at the beginning of what is loaded has room above it. */
export async function expectStillReading(page, { text, top }) {
  expect(Math.abs(await topOf(page, text) - top), text).toBeLessThanOrEqual(1);
}

/** Scrolls as a wheel does, and waits until it has happened. */
export async function wheel(page, by) {
  const region = await timelineOf(page);
  const before = await reading(page);
  await region.hover();
  await page.mouse.wheel(0, by);
  await expect.poll(() => reading(page)).not.toEqual(before);
  // The last step of the wheel: two frames at the same place.
  await expect.poll(() => region.evaluate((element) => {
    const at = element.scrollTop;
    return new Promise((answer) => requestAnimationFrame(() => requestAnimationFrame(() => answer(element.scrollTop === at))));
  })).toBe(true);
}

/** The timeline's rows: the number each message ends with, or null for a gap. */
export async function rowsOf(page) {
  return (await timelineOf(page)).evaluate((region) => [...region.querySelectorAll('li')].flatMap((row) => {
    const article = row.querySelector('article');
    if (article) return [Number(/\d+$/.exec(document.getElementById(article.getAttribute('aria-describedby').split(' ')[0]).textContent)?.[0])];
    return row.querySelector('button') ? [null] : [];
  }));
}

/** Whatever stands side by side was said one after the other. */
export async function expectNoHole(page) {
  const rows = await rowsOf(page);
  rows.forEach((row, index) => {
    const before = rows[index - 1];
    if (row !== null && typeof before === 'number') expect(row).toBe(before + 1);
  });
}
