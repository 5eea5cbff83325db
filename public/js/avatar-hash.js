// The hash that an avatar is drawn from, where the person is only a name as yet.

/**
 * The hash of a name in its normal form (parseName's value), for the avatar that is
 * drawn while a name is typed. Everybody else's comes with the person, which is why
 * MD5 is loaded only when somebody asks here.
 */
export async function avatarHash(name) {
  const { md5 } = await import('./vendor/noble-hashes/md5.js');
  const digest = md5(new TextEncoder().encode(`${name}@hihichat.com`));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
