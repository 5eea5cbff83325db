// The pages' own addresses.

export const ENTRANCE = '/login';
export const ROOM_LIST = '/roomlist';
export const ACCOUNT = '/account';

export function roomAddress(name, invite = null) {
  return `/chat?${new URLSearchParams(invite ? { rname: name, invite } : { rname: name })}`;
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

/** The invite an address carries, or null. */
export function inviteOf(address) {
  return roomOf(address) && (new URL(address, 'https://any.example').searchParams.get('invite') || null);
}

/** Where an admin's link for a new password leads. */
export function resetAddress(token) {
  return `${ENTRANCE}#reset=${token}`;
}

/**
 * Where `?next=` may lead: the room list, the account or a room on this origin, and nowhere else, so that a
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
  if (url.pathname === ACCOUNT) return ACCOUNT;
  const room = roomOf(url.href);
  return room ? roomAddress(room, inviteOf(url.href)) : ROOM_LIST;
}
