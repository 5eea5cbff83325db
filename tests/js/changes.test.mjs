import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Changes } from '../../public/js/changes.js';
import { PATIENCE_MS } from '../../public/js/line.js';
import { quoteOf } from '../../public/js/revisions.js';
import { Clock, settled } from './support/clock.mjs';
import { ann, message } from './support/world.mjs';

function setUp() {
  const world = { online: true, sent: [], drawn: 0, ends: [], clock: new Clock() };
  const changes = new Changes({
    transmit: ({ id }) => world.online && world.sent.push(id) > 0,
    changed: () => (world.drawn += 1),
    clock: world.clock,
  });
  const edit = (id, text) => changes.make({ id, type: 'edit', seq: 1, text }, { type: 'edited', by: ann, at: 9, target: 1, text })
    .then(() => world.ends.push(`${id} done`), ({ code }) => world.ends.push(`${id} ${code}`));
  return { changes, world, edit };
}

const text = (changes) => changes.over(message(1, { text: 'before' })).text;

test('MS9 what I did shows at once, also in quotes, until the room has it', async () => {
  const { changes, world, edit } = setUp();
  edit('a', 'after');
  assert.deepEqual([text(changes), world.sent, world.drawn], ['after', ['a'], 1]);
  const item = changes.over(message(1));
  assert.equal(item.changing, true);
  const answer = changes.over({ ...message(2), reply: quoteOf(message(1)) });
  assert.deepEqual([answer.reply.text, answer.changing], ['after', false]);
  assert.equal(changes.settle('a').text, 'after');
  assert.equal(changes.settle('a'), undefined);
  await settled();
  assert.deepEqual([text(changes), world.ends], ['before', ['a done']]);
});

test('messages nobody changed are the same objects', () => {
  const { changes, edit } = setUp();
  const other = message(2);
  assert.equal(changes.over(other), other);
  edit('a', 'after');
  assert.equal(changes.over(other), other);
});

test('MS13 what the room refuses goes back', async () => {
  const { changes, world, edit } = setUp();
  edit('a', 'one');
  edit('b', 'two');
  assert.equal(text(changes), 'two');
  assert.equal(changes.fail('b', { code: 'forbidden' }), true);
  assert.equal(changes.fail('b', { code: 'forbidden' }), false);
  await settled();
  assert.deepEqual([text(changes), world.ends], ['one', ['b forbidden']]);
});

test('no answer in ten seconds is a refusal', async () => {
  const { changes, world, edit } = setUp();
  edit('a', 'after');
  await world.clock.pass(PATIENCE_MS);
  assert.deepEqual([text(changes), world.ends], ['before', ['a no_answer']]);
});

test('offline it waits; after a lost connection the same id goes out again, in order', async () => {
  const { changes, world, edit } = setUp();
  edit('a', 'one');
  world.online = false;
  changes.pause();
  edit('b', 'two');
  await world.clock.pass(PATIENCE_MS * 10);
  assert.equal(text(changes), 'two');
  world.online = true;
  changes.flush();
  changes.flush();
  assert.deepEqual(world.sent, ['a', 'a']);
  changes.settle('a');
  assert.deepEqual(world.sent, ['a', 'a', 'b']);
});

test('SE8 what came too soon is still seen, and goes out again by itself before what was done after it', async () => {
  const { changes, world, edit } = setUp();
  edit('a', 'one');
  edit('b', 'two');
  assert.equal(changes.postpone('a', { code: 'slow_down', retryAfter: 3 }), true);
  assert.equal(changes.postpone('x', { code: 'slow_down', retryAfter: 3 }), false);
  const { text: seen, changing, error } = changes.over(message(1));
  assert.deepEqual([seen, changing, error.code], ['two', true, 'slow_down']);
  await world.clock.pass(2_999);
  assert.deepEqual(world.sent, ['a']);
  await world.clock.pass(1);
  changes.settle('a');
  changes.settle('b');
  await settled();
  assert.deepEqual([world.sent, world.ends], [['a', 'a', 'b'], ['a done', 'b done']]);
});
