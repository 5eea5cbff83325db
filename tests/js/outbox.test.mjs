import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Outbox, PATIENCE_MS } from '../../public/js/outbox.js';
import { PersonStore } from '../../public/js/store.js';
import { Clock } from './support/clock.mjs';
import { Storage } from './support/world.mjs';

function setUp({ storage = new Storage(), clock = new Clock(), room = 'lobby', person = 'ann' } = {}) {
  const world = { online: true, sent: [], changes: [] };
  const outbox = new Outbox({
    store: new PersonStore(storage, person),
    room,
    clock,
    transmit: ({ id, text }) => world.online && world.sent.push(`${id} ${text}`) > 0,
    changed: ({ id, state }) => world.changes.push(`${id} ${state}`),
  });
  return { outbox, world, clock, storage };
}

test('SE6 what is written goes out in order, once', () => {
  const { outbox, world } = setUp();
  outbox.add('a', 'one');
  outbox.add('b', 'two');
  outbox.flush();
  outbox.flush();
  assert.deepEqual(world.sent, ['a one', 'b two']);
});

test('SE7 offline it waits without failing, and goes out on return', async () => {
  const { outbox, world, clock } = setUp();
  world.online = false;
  for (const id of ['a', 'b', 'c']) outbox.add(id, id);
  outbox.flush();
  await clock.pass(PATIENCE_MS * 100);
  assert.deepEqual(world.changes, []);
  world.online = true;
  outbox.flush();
  assert.deepEqual(world.sent, ['a a', 'b b', 'c c']);
});

test('SE3 no ack in ten seconds is a failure that says so', async () => {
  const { outbox, world, clock } = setUp();
  outbox.add('a', 'one');
  outbox.flush();
  await clock.pass(PATIENCE_MS - 1);
  assert.deepEqual(world.changes, []);
  await clock.pass(1);
  assert.deepEqual(world.changes, ['a failed']);
  assert.equal(outbox.entries[0].error.code, 'no_answer');
});

test('SE4 a retry goes out under the same id', async () => {
  const { outbox, world, clock } = setUp();
  outbox.add('a', 'one');
  outbox.flush();
  await clock.pass(PATIENCE_MS);
  outbox.retry('a');
  assert.deepEqual(world.sent, ['a one', 'a one']);
  assert.equal(outbox.settle('a'), true);
  assert.deepEqual(outbox.entries, []);
});

test('a late ack settles what had been given up', async () => {
  const { outbox, clock } = setUp();
  outbox.add('a', 'one');
  outbox.flush();
  await clock.pass(PATIENCE_MS);
  assert.equal(outbox.settle('a'), true);
  assert.equal(outbox.settle('a'), false);
});

test('a lost connection stops the clock of what was on its way, and sends it again', async () => {
  const { outbox, world, clock } = setUp();
  outbox.add('a', 'one');
  outbox.flush();
  outbox.pause();
  await clock.pass(PATIENCE_MS * 2);
  assert.deepEqual(world.changes, []);
  outbox.flush();
  assert.deepEqual(world.sent, ['a one', 'a one']);
});

test('SE5 pending and failed are there after a reload, in order and in their state', () => {
  const { outbox, storage, clock } = setUp();
  for (const id of ['z', 'a', 'm']) outbox.add(id, id);
  outbox.fail('a', { code: 'busy', field: undefined });
  const again = setUp({ storage, clock });
  assert.deepEqual(again.outbox.entries.map(({ id, state }) => `${id} ${state}`), ['z pending', 'a failed', 'm pending']);
  assert.equal(again.outbox.entries[1].error.code, 'busy');
});

test('settled and removed leave nothing in storage', () => {
  const { outbox, storage } = setUp();
  outbox.add('a', 'one');
  outbox.add('b', 'two');
  outbox.settle('a');
  outbox.remove('b');
  assert.equal(storage.length, 0);
});

test('two tabs that write at once lose nothing of each other', () => {
  const { outbox, storage } = setUp();
  const other = setUp({ storage });
  outbox.add('a', 'one');
  other.outbox.add('b', 'two');
  assert.equal(setUp({ storage }).outbox.entries.length, 2);
});

test('rooms and people do not mix, also when one name begins like the other', () => {
  const { outbox, storage } = setUp({ room: 'a/b' });
  outbox.add('a', 'one');
  assert.equal(setUp({ storage, room: 'a' }).outbox.entries.length, 0);
  assert.equal(setUp({ storage, room: 'a/b', person: 'bo' }).outbox.entries.length, 0);
  assert.equal(setUp({ storage, room: 'a/b' }).outbox.entries.length, 1);
});

test('broken storage is no reason to lose the page', () => {
  const storage = new Storage();
  storage.setItem('hihi/person/ann/outbox/lobby/x', '{"id":7');
  storage.setItem('hihi/person/ann/outbox/lobby/y', '"text"');
  assert.deepEqual(setUp({ storage }).outbox.entries, []);
  storage.setItem = () => {
    throw new Error('full');
  };
  const { outbox, world } = setUp({ storage });
  outbox.add('a', 'one');
  outbox.flush();
  assert.deepEqual(world.sent, ['a one']);
});
