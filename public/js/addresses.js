// The pages' own addresses.

export const ENTRANCE = '/login';
export const ROOM_LIST = '/roomlist';
export const ACCOUNT = '/account';

/** `embed`: the room alone, as a frame in somebody's own page. */
export function roomAddress(name, { invite = null, embed = false } = {}) {
  return `/chat?${new URLSearchParams({ rname: name, ...(invite && { invite }), ...(embed && { embed: '1' }) })}`;
}

/** The entrance that leads back to an address of ours, and looks like it. */
export function entranceTo(address) {
  return `${ENTRANCE}?${new URLSearchParams({ next: address, ...(isEmbedded(address) && { embed: '1' }) })}`;
}

export function isEmbedded(address) {
  return new URL(address, 'https://any.example').searchParams.get('embed') === '1';
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
  return room ? roomAddress(room, { invite: inviteOf(url.href), embed: isEmbedded(url.href) }) : ROOM_LIST;
}
