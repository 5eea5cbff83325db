// Somebody stands before a room with an invite: are they inside already, or what would they join?

/** {inside: true}, or {invite} to show before joining, or {code} that says why there is no way in. */
export async function lookAtInvite(api, name, token) {
  let visible = true;
  try {
    const { role } = await api.room(name);
    if (role !== 'visitor') return { inside: true };
  } catch (error) {
    visible = false;
    // Just what an invite is for: a room one can't see, or was removed from.
    if (error.code !== 'unknown_room' && error.code !== 'removed') return { code: error.code };
  }
  try {
    return { invite: await api.invite(name, token) };
  } catch (error) {
    return visible ? { inside: true } : { code: error.code === 'unknown_room' ? 'unknown_invite' : error.code };
  }
}
