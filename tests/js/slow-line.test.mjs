import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../../public/js/api.js';
import { ASK_EVERY_MS, SlowLine } from '../../public/js/slow-line.js';
import { Clock, settled } from './support/clock.mjs';
import { message, page } from './support/world.mjs';

const BUSY = new ApiError({ code: 'busy', status: 503 });

/** A line whose other end is the test: `pages` are the answers to come, `answer` settles the next hand-over. */
function setUp({ pages = [], seen = { now: true } } = {}) {
  const clock = new Clock();
  const log = { heard: [], asked: 0, posted: [], changes: 0 };
  const answers = [];
  const line = new SlowLine({
    load: async () => {
      log.asked += 1;
      const next = pages.shift() ?? page([]);
      if (next instanceof Error) throw next;
      return next;
    },
    post: (frame) => {
      log.posted.push(frame.id);
      return new Promise((done, failed) => answers.push({ done, failed }));
    },
    hear: (frame) => log.heard.push(frame),
    changed: () => (log.changes += 1),
    isSeen: () => seen.now,
    clock,
  });
  return { line, clock, log, answers, seen };
}

const send = (id) => ({ type: 'send', id, text: 'hello' });

test('CO4 it asks at once and then every ten seconds, and says everything it hears in order', async () => {
  const edited = { type: 'edited', seq: 4, target: 3 };
  const { line, clock, log } = setUp({ pages: [page([message(3), edited]), page([message(5)])] });
  line.start();
  await settled();
  assert.deepEqual(log.heard.map(({ seq }) => seq), [3, 4]);
  assert.equal(line.works, true);
  await clock.pass(ASK_EVERY_MS - 1);
  assert.equal(log.asked, 1);
  await clock.pass(1);
  assert.equal(log.asked, 2);
  assert.deepEqual(log.heard.map(({ seq }) => seq), [3, 4, 5]);
});

test('CO4 what one answer has no room for is asked for at once', async () => {
  const { line, log } = setUp({ pages: [page([message(3)], { more: true }), page([message(4)])] });
  line.start();
  await settled();
  assert.equal(log.asked, 2);
  assert.deepEqual(log.heard.map(({ seq }) => seq), [3, 4]);
});

test('CO5 too much at once comes as a gap and the newest page', async () => {
  const gap = { epoch: 'e1', from: 3, to: 800, reason: 'too_many' };
  const { line, log } = setUp({ pages: [{ ...page([message(801)], { more: true }), gap }] });
  line.start();
  await settled();
  assert.deepEqual(log.heard.map(({ type }) => type), ['gap', 'message']);
  assert.equal(log.asked, 1);
});

test('nobody asks while nobody looks', async () => {
  const { line, clock, log, seen } = setUp();
  line.start();
  await settled();
  seen.now = false;
  await clock.pass(60_000);
  assert.equal(log.asked, 1);
  seen.now = true;
  await line.ask();
  assert.equal(log.asked, 2);
});

test('it works only while it is answered', async () => {
  const { line, clock, log } = setUp({ pages: [BUSY, page([]), BUSY] });
  line.start();
  await settled();
  assert.equal(line.works, false);
  await clock.pass(ASK_EVERY_MS);
  assert.equal(line.works, true);
  await clock.pass(ASK_EVERY_MS);
  assert.equal(line.works, false);
  assert.equal(log.changes, 3);
});

test('SE6 one Entry is handed over at a time, and its ack is heard before the next', async () => {
  const { line, log, answers } = setUp();
  assert.equal(line.send(send('a')), true);
  assert.equal(line.send(send('b')), false);
  answers[0].done({ type: 'ack', id: 'a', seq: 3, at: 5 });
  await settled();
  assert.deepEqual(log.heard, [{ type: 'ack', id: 'a', seq: 3, at: 5 }]);
  assert.equal(line.send(send('b')), true);
  assert.deepEqual(log.posted, ['a', 'b']);
});

test('nothing but Entries is worth a request', () => {
  const { line, log } = setUp();
  for (const type of ['typing', 'read', 'since']) assert.equal(line.send({ type }), false);
  assert.deepEqual(log.posted, []);
});

test('SE3 a refusal is heard with its reason; what may not have arrived is not refused', async () => {
  const { line, log, answers } = setUp();
  line.send(send('a'));
  answers[0].failed(BUSY);
  await settled();
  assert.deepEqual(log.heard, []);
  line.send(send('a'));
  answers[1].failed(new ApiError({ code: 'too_long', status: 422, field: 'text', limit: 4_000 }));
  await settled();
  assert.deepEqual(log.heard, [{ type: 'error', id: 'a', code: 'too_long', field: 'text', limit: 4_000, retry_after: undefined }]);
});

test('SE8 a server that asks for patience is heard, and the line is no worse for it', async () => {
  const slowDown = new ApiError({ code: 'slow_down', status: 429, retry_after: 9 });
  const { line, log, answers, clock } = setUp({ pages: [page([]), slowDown] });
  line.start();
  await settled();
  line.send(send('a'));
  answers[0].failed(slowDown);
  await settled();
  assert.deepEqual(log.heard.map(({ id, code, retry_after: after }) => [id, code, after]), [['a', 'slow_down', 9]]);
  await clock.pass(ASK_EVERY_MS);
  assert.equal(log.asked, 2);
  assert.equal(line.works, true);
});

test('a line that was stopped asks no more, hears no late page, but the answer to what it handed over', async () => {
  const { line, clock, log, answers } = setUp({ pages: [page([]), { ...page([message(9)]), gap: { from: 3, to: 8 } }] });
  line.start();
  await settled();
  line.send(send('a'));
  const late = line.ask();
  line.stop();
  await late;
  answers[0].done({ type: 'ack', id: 'a', seq: 3, at: 5 });
  await clock.pass(60_000);
  assert.equal(log.asked, 2);
  assert.deepEqual(log.heard.map(({ type }) => type), ['ack']);
  assert.equal(line.send(send('b')), false);
  assert.equal(clock.timers, 0);
});
