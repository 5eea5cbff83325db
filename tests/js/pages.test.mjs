// What the files promise as files: what is loaded ahead, what never appears, how much it weighs.

import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { read, sources } from './support/sources.mjs';

const PAGES = { 'login.html': '/js/pages/entrance.js', 'roomlist.html': '/js/pages/roomlist.js', 'chat.html': '/js/pages/chat.js', 'account.html': '/js/pages/account.js' };
const KB = 1_000;

function imported(path, seen = new Set()) {
  if (seen.has(path)) return seen;
  seen.add(path);
  for (const [, target] of read(path).matchAll(/^import (?:[^'"]*? from )?['"](\.[^'"]+)['"]/gm)) imported(join(dirname(path), target), seen);
  return seen;
}

const hrefs = (page, pattern) => [...read(page).matchAll(pattern)].map(([, href]) => href);
/** Besides what is imported: one language, preloaded by early.js. The larger one counts. */
const sentences = (modules) => ['/js/i18n/zh-CN.js', ...(modules.has('/js/i18n/more.js') ? ['/js/i18n/zh-CN-more.js'] : [])];
const gzipped = (paths) => paths.reduce((sum, path) => sum + gzipSync(read(path)).length, 0);

for (const [page, entry] of Object.entries(PAGES)) {
  test(`${page} names every module it needs, so that none waits for another`, () => {
    const ahead = hrefs(page, /rel="modulepreload" href="([^"]+)"/g);
    const needed = [...imported(entry)].filter((path) => path !== entry);
    assert.deepEqual(ahead.toSorted(), needed.toSorted());
  });

  test(`${page} fetches the sentences it needs from the start, and no others`, () => {
    const speaks = imported(entry).has('/js/i18n/more.js') ? 'all' : 'room';
    assert.match(read(page), new RegExp(`src="/js/early.js" data-speaks="${speaks}"`));
  });

  test(`${page} keeps the budget of a first view: 60 KB of scripts, 20 KB of styles`, () => {
    const modules = imported(entry);
    assert.ok(gzipped(['/js/early.js', ...sentences(modules), ...modules]) <= 60 * KB);
    assert.ok(gzipped(hrefs(page, /rel="stylesheet" href="([^"]+)"/g)) <= 20 * KB);
  });

  test(`${page} says without scripts what it needs, in both languages`, () => {
    const noscript = /<noscript>[^]*<\/noscript>/.exec(read(page))[0];
    assert.match(noscript, /lang="en"[^]*lang="zh-CN"/);
  });
}

test('all scripts together stay within 150 KB', () => {
  assert.ok(gzipped(sources().map(({ path }) => `/${path}`).filter((path) => path.endsWith('.js'))) <= 150 * KB);
});

test('no string becomes markup or code', () => {
  for (const { path, text } of sources()) {
    assert.doesNotMatch(text, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|\beval\(|new Function/, path);
  }
});

test('pages hold no inline script, style or handler', () => {
  for (const { path, text } of sources()) {
    if (!path.endsWith('.html')) continue;
    assert.doesNotMatch(text, /<style|\sstyle=|\son\w+=/, path);
    assert.doesNotMatch(text, /<script(?![^>]*\ssrc=)/, path);
  }
});

test('nothing is fetched from anybody else', () => {
  for (const { path, text } of sources()) {
    if (path.endsWith('.html')) assert.doesNotMatch(text, /(?:src|href)="(?:https?:)?\/\//, path);
  }
});
