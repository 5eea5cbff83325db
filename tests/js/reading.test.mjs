import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Reading, SAY_EVERY_MS } from '../../public/js/reading.js';
import { PersonStore } from '../../public/js/store.js';
import { Timeline } from '../../public/js/timeline.js';
import { Clock } from './support/clock.mjs';
import { ann, message, page as pageOf, Storage } from './support/world.mjs';

const room = { name: 'lobby', created: 1 };
/** Forty Entries, thirty of them messages, ten of which I haven't read. */
const welcome = (rest = {}) => ({ epoch: 'e1', seq: 40, messages: 30, read: 25, unread: 10, ...rest });

function setUp({ frame = welcome(), storage = new Storage(), seen = true, atEnd = false, reaches = true } = {}) {
  const clock = new Clock();
  const page = { seen, reaches, sent: [], changes: 0 };
  const timeline = new Timeline(ann);
  // The last ten Entries are messages; those before aren't loaded.
  timeline.begin(pageOf(counted(31, 40).map((seq) => message(seq)), { seq: 40, more: true }));
  const reading = new Reading({
    store: new PersonStore(storage, ann.id),
    timeline,
    send: (seq) => page.reaches && Boolean(page.sent.push(seq)),
    seen: () => page.seen,
    changed: () => (page.changes += 1),
    clock,
  });
  if (atEnd) reading.atEnd = true;
  reading.begin(room, frame);
  return { reading, clock, page, storage, timeline };
}

const counted = (from, to) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const say = (reading, seq, rest = {}) => reading.said({ seq, mine: false, mentioned: false, ...rest });

test('UN1 what is new begins where I had read to, and stays there while I read', () => {
  const { reading } = setUp();
  assert.deepEqual(reading.divider, { seq: 25, messages: 20 });
  reading.atEnd = true;
  assert.equal(reading.unread, 0);
  say(reading, 41);
  assert.deepEqual(reading.divider, { seq: 25, messages: 20 });
  assert.equal(setUp({ frame: welcome({ read: 40, unread: 0 }) }).reading.divider, null);
});

test('UN1 what comes while nobody looks begins what is new', () => {
  const { reading, page } = setUp({ atEnd: true });
  page.seen = false;
  for (const seq of [41, 42, 44]) say(reading, seq);
  assert.deepEqual(reading.divider, { seq: 40, messages: 30 });
  assert.equal(reading.unread, 3);
});

test('UN2 read is what was said when the end is in view and somebody looks, and only then', () => {
  for (const [atEnd, seen, unread] of [[false, true, 11], [true, false, 11], [true, true, 0]]) {
    const { reading } = setUp({ atEnd, seen });
    say(reading, 41);
    assert.equal(reading.unread, unread, `${atEnd} ${seen}`);
  }
});

test('UN2 who comes back to the page has read it then', async () => {
  const { reading, page, clock } = setUp({ atEnd: true, seen: false });
  await clock.pass(60_000);
  assert.deepEqual(page.sent, []);
  page.seen = true;
  reading.check();
  assert.equal(reading.unread, 0);
  await clock.pass(SAY_EVERY_MS);
  assert.deepEqual(page.sent, [40]);
});

test('UN2 the room hears of it every five seconds at most, and at once when the page goes', async () => {
  const { reading, page, clock } = setUp({ atEnd: true });
  for (let seq = 41; seq <= 140; seq += 1) {
    say(reading, seq);
    await clock.pass(100);
  }
  assert.deepEqual(page.sent, [90, 140]);
  say(reading, 141);
  reading.flush();
  assert.deepEqual(page.sent, [90, 140, 141]);
  await clock.pass(60_000);
  assert.deepEqual(page.sent, [90, 140, 141]);
  assert.equal(clock.timers, 0);
});

test('UN2 what could not be said is said after the next welcome', async () => {
  const { reading, page, clock } = setUp({ atEnd: true, reaches: false });
  await clock.pass(SAY_EVERY_MS);
  page.reaches = true;
  reading.begin(room, welcome());
  assert.equal(reading.unread, 0);
  await clock.pass(SAY_EVERY_MS);
  assert.deepEqual(page.sent, [40]);
});

test('UN3 a marker never goes back, whatever order frames come in', async () => {
  const { reading, page, clock } = setUp({ atEnd: true });
  reading.atEnd = false;
  for (const seq of [30, 38, 12]) reading.heard(seq);
  say(reading, 41);
  say(reading, 39);
  reading.begin(room, welcome({ read: 10, unread: 25 }));
  assert.equal(reading.seq, 40);
  assert.equal(reading.unread, 0);
  await clock.pass(SAY_EVERY_MS);
  assert.deepEqual(page.sent, [40]);
});

test('UN3 each message counts once, said again or in the wrong order', () => {
  const { reading } = setUp();
  for (const seq of [42, 41, 42, 40, 12, 41]) say(reading, seq);
  assert.equal(reading.messages, 32);
  assert.equal(reading.unread, 12);
});

test('UN4 another connection’s reading counts here, down to what is after it', () => {
  const { reading, page, timeline } = setUp();
  timeline.receive(message(41));
  say(reading, 41, { mentioned: true });
  reading.heard(38);
  assert.equal(reading.unread, 3);
  reading.heard(40);
  assert.equal(reading.unread, 1);
  assert.deepEqual(reading.mentions, [31]);
  reading.heard(41);
  assert.equal(reading.unread, 0);
  assert.deepEqual(reading.mentions, []);
  assert.ok(page.changes >= 3);
});

test('UN4 another tab’s reading counts here before the room has heard of it', () => {
  const storage = new Storage();
  const here = setUp({ storage });
  const there = setUp({ storage, atEnd: true });
  assert.equal(there.reading.unread, 0);
  here.reading.adopt();
  assert.equal(here.reading.unread, 0);
});

test('UN4 what this browser has read is read when it comes back before the room has heard', () => {
  const storage = new Storage();
  setUp({ storage, atEnd: true, reaches: false });
  const { reading } = setUp({ storage });
  assert.equal(reading.unread, 0);
  assert.equal(reading.divider, null);
  const anew = setUp({ storage, frame: welcome({ epoch: 'e2', read: 0, unread: 30 }) });
  assert.equal(anew.reading.unread, 30);
});

test('UN4 mine is read when nothing was unread before it', () => {
  const { reading, page } = setUp({ frame: welcome({ read: 40, unread: 0 }), seen: false });
  say(reading, 41, { mine: true });
  assert.equal(reading.unread, 0);
  say(reading, 42);
  say(reading, 43, { mine: true });
  assert.equal(reading.unread, 2);
  assert.equal(page.sent.length, 0);
});

test('UN5 marked as unread, it stays so for this visit and begins the next', async () => {
  const { reading, page, clock, storage } = setUp({ atEnd: true });
  reading.markUnread(37);
  assert.deepEqual(page.sent, [40]);
  say(reading, 41);
  reading.check();
  assert.equal(reading.unread, 5);
  reading.begin(room, welcome({ seq: 41, messages: 31, read: 40, unread: 1 }));
  assert.equal(reading.unread, 5);
  await clock.pass(60_000);
  assert.deepEqual(page.sent, [40]);

  const next = setUp({ storage, frame: welcome({ seq: 41, messages: 31, read: 40, unread: 1 }) });
  assert.deepEqual(next.reading.divider, { seq: 36, messages: 26 });
  assert.equal(next.reading.unread, 5);
  next.reading.atEnd = true;
  assert.equal(next.reading.unread, 0);
  assert.equal(setUp({ storage, frame: welcome({ seq: 41, messages: 31, read: 41, unread: 0 }) }).reading.divider, null);
});

test('who is no member has read all at first, and tells the room nothing until they are one', async () => {
  const { reading, page, clock } = setUp({ frame: welcome({ read: undefined, unread: undefined }) });
  assert.equal(reading.unread, 0);
  assert.equal(reading.divider, null);
  say(reading, 41);
  assert.equal(reading.unread, 1);
  reading.begin(room, welcome({ seq: 42, messages: 32, read: undefined, unread: undefined }));
  assert.equal(reading.unread, 2);
  reading.atEnd = true;
  await clock.pass(SAY_EVERY_MS);
  assert.deepEqual(page.sent, []);
  reading.belong(40);
  await clock.pass(SAY_EVERY_MS);
  assert.deepEqual(page.sent, [42]);
});

test('a busy room leaves no pile of what was counted', () => {
  const { reading } = setUp();
  for (let seq = 41; seq <= 5_040; seq += 1) say(reading, seq);
  for (const seq of [41, 4_900, 5_040]) say(reading, seq);
  assert.equal(reading.messages, 5_030);
});
