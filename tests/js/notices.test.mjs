import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHOICES, NoticeChoice, wantsNotice } from '../../public/js/notices.js';
import { PersonStore } from '../../public/js/store.js';
import { ann, bo, message, Storage } from './support/world.mjs';

test('NT5 all, mentions or nothing, and never of my own', () => {
  const said = {
    'a mention': { ...message(1, { text: 'where is @Ann?' }), mentions: [{ id: bo.id, name: 'Bo' }, { id: ann.id, name: 'Ann' }] },
    'something else': { ...message(2, { text: 'where is @Ann? not this one' }), mentions: [{ id: 'another', name: 'Ann' }] },
    'my own': { ...message(3, { author: ann, text: '@Ann that is me' }), mentions: [{ id: ann.id, name: 'Ann' }] },
    'a broken one': message(4, { text: null }),
  };
  const wanted = { all: ['a mention', 'something else'], mentions: ['a mention'], none: [] };
  for (const choice of CHOICES) {
    assert.deepEqual(Object.keys(said).filter((what) => wantsNotice(choice, said[what], ann)), wanted[choice], choice);
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
