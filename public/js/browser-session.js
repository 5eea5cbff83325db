// A room session on this browser's socket, clock and storage.

import { livePath } from './api.js';
import { Connection } from './connection.js';
import { Draft } from './drafts.js';
import { api, clock, isLookedAt, storeOf } from './page.js';
import { RoomSession } from './room-session.js';

const isSeen = () => !document.hidden;

export function openSession(name, me) {
  return new RoomSession({
    name,
    me,
    api,
    store: storeOf(me),
    clock,
    newId,
    isSeen,
    isLookedAt,
    connect: ({ resumeAt, whyRefused }) => new Connection({
      open: () => openSocket(name, resumeAt()),
      whyRefused,
      clock,
      hasNetwork: () => navigator.onLine,
      isSeen,
    }),
  });
}

/** What was typed into this room and not sent, or into the edit of one message there. */
export function draftOf(name, me, edit) {
  return new Draft({ store: storeOf(me), room: name, edit, now: clock.now });
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
