import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { afterEach, test } from 'node:test';
import { explain } from '../../public/js/i18n/errors.js';
import enMore from '../../public/js/i18n/en-more.js';
import enFirst from '../../public/js/i18n/en.js';
import { i18n, t } from '../../public/js/i18n/index.js';
import '../../public/js/i18n/more.js';
import zhMore from '../../public/js/i18n/zh-CN-more.js';
import zhFirst from '../../public/js/i18n/zh-CN.js';
import { sources } from './support/sources.mjs';

const en = { ...enFirst, ...enMore };
const zh = { ...zhFirst, ...zhMore };
const languages = { en, 'zh-CN': zh };
const codes = Object.keys(JSON.parse(readFileSync(new URL('../golden/codes.json', import.meta.url), 'utf8')));
const patterns = (entry) => (typeof entry === 'object' ? Object.values(entry) : [entry]);
const holes = (pattern) => [...pattern.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort().join();

afterEach(() => i18n.use('en'));

/** The keys a source names, and how those begin that it puts together. */
function keysIn(text) {
  return {
    named: [...text.matchAll(/['"]([a-z]+\.[a-z_.]+)['"]/g)].map(([, key]) => key),
    begun: [...text.matchAll(/`([a-z]+\.)\$\{/g)].map(([, start]) => start),
  };
}

test('LG2 both languages have the same keys, each in one of two parts', () => {
  for (const [one, other] of [[zhFirst, enFirst], [zhMore, enMore]]) assert.deepEqual(Object.keys(one).sort(), Object.keys(other).sort());
  assert.deepEqual(Object.keys(enFirst).filter((key) => key in enMore), []);
});

test('LG2 whatever names a sentence of the second part has asked for it', () => {
  const late = Object.keys(enMore).filter((key) => !key.startsWith('error.'));
  for (const { path, text } of sources()) {
    if (!path.endsWith('.js') || /i18n\/(en|zh-CN)(-more)?\.js$/.test(path) || /import '[./]*i18n\/more\.js'/.test(text)) continue;
    const { named, begun } = keysIn(text);
    assert.deepEqual(late.filter((key) => named.includes(key) || begun.some((start) => key.startsWith(start))), [], path);
  }
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
    if (/(en|zh-CN)(-more)?\.js$/.test(path)) continue;
    const keys = keysIn(text);
    for (const key of keys.named) named.add(key);
    for (const start of keys.begun) begun.add(start);
  }
  const families = [...begun];
  const missing = [...named].filter((key) => /^(app|site|language|theme|entrance|login|register|recover|reset|account|code|invite|settings|notices|manage|person|rooms|create|chat|members|timeline|message|edit|composer|emoji|keys|typing|announce|connection|day|ago|notice|state)\./.test(key) && !(key in en));
  assert.deepEqual(missing, []);
  const unused = Object.keys(en).filter((key) => !named.has(key) && !families.some((family) => key.startsWith(family)));
  assert.deepEqual(unused, []);
});

test('LG3 every code of the protocol has a sentence of its own in both languages', async () => {
  for (const language of Object.keys(languages)) {
    await i18n.use(language);
    const unknown = t('error.unknown');
    for (const code of [...codes, 'signed_out', 'session_expired', 'room_closed', 'removed', 'unreachable', 'no_answer', 'in_doubt', 'no_crypto', 'slow_down', 'budget_spent']) {
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

test('LG3 what comes too soon is told when it will do', async () => {
  const budget = { code: 'budget_spent', retryAfter: 5 * 3_600 };
  assert.equal(explain({ code: 'slow_down', retryAfter: 12 }), 'That was a lot at once. Try again in 12 seconds.');
  assert.match(explain(budget), /can be made again in 5 hours;/);
  await i18n.use('zh-CN');
  assert.equal(explain({ code: 'slow_down', retryAfter: 12 }), '操作太频繁了，请12秒钟后再试。');
  assert.match(explain(budget), /，5小时后才能/);
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
