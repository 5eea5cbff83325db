import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ApiError } from '../../public/js/api.js';
// Comes when it is wanted; here it is at hand.
import '../../public/js/changes.js';
import { Connection } from '../../public/js/connection.js';
import { RoomSession } from '../../public/js/room-session.js';
// Loaded ahead, as no clock of a test waits for a file.
import '../../public/js/slow-line.js';
import { PersonStore } from '../../public/js/store.js';
import { Clock, settled } from './support/clock.mjs';
import { ann, bo, message, page, person, Socket, Storage } from './support/world.mjs';

const view = (rest = {}) => ({
  name: 'lobby', description: '', access: 'open', owner: bo, created: 1, epoch: 'e1', seq: 2, activity: 2,
  members: 1, online: 1, people: [bo], role: 'guest_member', ...rest,
});
const welcome = (rest = {}) => ({
  type: 'welcome', protocol: 1, you: ann, role: 'guest_member', epoch: 'e1', seq: 2, members: 2, online: 2, people: [ann, bo], ...rest,
});

/** A session in a room with two messages, its socket welcomed unless told otherwise. */
async function setUp({ role = 'guest_member', storage = new Storage(), online = true, api = {}, messages, newId } = {}) {
  const clock = new Clock();
  const sockets = [];
  const addresses = [];
  const asked = [];
  const events = [];
  const answers = {
    room: async () => view({ role }),
    messages: async () => page(messages ?? [message(1), message(2)]),
    join: async () => view({ role: 'guest_member' }),
    ...api,
  };
  let ids = 0;
  const session = new RoomSession({
    name: 'lobby',
    me: ann,
    api: new Proxy(answers, {
      get: (target, name) => (...parameters) => {
        asked.push([name, ...parameters]);
        return target[name](...parameters);
      },
    }),
    store: new PersonStore(storage, ann.id),
    clock,
    newId: newId ?? (() => `x${(ids += 1)}`),
    connect: ({ resumeAt, whyRefused }) => new Connection({
      open: () => {
        addresses.push(resumeAt());
        return sockets[sockets.push(new Socket()) - 1];
      },
      whyRefused,
      clock,
      random: () => 1,
    }),
  });
  for (const type of ['live', 'trouble', 'ended']) {
    session.addEventListener(type, ({ detail }) => events.push([type, detail?.code ?? detail?.text ?? detail]));
  }
  await session.start();
  const last = () => sockets.at(-1);
  if (online && last()) last().hear(welcome({ role }));
  return { session, clock, storage, sockets, addresses, asked, events, last };
}

const texts = (session) => session.timeline.items.map(({ text, state }) => `${text}${state === 'stored' ? '' : ` (${state})`}`);

test('the first view asks for the room and its newest page, then resumes live after it', async () => {
  const { session, asked, addresses } = await setUp();
  assert.deepEqual(asked.map(([name]) => name), ['room', 'messages']);
  assert.deepEqual(addresses, [{ seq: 2, epoch: 'e1' }]);
  assert.deepEqual(texts(session), ['text 1', 'text 2']);
});

test('SE1 what I write stands there before any answer, and is sent', async () => {
  const { session, last } = await setUp();
  session.write('hello');
  assert.deepEqual(texts(session), ['text 1', 'text 2', 'hello (pending)']);
  assert.deepEqual(last().frames, [{ type: 'send', id: 'x1', text: 'hello' }]);
  last().hear({ type: 'ack', id: 'x1', seq: 3, at: 5 });
  last().hear(message(3, { author: ann, id: 'x1', text: 'hello' }));
  assert.deepEqual(texts(session), ['text 1', 'text 2', 'hello']);
  assert.deepEqual(session.outgoing.messages, []);
});

test('SE7 offline one writes on; it goes out in order on return', async () => {
  const { session, clock, last } = await setUp();
  last().end();
  for (const text of ['a', 'b', 'c']) session.write(text);
  assert.deepEqual(texts(session).slice(2), ['a (pending)', 'b (pending)', 'c (pending)']);
  await clock.pass(1_000);
  last().hear(welcome());
  for (const [index, id] of ['x1', 'x2', 'x3'].entries()) last().hear({ type: 'ack', id, seq: 3 + index, at: 5 });
  assert.deepEqual(last().frames.map(({ text }) => text), ['a', 'b', 'c']);
});

const slowDown = (id, seconds) => ({ type: 'error', id, code: 'slow_down', retry_after: seconds });

test('SE8 what the room wants later stays in the timeline, says so to nobody as a failure, and goes out by itself', async () => {
  const { session, last, clock, events } = await setUp();
  for (const text of ['a', 'b']) session.write(text);
  last().hear(slowDown('x1', 7));
  assert.deepEqual(texts(session).slice(2), ['a (pending)', 'b (pending)']);
  assert.equal(session.items[2].error.code, 'slow_down');
  await clock.pass(6_999);
  assert.deepEqual(last().frames.map(({ text }) => text), ['a']);
  await clock.pass(1);
  last().hear({ type: 'ack', id: 'x1', seq: 3, at: 5 });
  last().hear({ type: 'ack', id: 'x2', seq: 4, at: 6 });
  assert.deepEqual(last().frames.map(({ id, text }) => `${id} ${text}`), ['x1 a', 'x1 a', 'x2 b']);
  assert.deepEqual(texts(session).slice(2), ['a', 'b']);
  assert.deepEqual(events, []);
});

test('SE8 a change that the room wants later goes out by itself', async () => {
  const { session, last, clock } = await setUp();
  const reacted = session.react(2, '👍', true);
  await settled();
  last().hear(slowDown('x1', 2));
  await clock.pass(2_000);
  last().hear({ type: 'ack', id: 'x1', seq: 3, at: 5 });
  await reacted;
  assert.deepEqual(last().frames.map(({ type, id }) => `${type} ${id}`), ['react x1', 'react x1']);
});

test('CO4 a question for what is missing that came too soon is asked again', async () => {
  const { last, clock, events } = await setUp();
  last().hear(message(9, { author: ann }));
  last().hear(slowDown(undefined, 3));
  await clock.pass(2_999);
  assert.deepEqual(last().frames, [{ type: 'since', seq: 2 }]);
  await clock.pass(1);
  assert.deepEqual(last().frames, [{ type: 'since', seq: 2 }, { type: 'since', seq: 2 }]);
  assert.deepEqual(events, []);
});

test('SE8 who joins by writing and is told to wait joins later, with all that was written', async () => {
  const answers = [new ApiError({ code: 'slow_down', status: 429, retry_after: 4 })];
  const join = async () => {
    if (answers.length > 0) throw answers.shift();
    return view({ role: 'guest_member' });
  };
  const { session, last, clock } = await setUp({ role: 'visitor', api: { join } });
  session.write('hello');
  await clock.pass(3_999);
  assert.deepEqual([texts(session).at(-1), last().frames], ['hello (pending)', []]);
  await clock.pass(1);
  assert.deepEqual(last().frames.map(({ text }) => text), ['hello']);
});

test('CO6 a full room keeps what was written and gets it when it has a place', async () => {
  const { session, last, clock, events } = await setUp({ online: false });
  session.write('hello');
  last().end(1013, 'room_full');
  assert.deepEqual(events, [['ended', 'room_full']]);
  await clock.pass(45_000);
  last().hear(welcome());
  assert.equal(session.connection.reason, null);
  assert.deepEqual(last().frames, [{ type: 'send', id: 'x1', text: 'hello' }]);
});

test('SE5 what was pending at a reload stands there again and goes out under its own id', async () => {
  const before = await setUp();
  before.session.write('hello');
  before.session.close();
  const after = await setUp({ storage: before.storage });
  assert.deepEqual(texts(after.session), ['text 1', 'text 2', 'hello (pending)']);
  assert.deepEqual(after.last().frames, [{ type: 'send', id: 'x1', text: 'hello' }]);
});

test('SE5 what had arrived before the reload is not sent again', async () => {
  const before = await setUp();
  before.session.write('hello');
  before.session.close();
  const stored = message(3, { author: ann, id: 'x1', text: 'hello' });
  const after = await setUp({ storage: before.storage, messages: [message(1), message(2), stored] });
  assert.deepEqual(texts(after.session), ['text 1', 'text 2', 'hello']);
  assert.deepEqual(after.last().frames, []);
});

test('SE5 what had arrived when the connection broke is not sent again', async () => {
  const { session, clock, last } = await setUp();
  session.write('a');
  last().end();
  await clock.pass(1_000);
  last().hear(welcome({ seq: 3 }));
  last().hear(message(3, { author: ann, id: 'x1', text: 'a' }));
  assert.deepEqual(last().frames, []);
  assert.deepEqual(texts(session).slice(2), ['a']);
});

test('SE5 CO5 what may be in a gap is not sent again by itself and says so; what the room never had is', async () => {
  const { session, clock, last } = await setUp();
  for (const text of ['a', 'b']) session.write(text);
  assert.deepEqual(last().frames.map(({ text }) => text), ['a']);
  last().end();
  await clock.pass(1_000);
  last().hear(welcome({ seq: 900 }));
  assert.deepEqual(last().frames, []);
  last().hear({ type: 'gap', epoch: 'e1', from: 3, to: 899, reason: 'trimmed' });
  last().hear(message(900));
  assert.deepEqual(last().frames.map(({ text }) => text), ['b']);
  assert.deepEqual(texts(session).slice(-2), ['a (failed)', 'b (pending)']);
  assert.equal(session.items.at(-2).error.code, 'in_doubt');
});

test('SE3 a refusal marks that message, with its reason; a retry keeps the id', async () => {
  const { session, last } = await setUp();
  session.write('hello');
  last().hear({ type: 'error', id: 'x1', code: 'too_long', field: 'text', limit: 4000 });
  assert.deepEqual(texts(session).at(-1), 'hello (failed)');
  assert.deepEqual(session.timeline.items.at(-1).error, { code: 'too_long', field: 'text', limit: 4000 });
  session.retry('x1');
  assert.deepEqual(last().frames.map(({ id }) => id), ['x1', 'x1']);
});

test('a visitor who writes joins first, and then it is sent', async () => {
  const { session, asked, last } = await setUp({ role: 'visitor' });
  session.write('hello');
  assert.deepEqual(last().frames, []);
  await settled();
  assert.equal(asked.at(-1)[0], 'join');
  assert.deepEqual(last().frames, [{ type: 'send', id: 'x1', text: 'hello' }]);
  assert.equal(session.joined, true);
});

test('two messages of a visitor join once', async () => {
  const { session, asked } = await setUp({ role: 'visitor' });
  session.write('a');
  session.write('b');
  await settled();
  assert.equal(asked.filter(([name]) => name === 'join').length, 1);
});

test('a join that is refused fails the message with that reason', async () => {
  const join = async () => {
    throw new ApiError({ code: 'forbidden', status: 403 });
  };
  const { session } = await setUp({ role: 'visitor', api: { join } });
  session.write('hello');
  await settled();
  assert.equal(session.timeline.items.at(-1).error.code, 'forbidden');
});

test('A3 only what others say while I am here is live', async () => {
  const { last, events } = await setUp();
  last().hear(message(1));
  last().hear(message(3, { author: ann, id: 'of-another-tab' }));
  last().hear(message(4, { text: 'live' }));
  last().hear(message(4, { text: 'live' }));
  assert.deepEqual(events, [['live', 'live']]);
});

test('A3 what was missed while away is not live', async () => {
  const { clock, last, events } = await setUp();
  last().end();
  await clock.pass(1_000);
  last().hear(welcome({ seq: 4 }));
  last().hear(message(3));
  last().hear(message(4));
  last().hear(message(5, { text: 'now' }));
  assert.deepEqual(events, [['live', 'now']]);
});

/** What the page would draw anew, each time it was told to. */
function tellings(session) {
  const told = [];
  for (const type of ['room', 'timeline', 'people', 'reading', 'typing']) session.addEventListener(type, () => told.push(type));
  return told;
}

test('PF2 a batch is told of once, and each of its messages is live', async () => {
  const { session, last, events } = await setUp();
  const told = tellings(session);
  const said = Array.from({ length: 50 }, (_, index) => message(index + 3));
  const came = { type: 'presence', online: 3, members: 2, came: [person('Cy')], went: [], joined: [], left: [] };
  last().hear({ type: 'batch', frames: [came, ...said, { ...came, online: 2, came: [], went: [person('Cy').id] }] });
  assert.deepEqual(told.toSorted(), ['people', 'reading', 'timeline']);
  assert.deepEqual(events, said.map(({ text }) => ['live', text]));
  assert.equal(session.reading.unread, 50);
  assert.deepEqual(texts(session), ['text 1', 'text 2', ...said.map(({ text }) => text)]);
});

test('a frame of a batch that makes no sense or is unknown takes no other with it', async (t) => {
  const complaint = t.mock.method(console, 'error', () => {});
  const { session, last } = await setUp();
  last().hear({ type: 'batch', frames: [message(3), { type: 'presence', joined: 7 }, { type: 'sung', seq: 4 }, { type: 'batch', frames: [message(6)] }, message(5)] });
  assert.deepEqual(texts(session).slice(2), ['text 3', 'text 5']);
  assert.equal(session.timeline.upTo, 5);
  assert.equal(complaint.mock.callCount(), 1);
  last().hear(message(6));
  assert.equal(texts(session).at(-1), 'text 6');
});

test('CO4 SE7 who comes back by a batch hands over what was written when all of it is heard', async () => {
  const { session, clock, last } = await setUp();
  session.write('had arrived');
  last().end();
  session.write('had not');
  await clock.pass(1_000);
  const missed = [message(3), message(4, { author: ann, id: 'x1', text: 'had arrived' }), message(5)];
  last().hear({ type: 'batch', frames: [welcome({ seq: 5 }), ...missed] });
  assert.deepEqual(last().frames, [{ type: 'send', id: 'x2', text: 'had not' }]);
  assert.deepEqual(texts(session).slice(2), ['text 3', 'had arrived', 'text 5', 'had not (pending)']);
  last().hear({ type: 'batch', frames: [{ type: 'ack', id: 'x2', seq: 6, at: 6 }, message(6, { author: ann, id: 'x2', text: 'had not' })] });
  assert.deepEqual(texts(session).slice(2), ['text 3', 'had arrived', 'text 5', 'had not']);
  assert.deepEqual(session.outgoing.messages, []);
});

test('CO4 a reconnect resumes after the last Seq that leaves no hole', async () => {
  const { clock, addresses, last } = await setUp();
  last().hear(message(3));
  last().hear(message(6));
  last().end();
  await clock.pass(1_000);
  assert.deepEqual(addresses.at(-1), { seq: 3, epoch: 'e1' });
});

test('a hole is asked for over the socket', async () => {
  const { last } = await setUp();
  last().hear(message(5));
  assert.deepEqual(last().frames, [{ type: 'since', seq: 2 }]);
});

test('CO6 a session that ended is told once, and not tried again', async () => {
  const { clock, sockets, last, events } = await setUp();
  last().end(1008, 'signed_out');
  await clock.pass(600_000);
  assert.deepEqual(events, [['ended', 'signed_out']]);
  assert.equal(sockets.length, 1);
});

test('a room that does not exist is a state of its own, without a socket', async () => {
  const room = async () => {
    throw new ApiError({ code: 'unknown_room', status: 404 });
  };
  const { session, sockets } = await setUp({ api: { room } });
  assert.equal(session.state, 'failed');
  assert.equal(session.error.code, 'unknown_room');
  assert.equal(sockets.length, 0);
});

test('another tab of mine that leaves or joins changes what I may do here', async () => {
  const { session, last, asked } = await setUp();
  const presence = { type: 'presence', online: 2, members: 1, came: [], went: [], joined: [], left: [] };
  last().hear({ ...presence, left: [ann.id] });
  assert.equal(session.joined, false);
  last().hear({ ...presence, members: 2, joined: [ann] });
  await settled();
  assert.equal(asked.at(-1)[0], 'room');
  assert.equal(session.joined, true);
});

test('a join that another tab took back before it was answered is none', async () => {
  let answer;
  let role = 'visitor';
  const { session, last } = await setUp({
    role, api: { join: () => new Promise((done) => (answer = done)), room: async () => view({ role }) },
  });
  const joined = session.join();
  const left = { type: 'presence', online: 2, members: 1, came: [], went: [], joined: [], left: [ann.id] };
  last().hear({ ...left, members: 2, joined: [ann], left: [] });
  last().hear(left);
  answer(view({ role: 'guest_member' }));
  await assert.rejects(joined, { code: 'not_a_member' });
  assert.equal(session.joined, false);

  role = 'guest_member';
  const again = session.join();
  answer(view({ role }));
  await again;
  assert.equal(session.joined, true);
});

test('names that don’t add up are asked for again, but not without end', async () => {
  const { clock, last, asked } = await setUp();
  const lost = { type: 'presence', online: 3, members: 3, came: [], went: [], joined: [], left: [] };
  for (let n = 0; n < 5; n += 1) last().hear(lost);
  await settled();
  assert.equal(asked.filter(([name]) => name === 'room').length, 2);
  await clock.pass(10_000);
  last().hear(lost);
  assert.equal(asked.filter(([name]) => name === 'room').length, 3);
});

test('SC5 older pages are asked for one at a time', async () => {
  const pages = [page([message(8), message(9)], { more: true })];
  const { session, asked } = await setUp({ api: { messages: async () => pages[0] } });
  pages[0] = page([message(6), message(7)]);
  await Promise.all([session.history.older(), session.history.older()]);
  await session.history.older();
  assert.deepEqual(asked.filter(([name]) => name === 'messages').slice(1), [['messages', 'lobby', { before: 8 }]]);
  assert.deepEqual(texts(session), ['text 6', 'text 7', 'text 8', 'text 9']);
});

test('CO5 a gap that is asked for while another page is on its way is shown after it', async () => {
  const asked = [];
  const messages = (_, { before } = {}) => (before === undefined ? page([message(8), message(9)], { more: true })
    : new Promise((done) => asked.push({ before, answer: (...seqs) => done(page(seqs.map((seq) => message(seq)), { more: true, seq: 800 })) })));
  const { session, last } = await setUp({ api: { messages } });
  session.timeline.skip({ epoch: 'e1', from: 10, to: 799, reason: 'too_many' });
  last().hear(message(800));
  session.history.older();
  const shown = session.history.missing(session.timeline.gaps[0]);
  assert.deepEqual(asked.map(({ before }) => before), [8]);
  asked[0].answer(6, 7);
  await settled();
  assert.deepEqual(asked.map(({ before }) => before), [8, 800]);
  asked[1].answer(798, 799);
  await shown;
  assert.deepEqual(session.timeline.items.map(({ seq }) => seq), [6, 7, 8, 9, 798, 799, 800]);
});

test('TP1 a visitor who writes a draft tells nobody', async () => {
  const { session, last } = await setUp({ role: 'visitor' });
  session.signal.written('h');
  assert.deepEqual(last().frames, []);
});

test('TP2 I am never told that I write', async () => {
  const { session, last } = await setUp();
  last().hear({ type: 'typing', person: ann });
  last().hear({ type: 'typing', person: bo });
  assert.deepEqual(session.typing.names, ['Bo']);
  last().hear(message(3));
  assert.deepEqual(session.typing.names, []);
});

test('ST4 a poisoned frame takes nothing with it, and a poisoned message says that it can’t be shown', async (t) => {
  t.mock.method(console, 'error', () => {});
  const { session, last } = await setUp();
  for (const frame of [{ type: 'message', seq: 3 }, { type: 'message', seq: 4, author: null }, { type: 'typing' }, { type: 'presence' }]) {
    last().hear(frame);
  }
  last().hear(message(5, { text: 'still here' }));
  assert.deepEqual(session.timeline.items.map(({ text }) => text), ['text 1', 'text 2', null, null, 'still here']);
});

test('a closed session says nothing more', async () => {
  const { session, last, events } = await setUp();
  session.close();
  last().hear(message(3));
  assert.deepEqual(events, []);
  assert.ok(last().closed);
});

/** A network that lets no socket live: this many come to nothing. */
async function loseSockets(world, count) {
  for (let n = 0; n < count; n += 1) {
    if (n > 0) await nextSocket(world);
    world.last().end();
    await settled();
  }
}

async function nextSocket({ clock, sockets }) {
  const before = sockets.length;
  while (sockets.length === before) await clock.pass(500);
}

/** A room by requests: what is said there, what is posted there, and whether it answers. */
function byRequests(said = [message(1), message(2)]) {
  const room = { said, reachable: true };
  room.api = {
    messages: async (_, { since, before } = {}) => {
      if (!room.reachable) throw new ApiError({ code: 'unreachable' });
      if (since === undefined && before === undefined) return page([...said]);
      return { ...page(said.filter(({ seq }) => seq > since)), seq: said.at(-1).seq, gap: null };
    },
    say: async (_, frame) => {
      if (!room.reachable) throw new ApiError({ code: 'unreachable' });
      const known = said.find(({ id }) => id === frame.id);
      const stored = known ?? message(said.at(-1).seq + 1, { author: ann, id: frame.id, text: frame.text });
      if (!known) said.push(stored);
      return { type: 'ack', id: frame.id, seq: stored.seq, at: stored.at };
    },
  };
  return room;
}

test('CO4 after three sockets that came to nothing, requests bring what is said, once and in order', async () => {
  const room = byRequests();
  const world = await setUp({ online: false, api: room.api });
  const { session, clock, events, asked } = world;
  await loseSockets(world, 2);
  assert.equal(session.slow, false);
  assert.deepEqual(asked.filter(([name, , range]) => name === 'messages' && range?.since), []);
  room.said.push(message(3, { text: 'missed' }));
  await nextSocket(world);
  await loseSockets(world, 1);
  await clock.pass(0);
  assert.equal(session.slow, true);
  room.said.push(message(4, { text: 'live' }), { type: 'reacted', seq: 5, at: 1, id: 'r', by: bo, target: 4, reaction: '👍', on: true });
  await clock.pass(10_000);
  assert.deepEqual(texts(session), ['text 1', 'text 2', 'missed', 'live']);
  assert.equal(session.timeline.find(4).reactions[0].reaction, '👍');
  assert.deepEqual(events, [['live', 'live']], 'what was missed before is no news');
  assert.equal(session.timeline.upTo, 5);
});

test('SE6 SE7 what I write goes by requests, in order, and no message is there twice when the socket is back', async () => {
  const room = byRequests();
  const world = await setUp({ online: false, api: room.api });
  const { session, clock, last, addresses } = world;
  await loseSockets(world, 3);
  for (const text of ['a', 'b', 'c']) session.write(text);
  await clock.pass(0);
  assert.deepEqual(room.said.slice(2).map(({ text }) => text), ['a', 'b', 'c']);
  assert.deepEqual(texts(session), ['text 1', 'text 2', 'a', 'b', 'c']);
  assert.deepEqual(session.outgoing.messages, []);
  room.said.push(message(6, { text: 'by the socket' }));
  await nextSocket(world);
  assert.deepEqual(addresses.at(-1), { seq: 5, epoch: 'e1' });
  last().hear(welcome({ seq: 6 }));
  for (const frame of room.said) last().hear(frame);
  assert.equal(session.slow, false);
  assert.deepEqual(texts(session), ['text 1', 'text 2', 'a', 'b', 'c', 'by the socket']);
  session.write('d');
  assert.deepEqual(last().frames.map(({ text }) => text), ['d']);
});

test('SE5 what a request may have lost goes out again under its own id', async () => {
  const room = byRequests();
  const world = await setUp({ online: false, api: room.api });
  const { session, clock } = world;
  await loseSockets(world, 3);
  room.reachable = false;
  session.write('hello');
  await clock.pass(5_000);
  assert.equal(session.slow, false);
  assert.deepEqual(texts(session).at(-1), 'hello (pending)');
  room.reachable = true;
  await clock.pass(10_000);
  assert.equal(session.slow, true);
  assert.deepEqual(texts(session), ['text 1', 'text 2', 'hello']);
  assert.equal(room.said.length, 3);
});

test('CO4 CO5 what was changed of what I hold is there too when too much was missed to be told', async () => {
  const now = Array.from({ length: 120 }, (_, index) => message(index + 1));
  const pages = async (_, { before = Infinity } = {}) => {
    const older = now.filter(({ seq }) => seq < before);
    return page(older.slice(-50), { seq: 900, more: older.length > 50 });
  };
  const { session, clock, last, asked } = await setUp({ api: { messages: pages } });
  await session.history.older();
  assert.equal(session.timeline.first, 21);
  last().hear({ type: 'reacted', seq: 121, at: 1, id: 'r', by: bo, target: 100, reaction: '👍', on: true });
  Object.assign(now[29], { text: 'better', edited: 5 });
  Object.assign(now[109], { text: '', deleted: 6 });
  last().end();
  await clock.pass(1_000);
  last().hear(welcome({ seq: 901 }));
  last().hear({ type: 'gap', epoch: 'e1', from: 122, to: 900, reason: 'too_many' });
  last().hear(message(901));
  await clock.pass(0);
  await settled();
  assert.equal(session.timeline.find(30).text, 'better');
  assert.equal(session.timeline.find(110).deleted, 6);
  assert.equal(session.timeline.find(100).reactions, undefined, 'it was taken back unheard');
  assert.deepEqual(session.timeline.gaps.map(({ from, to }) => [from, to]), [[122, 900]]);
  assert.ok(asked.filter(([name]) => name === 'messages').length <= 6);
});

test('SC8 what I write far from the newest loads the newest first', async () => {
  const far = Array.from({ length: 400 }, (_, index) => message(index + 1));
  const pages = async (_, { before = Infinity } = {}) => {
    const older = far.filter(({ seq }) => seq < before);
    return page(older.slice(-50), { seq: 400, more: older.length > 50 });
  };
  const { session } = await setUp({ api: { messages: pages } });
  assert.equal((await session.goTo(20)).text, 'text 20');
  assert.equal(await session.goTo(9_999), undefined);
  while (session.timeline.latest) {
    await session.history.missing(session.timeline.gaps[0], { down: true });
    session.timeline.trim(20);
  }
  assert.equal(session.timeline.find(400), undefined);
  await session.goToLatest();
  assert.equal(session.timeline.find(400).text, 'text 400');
  assert.equal(session.timeline.latest, true);
});

const golden = new URL('../golden/frames/', import.meta.url);
const frames = (side) => readdirSync(new URL(side, golden)).map((file) => JSON.parse(readFileSync(new URL(`${side}${file}`, golden), 'utf8')));

test('every frame the room can send is understood', async () => {
  for (const frame of frames('server/')) {
    const unread = { room: async () => view({ messages: 2, read: 0, unread: 2 }) };
    const { session, last } = await setUp({ online: !['welcome', 'read'].includes(frame.type), newId: () => frame.id, api: unread });
    if (frame.id) session.write('hello');
    const heard = [];
    for (const type of ['room', 'timeline', 'people', 'reading', 'typing', 'trouble']) session.addEventListener(type, () => heard.push(type));
    last().hear(frame);
    assert.notDeepEqual(heard, [], frame.type);
  }
});

test('the page sends no other frames than the room reads', async () => {
  const known = new Map(frames('client/').map((frame) => [frame.type, Object.keys(frame).sort()]));
  const { session, last } = await setUp();
  const mentions = [{ id: bo.id, name: 'Bo' }];
  session.write('hello', { reply: { seq: 2 }, mentions });
  session.edit(1, 'hello', mentions);
  session.remove(1);
  session.react(1, '👍', true);
  await settled();
  for (const id of ['x2', 'x3']) last().hear({ type: 'ack', id, seq: 1, at: 5 });
  session.signal.written('h');
  last().hear(message(19, { author: person('Cy') }));
  for (const type of ['delete', 'edit', 'react', 'send', 'since', 'typing']) {
    const frame = last().frames.find((sent) => sent.type === type);
    assert.deepEqual(Object.keys(frame).sort(), known.get(type));
  }
});

const change = (type, seq, rest) => ({ type, seq, at: seq, id: `c${seq}`, by: bo, ...rest });

test('MS11 an answer says what it answers, and still after a reload', async () => {
  const before = await setUp({ online: false });
  before.session.write('yes', { reply: { seq: 2 }, mentions: [{ id: bo.id, name: 'Bo' }] });
  before.session.close();
  const { session, last } = await setUp({ storage: before.storage });
  assert.deepEqual(session.items.at(-1).reply, { seq: 2, author: bo, text: 'text 2' });
  assert.deepEqual(last().frames, [{ type: 'send', id: 'x1', text: 'yes', reply_to: 2, mentions: [bo.id] }]);
});

test('MS11 an answer to what is not loaded shows the quote it was written to; what is loaded is quoted as it is now', async () => {
  const { session } = await setUp({ online: false });
  const far = { seq: 1_000, author: bo, text: 'said elsewhere' };
  for (const reply of [far, { seq: 2, author: bo, text: 'before an edit' }]) session.write('yes', { reply });
  assert.deepEqual(session.items.slice(-2).map(({ reply }) => reply), [far, { seq: 2, author: bo, text: 'text 2' }]);
});

test('MS9 MS10 MS12 what I do to a message shows before any answer, and stays when the room has it', async () => {
  const { session, last } = await setUp({ messages: [message(1, { author: ann }), message(2)] });
  const done = [session.edit(1, 'better'), session.react(2, '👍', true)];
  await settled();
  const seen = () => session.items.map(({ text, reactions = [] }) => [text, ...reactions.map(({ reaction }) => reaction)].join(' '));
  assert.deepEqual(seen(), ['better', 'text 2 👍']);
  last().hear({ type: 'ack', id: 'x1', seq: 3, at: 5 });
  assert.deepEqual(last().frames, [{ type: 'edit', id: 'x1', seq: 1, text: 'better' }, { type: 'react', id: 'x2', seq: 2, reaction: '👍', on: true }]);
  last().hear({ type: 'ack', id: 'x2', seq: 4, at: 6 });
  await Promise.all(done);
  assert.deepEqual(seen(), ['better', 'text 2 👍']);
  assert.deepEqual(session.timeline.items.map(({ edited }) => edited), [5, undefined]);
  last().hear({ ...change('edited', 3, { target: 1, text: 'better' }), id: 'x1', by: ann, at: 5 });
  last().hear({ ...change('reacted', 4, { target: 2, reaction: '👍', on: true }), id: 'x2', by: ann });
  assert.deepEqual(seen(), ['better', 'text 2 👍']);
  const removed = session.remove(1);
  await settled();
  assert.ok(session.items[0].deleted);
  last().hear({ type: 'ack', id: 'x3', seq: 5, at: 7 });
  await removed;
  assert.equal(session.timeline.items[0].deleted, 7);
  assert.equal(session.timeline.upTo, 5);
});

test('MS13 a refused change goes back and says why', async () => {
  const { session, last } = await setUp();
  const removed = session.remove(2);
  await settled();
  last().hear({ type: 'error', id: 'x1', code: 'forbidden' });
  await assert.rejects(removed, { name: 'ApiError', code: 'forbidden' });
  assert.deepEqual(texts(session), ['text 1', 'text 2']);
});

test('CO4 a change that was on its way when the connection broke goes out again, and what came after it counts', async () => {
  const { session, clock, last } = await setUp({ messages: [message(1, { author: ann }), message(2)] });
  const done = session.edit(1, 'mine');
  await settled();
  last().end();
  assert.equal(session.items[0].text, 'mine');
  await clock.pass(1_000);
  last().hear(welcome({ seq: 5 }));
  last().hear(message(3));
  assert.deepEqual(last().frames, [{ type: 'edit', id: 'x1', seq: 1, text: 'mine' }]);
  // It had arrived, and another tab of mine went on from there
  last().hear({ ...change('edited', 4, { target: 1, text: 'mine' }), id: 'x1', by: ann });
  last().hear({ ...change('edited', 5, { target: 1, text: 'of another tab' }), by: ann });
  last().hear({ type: 'ack', id: 'x1', seq: 4, at: 4 });
  await done;
  assert.equal(session.items[0].text, 'of another tab');
});

test('CO4 CO5 what was loaded before a gap is asked for again, for it may have been changed in it; also after a failure', async () => {
  const answers = [page([message(1), message(2)]), null, page([{ ...message(1), text: 'changed', edited: 500 }, { ...message(2), text: '', deleted: 501 }], { seq: 900 })];
  const messages = async () => {
    const answer = answers.shift();
    if (answer) return answer;
    throw new ApiError({ code: 'busy', status: 503 });
  };
  const { session, clock, asked, last } = await setUp({ api: { messages } });
  last().hear({ type: 'gap', epoch: 'e1', from: 3, to: 899, reason: 'too_many' });
  last().hear(message(900));
  await settled();
  assert.deepEqual(texts(session), ['text 1', 'text 2', 'text 900']);
  last().end();
  await clock.pass(1_000);
  last().hear(welcome({ seq: 900 }));
  await settled();
  assert.deepEqual(texts(session), ['changed', '', 'text 900']);
  assert.deepEqual(asked.filter(([name]) => name === 'messages').slice(1), [['messages', 'lobby', { before: 3 }], ['messages', 'lobby', { before: 3 }]]);
});

test('my clock may be slow: an edit of mine shows over one that the room has', async () => {
  const { session } = await setUp({ messages: [{ ...message(1, { author: ann }), edited: 9_000_000_000_000 }] });
  session.edit(1, 'newer');
  await settled();
  assert.equal(session.items[0].text, 'newer');
});

test('A3 edits, deletions and reactions of others are not live', async () => {
  const { session, last, events } = await setUp();
  last().hear(change('edited', 3, { target: 1, text: 'changed' }));
  last().hear(change('reacted', 4, { target: 1, reaction: '👍', on: true }));
  last().hear(change('deleted', 5, { target: 2 }));
  assert.deepEqual(events, []);
  assert.deepEqual(texts(session), ['changed', '']);
});
