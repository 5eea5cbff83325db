// What the page offers to whom: the server's table (src/domain/rights.rs) as far as buttons go.

const MEMBERS = ['guest_member', 'member', 'owner', 'admin'];

export function rightsOf(role) {
  const manages = role === 'owner' || role === 'admin';
  return {
    /** Make links by which others join. */
    invite: manages || role === 'member',
    /** Settings, closing, removing, the list of invites. */
    manage: manages,
    /** Delete what others said. */
    moderate: manages,
    /** Block people, give out links for a new password. */
    admin: role === 'admin',
  };
}

/** The role of somebody in a room that has got another owner. */
export function roleAfter(role, me, owner) {
  if (role === 'admin' || !MEMBERS.includes(role)) return role;
  if (owner.id === me.id) return 'owner';
  return me.kind === 'guest' ? 'guest_member' : 'member';
}
