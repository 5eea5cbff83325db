import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ApiError } from '../../public/js/api.js';
import { Connection } from '../../public/js/connection.js';
import { RoomSession } from '../../public/js/room-session.js';
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
  assert.deepEqual(session.outbox.entries, []);
});

test('SE7 offline one writes on; it goes out in order on return', async () => {
  const { session, clock, last } = await setUp();
  last().end();
  for (const text of ['a', 'b', 'c']) session.write(text);
  assert.deepEqual(texts(session).slice(2), ['a (pending)', 'b (pending)', 'c (pending)']);
  await clock.pass(1_000);
  last().hear(welcome());
  assert.deepEqual(last().frames.map(({ text }) => text), ['a', 'b', 'c']);
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

const golden = new URL('../golden/frames/', import.meta.url);
const frames = (side) => readdirSync(new URL(side, golden)).map((file) => JSON.parse(readFileSync(new URL(`${side}${file}`, golden), 'utf8')));

test('every frame the room can send is understood', async () => {
  for (const frame of frames('server/')) {
    const { session, last } = await setUp({ online: frame.type !== 'welcome', newId: () => frame.id });
    if (frame.id) session.write('hello');
    const heard = [];
    for (const type of ['room', 'timeline', 'people', 'typing', 'trouble']) session.addEventListener(type, () => heard.push(type));
    last().hear(frame);
    assert.notDeepEqual(heard, [], frame.type);
  }
});

test('the page sends no other frames than the room reads', async () => {
  const known = new Map(frames('client/').map((frame) => [frame.type, Object.keys(frame).sort()]));
  const { session, last } = await setUp();
  session.write('hello');
  session.signal.written('h');
  last().hear(message(9, { author: person('Cy') }));
  assert.deepEqual(last().frames.map(({ type }) => type).sort(), ['send', 'since', 'typing']);
  for (const frame of last().frames) assert.deepEqual(Object.keys(frame).sort(), known.get(frame.type));
});
