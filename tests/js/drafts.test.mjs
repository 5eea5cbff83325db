import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Draft } from '../../public/js/drafts.js';
import { PersonStore } from '../../public/js/store.js';
import { Storage } from './support/world.mjs';

function setUp(storage = new Storage()) {
  let time = 0;
  const draft = (room, person = 'ann', edit = null) => new Draft({ store: new PersonStore(storage, person), room, edit, now: () => (time += 1) });
  return { storage, draft };
}

test('NT6 a draft is there after a reload, in its room and for its person only', () => {
  const { draft } = setUp();
  draft('a/b').write('half a sent');
  assert.equal(draft('a/b').read(), 'half a sent');
  for (const other of [draft('a'), draft('b'), draft('a/b/c'), draft('a/b', 'bo'), draft('a/b', 'an')]) assert.equal(other.read(), '');
});

test('NT6 an edit has a draft of its own, each message one', () => {
  const { draft } = setUp();
  draft('lobby', 'ann', 'm1').write('better');
  assert.equal(draft('lobby', 'ann', 'm1').read(), 'better');
  for (const other of [draft('lobby'), draft('lobby', 'ann', 'm2'), draft('lobby/m1')]) assert.equal(other.read(), '');
});

test('NT6 what a draft answers is kept with it, also before there is a word', () => {
  const { draft, storage } = setUp();
  const lobby = draft('lobby');
  lobby.write('', { seq: 7 });
  const again = draft('lobby');
  assert.equal(again.read(), '');
  assert.deepEqual(again.reply, { seq: 7 });
  again.write('yes', { seq: 7 });
  again.write('yes');
  assert.equal(draft('lobby').read(), 'yes');
  again.write('');
  assert.equal(storage.length, 0);
});

test('NT6 a draft that was sent leaves nothing behind', () => {
  const { draft, storage } = setUp();
  const lobby = draft('lobby');
  lobby.write('hello');
  lobby.write('');
  assert.equal(storage.length, 0);
  assert.equal(draft('lobby').read(), '');
});

test('NT7 a tab that typed nothing since does not overwrite what another one wrote', () => {
  const { draft } = setUp();
  const [first, second] = [draft('lobby'), draft('lobby')];
  first.write('one');
  assert.equal(second.read(), 'one');
  second.write('one, two');
  first.write('one');
  assert.equal(draft('lobby').read(), 'one, two');
});

test('NT6 when storage is full the oldest drafts go, of the same person, and the newest stays', () => {
  const { draft, storage } = setUp(new Storage(900));
  draft('theirs', 'bo').write('x'.repeat(100));
  for (const room of ['first', 'second', 'third', 'fourth']) draft(room).write(`${room} ${'y'.repeat(150)}`);
  draft('first').write(`again ${'y'.repeat(150)}`);
  draft('fifth').write(`fifth ${'y'.repeat(150)}`);
  const kept = ['first', 'second', 'third', 'fourth', 'fifth'].filter((room) => draft(room).read());
  assert.deepEqual(kept, ['first', 'fourth', 'fifth']);
  assert.match(draft('first').read(), /^again/);
  assert.equal(draft('theirs', 'bo').read(), 'x'.repeat(100));
  assert.ok(storage.length === 4);
});

test('SE5 what is about to be sent takes the place of drafts', () => {
  const { draft, storage } = setUp(new Storage(400));
  draft('lobby').write('z'.repeat(300));
  const store = new PersonStore(storage, 'ann');
  store.set('outbox/lobby/1', { id: '1', text: 'w'.repeat(200) });
  assert.equal(new PersonStore(storage, 'ann').get('outbox/lobby/1').text, 'w'.repeat(200));
  assert.equal(draft('lobby').read(), '');
});

test('NT6 where storage takes nothing a draft lasts as long as the page', () => {
  const store = new PersonStore(new Storage(0), 'ann');
  const draft = (room) => new Draft({ store, room, now: () => 1 });
  draft('lobby').write('kept in mind');
  draft('other').write('also');
  assert.equal(draft('lobby').read(), 'kept in mind');
  assert.deepEqual(store.keys().toSorted(), ['draft/lobby', 'draft/other']);
  store.clear();
  assert.deepEqual([draft('lobby').read(), store.keys()], ['', []]);
});
