import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { afterEach, test } from 'node:test';
import { explain } from '../../public/js/i18n/errors.js';
import en from '../../public/js/i18n/en.js';
import { i18n, t } from '../../public/js/i18n/index.js';
import zh from '../../public/js/i18n/zh-CN.js';
import { sources } from './support/sources.mjs';

const languages = { en, 'zh-CN': zh };
const codes = Object.keys(JSON.parse(readFileSync(new URL('../golden/codes.json', import.meta.url), 'utf8')));
const patterns = (entry) => (typeof entry === 'object' ? Object.values(entry) : [entry]);
const holes = (pattern) => [...pattern.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort().join();

afterEach(() => i18n.use('en'));

test('LG2 both languages have the same keys', () => {
  assert.deepEqual(Object.keys(zh).sort(), Object.keys(en).sort());
});

test('LG2 both languages name the same parameters', () => {
  for (const key of Object.keys(en)) {
    const wanted = holes(patterns(en[key]).at(-1));
    for (const dictionary of Object.values(languages)) {
      for (const pattern of patterns(dictionary[key])) {
        if (pattern !== dictionary[key]?.one) assert.equal(holes(pattern), wanted, key);
      }
    }
  }
});

test('LG2 counted sentences have every plural form of their language', () => {
  for (const [language, dictionary] of Object.entries(languages)) {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted();
    for (const [key, entry] of Object.entries(dictionary)) {
      if (typeof entry === 'object') assert.deepEqual(Object.keys(entry).toSorted(), forms, key);
    }
  }
});

test('LG2 every key the pages name exists, and every key is named somewhere', () => {
  const named = new Set();
  const begun = new Set();
  for (const { path, text } of sources()) {
    if (/(en|zh-CN)\.js$/.test(path)) continue;
    for (const [, key] of text.matchAll(/['"]([a-z]+\.[a-z_.]+)['"]/g)) named.add(key);
    for (const [, key] of text.matchAll(/`([a-z]+\.)\$\{/g)) begun.add(key);
  }
  const families = [...begun];
  const missing = [...named].filter((key) => /^(app|site|language|theme|entrance|login|register|recover|reset|account|code|invite|settings|notices|manage|person|rooms|create|chat|members|timeline|message|composer|typing|announce|connection|day|ago|notice|state)\./.test(key) && !(key in en));
  assert.deepEqual(missing, []);
  const unused = Object.keys(en).filter((key) => !named.has(key) && !families.some((family) => key.startsWith(family)));
  assert.deepEqual(unused, []);
});

test('LG3 every code of the protocol has a sentence of its own in both languages', async () => {
  for (const language of Object.keys(languages)) {
    await i18n.use(language);
    const unknown = t('error.unknown');
    for (const code of [...codes, 'signed_out', 'session_expired', 'room_closed', 'removed', 'unreachable', 'no_answer', 'no_crypto']) {
      const sentence = explain({ code, limit: 32 });
      assert.notEqual(sentence, unknown, code);
      assert.doesNotMatch(sentence, /[{}]|_/, code);
    }
    assert.equal(explain({ code: 'a_code_of_tomorrow' }), unknown);
  }
});

test('LG3 an error says which field of which form, and how much fits', async () => {
  assert.equal(explain({ code: 'too_long', field: 'name', limit: 32 }, 'person'), 'That name is too long. At most 32 characters fit.');
  assert.equal(explain({ code: 'too_long', field: 'name', limit: 64 }, 'room'), 'That room name is too long. At most 64 characters fit.');
  assert.equal(explain({ code: 'too_long', field: 'text', limit: 4000 }), 'The message is too long. At most 4,000 characters fit.');
  await i18n.use('zh-CN');
  assert.equal(explain({ code: 'blank', field: 'name' }, 'person'), '请先取个名字。');
});

test('a name in another direction does not reorder the sentence', () => {
  assert.equal(t('typing.one', { a: 'Ann' }), 'Ann is typing…');
  assert.equal(t('typing.one', { a: 'عمر' }), '\u2068عمر\u2069 is typing…');
});

test('a parameter that looks like one stays text', () => {
  assert.equal(t('typing.two', { a: '{b}', b: '$&' }), '{b} and $& are typing…');
});

test('a language nobody translated is not taken', async () => {
  await i18n.use('zh-CN');
  for (const unknown of ['sw', '', undefined, '__proto__', 'toString']) await i18n.use(unknown);
  assert.equal(i18n.language, 'zh-CN');
});

test('LG1 of two choices in a row the last one counts', async () => {
  await Promise.all([i18n.use('zh-CN'), i18n.use('en')]);
  assert.equal(i18n.language, 'en');
});
