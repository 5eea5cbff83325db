import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entranceTo, inviteOf, isEmbedded, roomAddress, roomOf, safeNext } from '../../public/js/addresses.js';

const origin = 'https://chat.example';

test('a room’s address holds any name', () => {
  for (const name of ['lobby', '你好 lobby', 'a/b', '50%', 'a&b=c', '#1', '..', '🍜', '?next=', '+1']) {
    assert.equal(roomOf(roomAddress(name)), name);
    assert.equal(safeNext(roomAddress(name), origin), roomAddress(name));
    const entrance = new URL(entranceTo(roomAddress(name)), origin);
    assert.equal(roomOf(entrance.searchParams.get('next')), name);
  }
});

test('the entrance leads nowhere but to the room list, the account and rooms of this site', () => {
  const elsewhere = [
    null, '', '/', '/login', '/other', '/chat', '/chat?rname=', '//evil.example/chat?rname=x', '\\\\evil.example/chat?rname=x',
    'https://evil.example/chat?rname=x', 'https://chat.example.evil.example/chat?rname=x', 'https://chat.example:8443/chat?rname=x',
    'http://chat.example/chat?rname=x', 'javascript:alert(1)', 'data:text/html,x', '/chat/../api/session', 'https://', '/roomlist',
  ];
  for (const next of elsewhere) assert.equal(safeNext(next, origin), '/roomlist', String(next));
});

test('a room’s address on this site is kept, with its invite and nothing else', () => {
  assert.equal(safeNext('/chat?rname=lobby&x=1#y', origin), '/chat?rname=lobby');
  assert.equal(safeNext(`${origin}/chat?rname=lobby`, origin), '/chat?rname=lobby');
  assert.equal(safeNext('/chat?rname=lobby&invite=t0ken&x=1', origin), roomAddress('lobby', { invite: 't0ken' }));
  assert.equal(inviteOf(roomAddress('a&b', { invite: 't0ken' })), 't0ken');
  assert.equal(inviteOf('/chat?invite=t0ken'), null);
  assert.equal(inviteOf('/login?rname=a&invite=t0ken'), null);
  assert.equal(safeNext('/account', origin), '/account');
});

test('a room in a frame stays one by way of the entrance', () => {
  const room = roomAddress('a&b', { embed: true });
  assert.equal(room, '/chat?rname=a%26b&embed=1');
  assert.ok(isEmbedded(room) && isEmbedded(entranceTo(room)));
  assert.equal(safeNext(room, origin), room);
  for (const other of [roomAddress('a'), roomAddress('embed=1'), '/chat?rname=a&embed=', '/chat?rname=a&embed=0', entranceTo(roomAddress('a'))]) {
    assert.equal(isEmbedded(other), false, other);
  }
});
