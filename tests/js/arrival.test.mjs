import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../../public/js/api.js';
import { lookAtInvite } from '../../public/js/arrival.js';

const refusal = (code, status) => new ApiError({ code, status });
const giving = (answer) => async () => {
  if (answer instanceof Error) throw answer;
  return answer;
};
const look = (room, invite) => lookAtInvite({ room: giving(room), invite: giving(invite) }, 'lobby', 't0ken');

const good = { room: { name: 'lobby', description: '' }, inviter: { name: 'Ann' } };
const bad = refusal('unknown_invite', 404);

test('whoever is in the room already needs no invite', async () => {
  assert.deepEqual(await look({ role: 'guest_member' }, bad), { inside: true });
});

test('whoever could join anyway is asked by the invite, and goes in as a visitor without a good one', async () => {
  assert.deepEqual(await look({ role: 'visitor' }, good), { invite: good });
  assert.deepEqual(await look({ role: 'visitor' }, bad), { inside: true });
});

test('a room that can’t be seen is what an invite is for', async () => {
  for (const hidden of [refusal('unknown_room', 404), refusal('removed', 403)]) {
    assert.deepEqual(await look(hidden, good), { invite: good });
    assert.deepEqual(await look(hidden, bad), { code: 'unknown_invite' });
  }
  assert.deepEqual(await look(refusal('unknown_room', 404), refusal('unknown_room', 404)), { code: 'unknown_invite' });
});

test('what has nothing to do with the invite is said as it is', async () => {
  assert.deepEqual(await look(refusal('session_ended', 401), good), { code: 'session_ended' });
  assert.deepEqual(await look(refusal('unknown_room', 404), refusal('busy', 503)), { code: 'busy' });
});
