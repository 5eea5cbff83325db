// The pages' own addresses.

export const ENTRANCE = '/login';
export const ROOM_LIST = '/roomlist';

export function roomAddress(name) {
  return `/chat?${new URLSearchParams({ rname: name })}`;
}

/** The entrance that leads back to an address of ours. */
export function entranceTo(address) {
  return `${ENTRANCE}?${new URLSearchParams({ next: address })}`;
}

/** The room an address leads to, or null. */
export function roomOf(address) {
  const url = new URL(address, 'https://any.example');
  return url.pathname === '/chat' ? url.searchParams.get('rname') || null : null;
}

/**
 * Where `?next=` may lead: the room list or a room on this origin, and nowhere else, so that a
 * forged link to the entrance can't send anybody to another site.
 */
export function safeNext(next, origin) {
  let url;
  try {
    url = new URL(next ?? '', origin);
  } catch {
    return ROOM_LIST;
  }
  if (url.origin !== new URL(origin).origin) return ROOM_LIST;
  const room = roomOf(url.href);
  return room ? roomAddress(room) : ROOM_LIST;
}
