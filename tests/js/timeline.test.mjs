import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KEPT, Timeline } from '../../public/js/timeline.js';
import { ann, message, page } from './support/world.mjs';

const mine = { id: 'x1', text: 'mine', at: 1_800_000_000_000 };
const echo = message(3, { author: ann, id: 'x1', text: 'mine' });
const ack = { id: 'x1', seq: 3, at: echo.at };

function opened(seqs = [1, 2], options) {
  const timeline = new Timeline(ann);
  timeline.begin(page(seqs.map((seq) => message(seq)), options));
  return timeline;
}

const seqs = (timeline) => timeline.items.map(({ seq }) => seq);
const texts = (timeline) => timeline.items.map(({ text }) => text);

test('messages stand in the order of their Seq, whatever order they came in', () => {
  const timeline = opened();
  for (const seq of [5, 3, 4]) timeline.receive(message(seq));
  assert.deepEqual(seqs(timeline), [1, 2, 3, 4, 5]);
});

test('a message that comes twice is one message', () => {
  const timeline = opened();
  assert.equal(timeline.receive(message(3)), true);
  assert.equal(timeline.receive(message(3)), false);
  assert.deepEqual(seqs(timeline), [1, 2, 3]);
});

test('SE2 ack and echo in every order make one message, and it stays the same item', () => {
  const orders = {
    'ack, echo': [ack, echo],
    'echo, ack': [echo, ack],
    'echo twice': [echo, echo],
    'ack, then a resumed echo, then the ack again': [ack, echo, ack],
  };
  for (const [name, order] of Object.entries(orders)) {
    const timeline = opened();
    timeline.write(mine);
    const item = timeline.items.at(-1);
    const { key } = item;
    for (const frame of order) {
      if (frame === ack) timeline.acknowledge(ack);
      else timeline.receive(echo);
    }
    assert.equal(timeline.items.length, 3, name);
    assert.equal(timeline.items.at(-1), item, name);
    assert.equal(item.key, key, name);
    assert.deepEqual({ seq: item.seq, at: item.at, state: item.state }, { seq: 3, at: echo.at, state: 'stored' }, name);
    assert.equal(timeline.upTo, 3, name);
  }
});

test('an id is its author’s own: the same id of somebody else is another message', () => {
  const timeline = opened();
  timeline.write(mine);
  timeline.receive(message(3, { id: 'x1' }));
  assert.equal(timeline.items.length, 4);
});

test('SE6 what is pending stands behind everything stored, in the order it was written', () => {
  const timeline = opened();
  timeline.write(mine);
  timeline.write({ ...mine, id: 'x2', text: 'second' });
  timeline.receive(message(3));
  assert.deepEqual(texts(timeline), ['text 1', 'text 2', 'text 3', 'mine', 'second']);
  timeline.acknowledge({ id: 'x2', seq: 5, at: 5 });
  timeline.acknowledge({ id: 'x1', seq: 4, at: 4 });
  assert.deepEqual(texts(timeline), ['text 1', 'text 2', 'text 3', 'mine', 'second']);
});

test('a failed message can be discarded, a stored one cannot', () => {
  const timeline = opened();
  timeline.write(mine);
  timeline.mark('x1', 'failed', { code: 'busy' });
  assert.equal(timeline.items.at(-1).state, 'failed');
  timeline.discard('x1');
  timeline.discard('m1');
  assert.deepEqual(seqs(timeline), [1, 2]);
});

test('a hole is asked for once, from where it begins', () => {
  const timeline = opened();
  timeline.receive(message(5));
  assert.equal(timeline.takeHole(), 2);
  timeline.receive(message(6));
  assert.equal(timeline.takeHole(), null);
  timeline.receive(message(3));
  assert.equal(timeline.takeHole(), 3, 'what is left of it is a hole of its own');
  timeline.receive(message(4));
  assert.equal(timeline.takeHole(), null);
  assert.equal(timeline.upTo, 6);
});

test('what it resumes after never jumps over a hole', () => {
  const timeline = opened();
  timeline.receive(message(9));
  assert.equal(timeline.upTo, 2);
});

test('ST6 an entry this page does not know keeps its place in the order', () => {
  const timeline = opened();
  timeline.pass(3);
  timeline.receive(message(4));
  assert.equal(timeline.takeHole(), null);
  assert.equal(timeline.upTo, 4);
});

test('CO5 too much missed stands as a gap between what was and what is', () => {
  const timeline = opened();
  timeline.skip({ epoch: 'e1', from: 3, to: 800, reason: 'too_many' });
  for (const seq of [801, 802]) timeline.receive(message(seq));
  assert.deepEqual(seqs(timeline), [1, 2, 801, 802]);
  assert.deepEqual(timeline.gaps, [{ from: 3, to: 800, reason: 'too_many' }]);
  assert.equal(timeline.upTo, 802);
  assert.equal(timeline.takeHole(), null);
});

test('CO5 a gap shrinks from its end with each page and then is gone', () => {
  const timeline = opened();
  timeline.skip({ epoch: 'e1', from: 3, to: 6, reason: 'too_many' });
  timeline.receive(message(7));
  const [gap] = timeline.gaps;
  timeline.addMissing(gap, page([message(5), message(6)], { more: true }));
  assert.deepEqual(timeline.gaps, [{ from: 3, to: 4, reason: 'too_many' }]);
  timeline.addMissing(gap, page([message(1), message(2), message(3), message(4)]));
  assert.deepEqual(timeline.gaps, []);
  assert.deepEqual(seqs(timeline), [1, 2, 3, 4, 5, 6, 7]);
});

test('a gap with nothing loaded before it is just older history', () => {
  const timeline = opened([]);
  timeline.skip({ epoch: 'e1', from: 1, to: 800, reason: 'too_many' });
  timeline.receive(message(801));
  assert.deepEqual(timeline.gaps, []);
  assert.equal(timeline.more, true);
});

test('another epoch drops everything but what is pending', () => {
  const timeline = opened();
  timeline.write(mine);
  timeline.skip({ epoch: 'e2', from: 1, to: 40, reason: 'epoch' });
  timeline.receive(message(41));
  assert.deepEqual(texts(timeline), ['text 41', 'mine']);
  assert.equal(timeline.epoch, 'e2');
  assert.equal(timeline.upTo, 41);
  assert.equal(timeline.more, true);
});

test('SC5 an older page stands before, and one of another epoch is turned away', () => {
  const timeline = opened([8, 9], { more: true });
  assert.equal(timeline.addOlder(page([message(6), message(7)], { more: true })), true);
  assert.equal(timeline.addOlder(page([message(1)], { epoch: 'e2' })), false);
  assert.deepEqual(seqs(timeline), [6, 7, 8, 9]);
  assert.equal(timeline.upTo, 9);
});

test('what is sent again from before the loaded pages waits for its page', () => {
  const timeline = opened([8, 9], { more: true });
  assert.equal(timeline.receive(message(3)), false);
  timeline.write(mine);
  timeline.acknowledge({ id: 'x1', seq: 4, at: 4 });
  assert.deepEqual(seqs(timeline), [8, 9]);
});

test('SC9 far more than anybody reads is let go of, and can be loaded again', () => {
  const timeline = opened();
  for (let seq = 3; seq <= KEPT * 2; seq += 1) {
    timeline.receive(message(seq));
    timeline.trim();
  }
  assert.ok(timeline.stored.length <= KEPT * 1.5);
  assert.equal(timeline.items.at(-1).seq, KEPT * 2);
  assert.equal(timeline.more, true);
});
