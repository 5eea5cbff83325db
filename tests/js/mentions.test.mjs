import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askedFor, ENOUGH, matching, mentionedIn } from '../../public/js/mentioning.js';
import { findMentions, isMentioned } from '../../public/js/mentions.js';
import { spansOf } from '../../public/js/spans.js';
import { ann, bo, message, person } from './support/world.mjs';

test('a mention is @name as a word, in any case and script', () => {
  const table = [
    ['Ann', ['@Ann', '@ann!', 'hi @ANN, look', '(@Ann)', '@Annä @Ann', '＠Ann', '你好@Ann你好', '@Ann\nthere', '@Ann’s turn'],
      ['Ann', '@Anna', '@Ann_2', '@Ann2', 'mail@Ann', '@ Ann', '@An', '', '@Anné', '@Ann\u0301']],
    ['小明', ['@小明', '@小明你好', '请@小明来一下', '@小明，在吗'], ['小明', '@小红', '@小']],
    ['Ann Archer', ['@Ann Archer', '@ann archer: hello'], ['@Ann', '@Ann Archers']],
    ['C++ (old)', ['@C++ (old)', '@c++ (old).'], ['@C']],
    ['a-b/c', ['@a-b/c', '@a-b/c-d'], ['@a-b']],
    ['😀', ['@😀', '@😀😀'], ['😀']],
  ];
  for (const [name, yes, no] of table) {
    for (const text of yes) assert.equal(findMentions(text, [name]).length, 1, `${name} in ${text}`);
    for (const text of no) assert.equal(findMentions(text, [name]).length, 0, `${name} not in ${text}`);
  }
});

test('of two names that begin alike the longer one is meant', () => {
  const found = findMentions('@Ann Archer and @Ann', ['Ann', 'Ann Archer']);
  assert.deepEqual(found, [{ start: 0, end: 11, name: 'Ann Archer' }, { start: 16, end: 20, name: 'Ann' }]);
});

test('the spans of a message mark the names it mentions, in words only', () => {
  const text = 'Hi @Bo, see `@Bo` and https://example.org/@Bo @Cy';
  const spans = spansOf(text, ['Bo']);
  assert.equal(spans.map((span) => span.text).join(''), text);
  assert.deepEqual(spans.filter(({ kind }) => kind === 'mention'), [{ kind: 'mention', text: '@Bo', name: 'Bo' }]);
  assert.deepEqual(spansOf(text).filter(({ kind }) => kind === 'mention'), []);
});

test('a hundred thousand @ take no time', () => {
  const started = performance.now();
  findMentions('@An'.repeat(100_000), ['Ann', 'Anna', 'An An']);
  assert.ok(performance.now() - started < 1_000);
});

test('what is asked for stands between an @ and the caret', () => {
  const table = [
    ['@', { start: 0, query: '' }],
    ['hi @An', { start: 3, query: 'An' }],
    ['hi ＠An', { start: 3, query: 'An' }],
    ['@Ann Ar', { start: 0, query: 'Ann Ar' }],
    ['请@小', { start: 1, query: '小' }],
    ['@Bo and @C', { start: 8, query: 'C' }],
    ['mail@An', null],
    ['@ An', null],
    ['@An\n', null],
    ['nobody', null],
  ];
  for (const [text, asked] of table) assert.deepEqual(askedFor(text), asked, text);
});

test('names that begin with it come first, in any case and width', () => {
  const people = ['Joanna', 'Mary Ann', 'anna', 'Ann', 'Bo', '安娜'].map((name) => person(name));
  const names = (query) => matching(people, query).map(({ name }) => name);
  assert.deepEqual(names('AN'), ['Ann', 'anna', 'Mary Ann', 'Joanna']);
  assert.deepEqual(names('ａｎｎa'), ['anna', 'Joanna']);
  assert.deepEqual(names('娜'), ['安娜']);
  assert.deepEqual(names('Ann and'), []);
  assert.equal(matching(Array.from({ length: 40 }, (_, index) => person(`P${index}`)), '').length, ENOUGH);
});

test('mentioned are those whose name is still in the text, the chosen one of several alike', () => {
  const [one, other, cy] = [person('Ann', { id: '1' }), person('Ann', { id: '2' }), person('Cy', { id: '3' })];
  const ids = (text, chosen) => mentionedIn(text, [one, other, cy], chosen).map(({ id }) => id);
  assert.deepEqual(ids('@Ann look', [other]), ['2']);
  assert.deepEqual(ids('@Ann look', []), ['1', '2']);
  assert.deepEqual(ids('Ann look', [other, cy]), []);
  assert.deepEqual(ids('@cy and @Ann', [other, cy]), ['2', '3']);
  assert.deepEqual(mentionedIn('@Cy', [cy]), [{ id: '3', name: 'Cy' }]);
});

test('it is I who am mentioned when the room says so', () => {
  assert.equal(isMentioned({ ...message(1), mentions: [{ id: ann.id, name: 'Ann' }] }, ann), true);
  assert.equal(isMentioned({ ...message(1, { text: '@Ann' }), mentions: [{ id: bo.id, name: 'Bo' }] }, ann), false);
  assert.equal(isMentioned(message(1, { text: '@Ann' }), ann), false);
  assert.equal(isMentioned({ mentions: [null] }, ann), false);
});
