// A room session on this browser's socket, clock and storage.

import { livePath } from './api.js';
import { Connection } from './connection.js';
import { Draft } from './drafts.js';
import { api, clock, storeOf } from './page.js';
import { RoomSession } from './room-session.js';

export function openSession(name, me) {
  return new RoomSession({
    name,
    me,
    api,
    store: storeOf(me),
    clock,
    newId,
    connect: ({ resumeAt, whyRefused }) => new Connection({
      open: () => openSocket(name, resumeAt()),
      whyRefused,
      clock,
      hasNetwork: () => navigator.onLine,
    }),
  });
}

/** What was typed into this room and not sent. */
export function draftOf(name, me) {
  return new Draft({ store: storeOf(me), room: name, now: clock.now });
}

function openSocket(name, { seq, epoch }) {
  return new WebSocket(new URL(livePath(name, seq, epoch), location.href.replace(/^http/, 'ws')));
}

/** randomUUID is for secure contexts only; a chat on a LAN address is none. */
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
