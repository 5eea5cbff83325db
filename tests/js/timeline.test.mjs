import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KEPT, Timeline } from '../../public/js/timeline.js';
import { ann, bo, message, page, person } from './support/world.mjs';

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

/** The gaps as [from, to], with a mark on what is still growing and on what nobody has. */
const gaps = (timeline) => timeline.gaps.map(({ from, to, reason, open }) => [from, to, ...(open ? ['open'] : []), ...(reason === 'trimmed' ? ['trimmed'] : [])]);

test('CO5 too much missed stands as a gap between what was and what is', () => {
  const timeline = opened();
  timeline.skip({ epoch: 'e1', from: 3, to: 800, reason: 'too_many' });
  for (const seq of [801, 802]) timeline.receive(message(seq));
  assert.deepEqual(seqs(timeline), [1, 2, 801, 802]);
  assert.deepEqual(gaps(timeline), [[3, 800]]);
  assert.equal(timeline.upTo, 802);
  assert.equal(timeline.takeHole(), null);
});

test('CO5 a gap shrinks from its end with each page and then is gone', () => {
  const timeline = opened();
  timeline.skip({ epoch: 'e1', from: 3, to: 6, reason: 'too_many' });
  timeline.receive(message(7));
  const [{ key }] = timeline.gaps;
  timeline.addPage(page([message(5), message(6)], { more: true }), 7);
  assert.deepEqual(gaps(timeline), [[3, 4]]);
  assert.equal(timeline.gaps[0].key, key, 'it stays the same row');
  timeline.addPage(page([message(1), message(2), message(3), message(4)]), 5);
  assert.deepEqual(gaps(timeline), []);
  assert.deepEqual(seqs(timeline), [1, 2, 3, 4, 5, 6, 7]);
});

test('CO5 what was heard beyond a hole that then is skipped comes with its page', () => {
  const timeline = opened();
  timeline.receive(message(5));
  timeline.skip({ epoch: 'e1', from: 3, to: 800, reason: 'too_many' });
  assert.deepEqual(seqs(timeline), [1, 2]);
  assert.deepEqual(gaps(timeline), [[3, 800]]);
});

test('CO5 what is no longer kept stays said, whatever page is loaded below it', () => {
  const timeline = opened();
  timeline.skip({ epoch: 'e1', from: 3, to: 6, reason: 'trimmed' });
  timeline.receive(message(7));
  timeline.addPage(page([message(7)]), 8);
  assert.deepEqual(gaps(timeline), [[3, 6, 'trimmed']]);
});

test('SC8 what is around an old message is an island, with a gap before it and one behind', () => {
  const timeline = opened([900, 901], { more: true });
  timeline.addPage(page([message(400), message(401), message(402)], { more: true, seq: 901 }), 403);
  assert.deepEqual(seqs(timeline), [400, 401, 402, 900, 901]);
  assert.deepEqual(gaps(timeline), [[403, 899]]);
  assert.equal(timeline.more, true);
  assert.equal(timeline.latest, true);
  assert.equal(timeline.find(401).text, 'text 401');
  assert.equal(timeline.find(500), undefined);
});

test('SC8 a gap closes from either side, and changes that are no messages count', () => {
  const timeline = opened([900, 901], { more: true });
  const numbered = (...some) => page(some.map((seq) => message(seq)), { more: true, seq: 901 });
  timeline.addPage(numbered(400, 402), 403);
  timeline.addPage(numbered(400, 402, 420), 453);
  assert.deepEqual(gaps(timeline), [[453, 899]]);
  timeline.addPage(numbered(460, 899), 900);
  assert.deepEqual(gaps(timeline), [[453, 459]]);
  timeline.addPage(numbered(399, 400, 402, 420), 460);
  assert.deepEqual(gaps(timeline), []);
  assert.deepEqual(seqs(timeline), [399, 400, 402, 420, 460, 899, 900, 901]);
});

test('a gap with nothing loaded before it is just older history', () => {
  const timeline = opened([]);
  timeline.skip({ epoch: 'e1', from: 1, to: 800, reason: 'too_many' });
  timeline.receive(message(801));
  assert.deepEqual(gaps(timeline), []);
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
  assert.equal(timeline.addPage(page([message(6), message(7)], { more: true }), 8), true);
  assert.equal(timeline.addPage(page([message(1)], { epoch: 'e2' }), 6), false);
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

test('SC5 the page that reaches the beginning says so', () => {
  const timeline = opened([8, 9], { more: true });
  assert.equal(timeline.more, true);
  timeline.addPage(page([message(2), message(7)]), 8);
  assert.equal(timeline.more, false);
});

test('SC9 who follows the newest holds at most so many, and the rest can be loaded again', () => {
  const timeline = opened();
  for (let seq = 3; seq <= KEPT * 2; seq += 1) {
    timeline.receive(message(seq));
    timeline.trim();
    assert.ok(timeline.stored.length <= KEPT);
  }
  assert.equal(timeline.items.at(-1).seq, KEPT * 2);
  assert.equal(timeline.more, true);
  assert.equal(timeline.latest, true);
});

const range = (from, to) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** A thousand were said; the reader went back to the first, and holds what is round it. */
function farBack() {
  const timeline = opened(range(951, 1000), { more: true });
  for (let before = 951; before > 1; before -= 50) {
    timeline.addPage(page(range(before - 50, before - 1).map((seq) => message(seq)), { more: before > 51, seq: 1000 }), before);
    timeline.trim(before);
  }
  return timeline;
}

test('SC9 who reads a thousand back holds at most so many, round the place', () => {
  const timeline = farBack();
  assert.ok(timeline.stored.length <= KEPT);
  assert.equal(timeline.first, 1);
  assert.equal(timeline.more, false);
  assert.equal(timeline.latest, false);
  assert.deepEqual(gaps(timeline), [[timeline.stored.at(-1).seq + 1, 1000, 'open']]);
});

test('SC9 what is said meanwhile is heard of once, and waits behind', () => {
  const timeline = farBack();
  assert.equal(timeline.receive(message(1001)), true);
  assert.equal(timeline.receive(message(1001)), false);
  timeline.skip({ epoch: 'e1', from: 1002, to: 2000, reason: 'too_many' });
  assert.equal(timeline.receive(message(2001)), true);
  assert.equal(timeline.items.at(-1).seq < 1000, true);
  assert.deepEqual(gaps(timeline).map(([, ...rest]) => rest), [[2001, 'open']]);
  assert.equal(timeline.upTo, 2001);
  assert.equal(timeline.takeHole(), null);
});

test('SC9 who reads on down reaches the newest without a hole', () => {
  const timeline = farBack();
  timeline.receive(message(1001));
  for (let turn = 0; !timeline.latest; turn += 1) {
    assert.ok(turn < 100);
    const { from } = timeline.gaps.at(-1);
    const to = Math.min(from + 49, 1001);
    timeline.addPage(page(range(to - 49, to).map((seq) => message(seq)), { more: true, seq: 1001 }), from + 50);
    timeline.trim(from);
  }
  timeline.receive(message(1002));
  const held = seqs(timeline);
  assert.deepEqual(held, range(held[0], 1002));
  assert.ok(timeline.more);
});

test('SC8 the newest page stands behind a gap, also when a message of mine came before it', () => {
  const timeline = farBack();
  const held = timeline.stored.at(-1).seq;
  timeline.write(mine);
  timeline.acknowledge({ id: 'x1', seq: 1001, at: 5 });
  assert.deepEqual(gaps(timeline), [[held + 1, 1000]]);
  timeline.addPage(page(range(952, 1001).map((seq) => (seq === 1001 ? message(seq, { author: ann, id: 'x1' }) : message(seq))), { more: true, seq: 1001 }));
  assert.deepEqual(gaps(timeline), [[held + 1, 951]]);
  assert.equal(timeline.latest, true);
  assert.equal(timeline.items.filter(({ id }) => id === 'x1').length, 1);
});

test('a page may know more than the socket has told, and nothing is missed for it', () => {
  const timeline = opened();
  timeline.addPage(page([message(1), message(2), message(3)]));
  assert.equal(timeline.receive(message(3)), false);
  assert.equal(timeline.upTo, 3);
  timeline.receive(message(4));
  assert.equal(timeline.takeHole(), null);
});

const edited = (seq, target, text) => ({ type: 'edited', seq, at: seq, id: `c${seq}`, by: bo, target, text });

test('MS9 a change takes its place in the order, and is fine twice', () => {
  const timeline = opened();
  for (let times = 0; times < 2; times += 1) timeline.apply(edited(3, 1, 'changed'));
  assert.deepEqual(texts(timeline), ['changed', 'text 2']);
  assert.equal(timeline.upTo, 3);
  timeline.apply(edited(5, 1, 'again'));
  assert.equal(timeline.takeHole(), 3);
});

test('a page that was read before a change and comes after it shows the change', () => {
  const timeline = opened([8, 9], { more: true });
  timeline.apply(edited(10, 6, 'changed'));
  timeline.addPage(page([message(6), message(7)], { seq: 9 }), 8);
  assert.deepEqual(texts(timeline), ['changed', 'text 7', 'text 8', 'text 9']);
});

test('a page brings what is loaded up to date', () => {
  const timeline = opened([8, 9]);
  timeline.addPage(page([{ ...message(8), text: 'now', edited: 12 }], { seq: 12 }), 9);
  assert.deepEqual(texts(timeline), ['now', 'text 9']);
});

test('a change of what is nowhere here changes nothing', () => {
  const timeline = opened([8, 9], { more: true });
  timeline.apply(edited(10, 3, 'changed'));
  assert.deepEqual(texts(timeline), ['text 8', 'text 9']);
  assert.equal(timeline.upTo, 10);
});

test('a message that is said again is as it is now', () => {
  const timeline = opened();
  assert.equal(timeline.receive({ ...message(2), text: 'now', edited: 5 }), false);
  assert.deepEqual([timeline.items[1].text, timeline.items[1].edited], ['now', 5]);
});

test('a message whose author is somebody else since is the same message', () => {
  const timeline = opened([1, 2], { more: true });
  timeline.apply({ type: 'erased', seq: 3, at: 3, id: 'e', person: bo.id, messages: 'kept' });
  timeline.receive(message(2, { author: person('nobody', { kind: 'deleted' }) }));
  assert.deepEqual(seqs(timeline), [1, 2]);
  assert.equal(timeline.items[1].author.name, 'nobody');
});

test('MS11 what is pending keeps what it answers, and its quote follows that', () => {
  const timeline = opened();
  timeline.write({ ...mine, reply: { seq: 2, author: bo, text: 'text 2' } });
  timeline.apply(edited(3, 2, 'changed'));
  assert.equal(timeline.items.at(-1).reply.text, 'changed');
  timeline.acknowledge({ id: 'x1', seq: 4, at: 4 });
  assert.equal(timeline.items.at(-1).reply.seq, 2);
});

test('two who are nobody now may have given their messages the same id', () => {
  const timeline = new Timeline(ann);
  const nobody = person('deleted', { kind: 'deleted' });
  timeline.begin(page([message(1, { author: nobody, id: 'a' }), message(2, { author: nobody, id: 'a' })]));
  assert.deepEqual(seqs(timeline), [1, 2]);
  assert.equal(new Set(timeline.items.map(({ key }) => key)).size, 2);
});

test('ST4 a message with reactions or mentions that make no sense keeps its place', () => {
  for (const rest of [{ reactions: 7 }, { reactions: [null] }, { reactions: [{ reaction: '👍' }] }, { mentions: 'Ann' }]) {
    const timeline = opened();
    timeline.receive({ ...message(3), ...rest });
    assert.deepEqual(texts(timeline), ['text 1', 'text 2', null]);
  }
});
