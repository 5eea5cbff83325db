import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHOICES, mentions, NoticeChoice, wantsNotice } from '../../public/js/notices.js';
import { PersonStore } from '../../public/js/store.js';
import { ann, bo, message, Storage } from './support/world.mjs';

test('NT5 all, mentions or nothing, and never of my own', () => {
  const said = {
    'a mention': message(1, { text: 'where is @Ann?' }),
    'something else': message(2, { text: 'where is Ann?' }),
    'my own': message(3, { author: ann, text: '@Ann that is me' }),
    'a broken one': message(4, { text: null }),
  };
  const wanted = { all: ['a mention', 'something else'], mentions: ['a mention'], none: [] };
  for (const choice of CHOICES) {
    assert.deepEqual(Object.keys(said).filter((what) => wantsNotice(choice, said[what], ann)), wanted[choice], choice);
  }
});

test('NT5 a mention is @name as a word, in any case, width and script', () => {
  const table = [
    ['Ann', ['@Ann', '@ann!', 'hi @ANN, look', '(@Ann)', '@Annä @Ann', '＠Ａｎｎ', '你好@Ann你好', '@Ann\nthere', '@Ann’s turn'],
      ['Ann', '@Anna', '@Ann_2', '@Ann2', 'mail@Ann', '@ Ann', '@An', '', '@Anné', '@Ann\u0301']],
    ['小明', ['@小明', '@小明你好', '请@小明来一下', '@小明，在吗'], ['小明', '@小红', '@小']],
    ['Ann Archer', ['@Ann Archer', '@ann archer: hello'], ['@Ann', '@Ann Archers']],
    ['C++ (old)', ['@C++ (old)', '@c++ (old).'], ['@C']],
    ['😀', ['@😀', '@😀😀'], ['😀']],
  ];
  for (const [name, yes, no] of table) {
    for (const text of yes) assert.equal(mentions(text, name), true, `${name} in ${text}`);
    for (const text of no) assert.equal(mentions(text, name), false, `${name} not in ${text}`);
  }
});

test('NT5 a choice is kept by room and person; unchosen or unknown is mentions', () => {
  const storage = new Storage();
  const choice = (room, person) => new NoticeChoice(new PersonStore(storage, person.id), room);
  choice('a/b', ann).set('none');
  assert.equal(choice('a/b', ann).get(), 'none');
  for (const other of [choice('a', ann), choice('a/b', bo)]) assert.equal(other.get(), 'mentions');
  new PersonStore(storage, ann.id).set('notices/a', 'a choice of tomorrow');
  assert.equal(choice('a', ann).get(), 'mentions');
});
