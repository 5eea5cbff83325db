import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PATIENCE_MS } from '../../public/js/line.js';
import { Outbox } from '../../public/js/outbox.js';
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

test('SE6 what is written goes out in order, once, each after the answer to the one before', () => {
  const { outbox, world } = setUp();
  outbox.add('a', 'one');
  outbox.add('b', 'two');
  outbox.flush();
  outbox.flush();
  assert.deepEqual(world.sent, ['a one']);
  outbox.settle('a');
  assert.deepEqual(world.sent, ['a one', 'b two']);
});

test('SE6 what is refused, given up or thrown away does not hold up what is behind it', async () => {
  const { outbox, world, clock } = setUp();
  for (const id of ['a', 'b', 'c', 'd']) outbox.add(id, id);
  outbox.flush();
  outbox.fail('a', { code: 'too_long' });
  await clock.pass(PATIENCE_MS);
  outbox.remove('c');
  assert.deepEqual(world.sent, ['a a', 'b b', 'c c', 'd d']);
});

const slowDown = (retryAfter) => ({ code: 'slow_down', retryAfter });

test('SE8 what came too soon stays pending and goes out again by itself, and nothing overtakes it', async () => {
  const { outbox, world, clock } = setUp();
  for (const id of ['a', 'b']) outbox.add(id, id);
  outbox.flush();
  outbox.postpone('a', slowDown(12));
  outbox.add('c', 'c');
  outbox.flush();
  await clock.pass(11_999);
  assert.deepEqual([world.sent, world.changes], [['a a'], ['a pending']]);
  assert.equal(outbox.entries[0].error.code, 'slow_down');
  await clock.pass(1);
  assert.deepEqual(world.sent, ['a a', 'a a']);
  for (const id of ['a', 'b', 'c']) outbox.settle(id);
  assert.deepEqual(world.sent, ['a a', 'a a', 'b b', 'c c']);
  assert.equal(clock.timers, 0);
});

test('SE8 a lost connection makes the wait no shorter', async () => {
  const { outbox, world, clock } = setUp();
  outbox.add('a', 'a');
  outbox.flush();
  outbox.postpone('a', slowDown(5));
  outbox.pause();
  outbox.flush();
  await clock.pass(4_999);
  assert.deepEqual(world.sent, ['a a']);
  await clock.pass(1);
  assert.deepEqual(world.sent, ['a a', 'a a']);
});

test('SE8 five hundred quick ones in a room that takes two a second all arrive, in order, asked at most twice each', async () => {
  const { outbox, world, clock } = setUp();
  const ids = Array.from({ length: 500 }, (_, index) => `m${index}`);
  for (const id of ids) outbox.add(id, id);
  const arrived = [];
  let heard = 0;
  let tokens = 30;
  outbox.flush();
  while (outbox.entries.length > 0) {
    for (; heard < world.sent.length; heard += 1) {
      const [id] = world.sent[heard].split(' ');
      if (tokens < 1) outbox.postpone(id, slowDown(1));
      else {
        tokens -= 1;
        arrived.push(id);
        outbox.settle(id);
      }
    }
    tokens = Math.min(30, tokens + 1);
    await clock.pass(500);
  }
  assert.deepEqual(arrived, ids);
  assert.deepEqual(world.changes.filter((change) => change.endsWith('failed')), []);
  assert.ok(world.sent.length <= 2 * ids.length, String(world.sent.length));
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
  for (const id of ['a', 'b', 'c']) outbox.settle(id);
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

test('SE5 what may be among what was left out waits for a person, also after a reload; what was put off is not', () => {
  const { outbox, storage } = setUp();
  for (const id of ['a', 'b']) outbox.add(id, id);
  outbox.flush();
  const { outbox: reloaded } = setUp({ storage });
  reloaded.doubt();
  assert.deepEqual(reloaded.entries.map(({ id, state, error }) => [id, state, error?.code]), [['a', 'failed', 'in_doubt'], ['b', 'pending', undefined]]);
  outbox.postpone('a', slowDown(1));
  outbox.doubt();
  assert.deepEqual(outbox.entries.map(({ state }) => state), ['pending', 'pending']);
});
