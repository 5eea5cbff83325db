import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findIn } from '../../public/js/found.js';

const marked = (text, query) => findIn(text, query).map(({ text: part, found }) => (found ? `[${part}]` : part)).join('');

const CASES = {
  'any case': ['Tea and TEA and tea', 'tEa', '[Tea] and [TEA] and [tea]'],
  'any width': ['ＡＢＣ abc', 'Abc', '[ＡＢＣ] [abc]'],
  'half-width kana': ['ﾃﾞｰﾀ', 'デー', '[ﾃﾞｰ]ﾀ'],
  'part of a word': ['今天天气不错', '天气', '今天[天气]不错'],
  'two words, each where it is': ['bread with tea', 'tea bread', '[bread] with [tea]'],
  'one letter that folds to two': ['Straße', 'strasse', '[Straße]'],
  'two letters that fold to one': ['STRASSE', 'straße', '[STRASSE]'],
  'a sigma at the end': ['ΟΔΟΣ', 'οδος', '[ΟΔΟΣ]'],
  'what can’t be seen': ['te\u200Ba', 'tea', '[te\u200Ba]'],
  'a family is one letter': ['hi 👨‍👩‍👧 there', '👨‍👩‍👧', 'hi [👨‍👩‍👧] there'],
  'composed or not': ['cafe\u0301', 'café', '[cafe\u0301]'],
  'nothing': ['tea', 'coffee', 'tea'],
  'no pattern is meant': ['a.c abc', 'a.c', '[a.c] abc'],
};

for (const [name, [text, query, expected]] of Object.entries(CASES)) {
  test(`LG7 what was searched for is marked: ${name}`, () => assert.equal(marked(text, query), expected));
}

test('of a long text the piece around the first find is shown', () => {
  const shown = marked(`${'so '.repeat(200)}needle${' on'.repeat(200)}`, 'needle');
  assert.match(shown, /^… (so ){13}\[needle\]( on)+.*…$/);
  assert.ok(shown.length < 260);
});

test('a long text without a find, as one that was edited since, is shown from its beginning', () => {
  assert.match(marked('long '.repeat(100), 'needle'), /^(long )+…$/);
});
