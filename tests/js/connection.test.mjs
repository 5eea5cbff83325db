import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Connection, FULL_MS, HEARTBEAT_MS, LONGEST_DELAY_MS, PATIENCE_MS, SETTLED_MS } from '../../public/js/connection.js';
import { Clock, settled } from './support/clock.mjs';
import { Socket } from './support/world.mjs';

function setUp({ random = () => 1, refusal = null } = {}) {
  const clock = new Clock();
  const sockets = [];
  const world = { network: true, refusal, seen: true };
  const connection = new Connection({
    open: () => sockets[sockets.push(new Socket()) - 1],
    whyRefused: async () => world.refusal,
    clock,
    random,
    hasNetwork: () => world.network,
    isSeen: () => world.seen,
  });
  const states = [];
  connection.addEventListener('state', ({ detail }) => states.push(detail));
  connection.start();
  return { clock, sockets, world, connection, states, last: () => sockets.at(-1) };
}

const welcome = { type: 'welcome', seq: 0 };

test('a socket counts as online when the room has welcomed it, not when it opens', () => {
  const { connection, last } = setUp();
  last().dispatchEvent(new Event('open'));
  assert.equal(connection.state, 'connecting');
  assert.equal(connection.send({ type: 'typing' }), false);
  last().hear(welcome);
  assert.equal(connection.state, 'online');
  assert.equal(connection.send({ type: 'typing' }), true);
});

test('CO2 the delay grows from one second to thirty and no further', async () => {
  const { clock, sockets, connection, last } = setUp();
  const delays = [];
  for (let tries = 0; tries < 8; tries += 1) {
    last().end();
    await settled();
    delays.push(connection.retryAt - clock.now());
    await clock.pass(delays.at(-1));
  }
  assert.deepEqual(delays, [1, 2, 4, 8, 16, 30, 30, 30].map((seconds) => seconds * 1_000));
  assert.equal(sockets.length, 9);
});

test('CO2 half of the delay is left to chance, so that a deploy is not answered by everybody at once', async () => {
  for (const [chance, expected] of [[0, 500], [0.5, 750], [1, 1_000]]) {
    const { clock, connection, last } = setUp({ random: () => chance });
    last().end();
    await settled();
    assert.equal(connection.retryAt - clock.now(), expected);
  }
});

test('CO2 sockets in a row that came to nothing are counted; one that was welcomed is none of them', async () => {
  const { clock, connection, last } = setUp();
  const misses = [];
  connection.addEventListener('miss', () => misses.push(connection.misses));
  for (let tries = 0; tries < 2; tries += 1) {
    last().end();
    await clock.pass(2_000);
  }
  last().hear(welcome);
  assert.equal(connection.misses, 0);
  last().end();
  await clock.pass(4_000);
  last().end();
  await settled();
  assert.deepEqual(misses, [1, 2, 1]);
});

test('CO2 five seconds up forgive earlier failures, less does not', async () => {
  const { clock, connection, last } = setUp();
  last().end();
  await clock.pass(1_000);
  last().hear(welcome);
  await clock.pass(SETTLED_MS - 1);
  last().end(1012);
  assert.equal(connection.retryAt - clock.now(), 2_000);
  await clock.pass(2_000);
  last().hear(welcome);
  await clock.pass(SETTLED_MS);
  last().end(1012);
  assert.equal(connection.retryAt - clock.now(), 1_000);
});

test('CO2 the network or the reader coming back tries at once', async () => {
  const { connection, sockets, last } = setUp();
  last().end();
  await settled();
  connection.check();
  assert.equal(sockets.length, 2);
  connection.check();
  assert.equal(sockets.length, 2, 'one try at a time');
});

test('CO3 a silent socket is found within 45 seconds', async () => {
  const { clock, connection, last } = setUp();
  last().hear(welcome);
  const silent = last();
  await clock.pass(HEARTBEAT_MS + PATIENCE_MS);
  assert.equal(connection.state, 'reconnecting');
  assert.ok(silent.closed);
  assert.ok(HEARTBEAT_MS + PATIENCE_MS < 45_000);
});

test('a socket that answers pings lives on', async () => {
  const { clock, connection, sockets } = setUp();
  sockets[0].hear(welcome);
  for (let beats = 0; beats < 20; beats += 1) {
    await clock.pass(HEARTBEAT_MS);
    sockets[0].hear('pong');
  }
  assert.equal(connection.state, 'online');
  assert.equal(sockets.length, 1);
  assert.equal(sockets[0].sent.filter((data) => data === 'ping').length, 20);
});

test('a page that comes back doubts its socket, and does not wait long for an answer', async () => {
  const { clock, connection, last } = setUp();
  last().hear(welcome);
  connection.check();
  assert.deepEqual(last().sent, ['ping']);
  await clock.pass(4_000);
  assert.equal(connection.state, 'reconnecting');
});

test('a handshake that never ends is given up', async () => {
  const { clock, connection, sockets } = setUp();
  await clock.pass(10_000);
  assert.equal(connection.state, 'reconnecting');
  assert.ok(sockets[0].closed);
});

test('CO6 final closes are not tried again and keep their reason', async () => {
  for (const reason of ['signed_out', 'session_expired', 'room_closed', 'removed']) {
    const { clock, connection, sockets, last } = setUp();
    last().hear(welcome);
    last().end(1008, reason);
    assert.equal(connection.state, 'refused');
    assert.equal(connection.reason, reason);
    await clock.pass(LONGEST_DELAY_MS * 10);
    assert.equal(sockets.length, 1);
  }
});

test('CO7 a deploy is a reconnect like any other', async () => {
  const { clock, connection, last } = setUp();
  last().hear(welcome);
  last().end(1012);
  assert.equal(connection.state, 'reconnecting');
  await clock.pass(1_000);
  last().hear(welcome);
  assert.equal(connection.state, 'online');
});

test('a refused handshake asks the room why, and stops when another try is useless', async () => {
  const { connection, last } = setUp({ refusal: 'unknown_room' });
  last().end();
  await settled();
  assert.equal(connection.state, 'refused');
  assert.equal(connection.reason, 'unknown_room');
});

test('a socket cut after the room had spoken does not ask why', async () => {
  const { connection, world, last } = setUp();
  world.refusal = 'unknown_room';
  last().hear(welcome);
  last().end();
  await settled();
  assert.equal(connection.state, 'reconnecting');
});

test('without a network the state says so', async () => {
  const { clock, connection, world, last, states } = setUp();
  last().hear(welcome);
  world.network = false;
  last().end();
  assert.equal(connection.state, 'offline');
  world.network = true;
  await clock.pass(1_000);
  last().hear(welcome);
  assert.deepEqual(states, ['connecting', 'online', 'offline', 'reconnecting', 'online']);
});

test('stopping leaves no timer and no socket behind, and hears nothing more', () => {
  const { clock, connection, sockets } = setUp();
  const frames = [];
  connection.addEventListener('frames', ({ detail }) => frames.push(...detail));
  sockets[0].hear(welcome);
  connection.stop();
  sockets[0].hear({ type: 'message' });
  sockets[0].end();
  assert.equal(clock.timers, 0);
  assert.ok(sockets[0].closed);
  assert.equal(frames.length, 1);
  assert.equal(connection.state, 'idle');
});

test('ST4 what is no frame is passed over', () => {
  const { connection, last } = setUp();
  const frames = [];
  connection.addEventListener('frames', ({ detail }) => frames.push(...detail.map(({ type }) => type)));
  for (const data of ['{', '[]', 'null', '7', '{"type":7}', 'pong', '{"type":"batch"}', '{"type":"batch","frames":{}}', '{"type":"batch","frames":[]}']) last().hear(data);
  last().hear(welcome);
  assert.deepEqual(frames, ['welcome']);
});

test('the frames of a batch come together and in order, with a welcome among them, and what is no frame takes none of them with it', () => {
  const { connection, last } = setUp();
  const heard = [];
  connection.addEventListener('frames', ({ detail }) => heard.push(detail.map(({ type, seq }) => `${type} ${seq}`)));
  const first = { type: 'message', seq: 1 };
  last().hear({ type: 'batch', frames: [welcome, first, null, 7, { type: 7 }, { type: 'batch', frames: [first] }, { type: 'message', seq: 2 }] });
  last().hear({ type: 'message', seq: 3 });
  assert.deepEqual(heard, [['welcome 0', 'message 1', 'message 2'], ['message 3']]);
  assert.equal(connection.state, 'online');
});

test('a socket closed because its person goes on under another cookie comes back at once', async () => {
  const { clock, sockets, last, connection } = setUp();
  last().hear(welcome);
  last().end(4000, 'renewed');
  assert.equal(sockets.length, 2);
  assert.equal(connection.state, 'reconnecting');
  last().hear(welcome);
  await clock.pass(0);
  assert.equal(connection.state, 'online');
});

test('a renewal before anything was heard waits like any other failure', async () => {
  const { clock, sockets, last } = setUp();
  last().end(4000, 'renewed');
  await clock.pass(0);
  assert.equal(sockets.length, 1);
});

test('nothing is handed to a socket that is closing', () => {
  const { connection, last } = setUp();
  last().hear(welcome);
  last().readyState = 2;
  assert.equal(connection.send({ type: 'typing' }), false);
  connection.check();
  assert.deepEqual(last().sent, []);
});

test('CO6 a full room is asked again after half a minute and chance, and welcomes like any other', async () => {
  for (const [chance, wait] of [[0, FULL_MS], [1, 1.5 * FULL_MS]]) {
    const { clock, sockets, connection, states, last } = setUp({ random: () => chance });
    last().end(1013, 'room_full');
    assert.deepEqual([connection.state, connection.reason], ['refused', 'room_full']);
    await clock.pass(wait - 1);
    assert.equal(sockets.length, 1);
    await clock.pass(1);
    assert.equal(sockets.length, 2);
    // Whoever waits sees no other state before there is one.
    assert.equal(connection.state, 'refused');
    last().hear(welcome);
    assert.deepEqual([connection.reason, states], [null, ['connecting', 'refused', 'online']]);
  }
});

test('CO6 nobody asks a full room for a page that is not seen; it asks when it is seen again, and not before its time', async () => {
  const { clock, sockets, connection, world, last } = setUp();
  last().end(1013, 'room_full');
  connection.check();
  assert.equal(sockets.length, 1);
  world.seen = false;
  await clock.pass(10 * FULL_MS);
  assert.equal(sockets.length, 1);
  world.seen = true;
  connection.check();
  connection.check();
  assert.equal(sockets.length, 2);
});

test('CO6 a full room that is closed meanwhile is told, and left alone', async () => {
  const { clock, sockets, connection, states, last } = setUp();
  last().end(1013, 'room_full');
  await clock.pass(1.5 * FULL_MS);
  last().end(1008, 'room_closed');
  assert.deepEqual([connection.reason, states], ['room_closed', ['connecting', 'refused', 'refused']]);
  await clock.pass(10 * FULL_MS);
  connection.check();
  assert.equal(sockets.length, 2);
});

test('CO6 who has the room open too often does not come back by itself', async () => {
  const { clock, sockets, connection, last } = setUp();
  last().end(1013, 'too_many_connections');
  assert.deepEqual([connection.state, connection.reason], ['refused', 'too_many_connections']);
  await clock.pass(10 * FULL_MS);
  connection.check();
  assert.equal(sockets.length, 1);
});

test('CO2 who read too slowly comes back as after any cut', async () => {
  const { clock, connection, last } = setUp();
  last().hear(welcome);
  last().end(1013, 'slow_reader');
  assert.equal(connection.state, 'reconnecting');
  await clock.pass(1_000);
  last().hear(welcome);
  assert.equal(connection.state, 'online');
});
