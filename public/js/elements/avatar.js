import { h, setAttribute, svg } from '../dom.js';
import { avatarShape } from '../avatar.js';

/** The picture of a hash. It says nothing that the name beside it doesn't. */
export function avatar({ avatar: hash }) {
  const box = h('span', { class: 'avatar', 'aria-hidden': 'true' });
  showAvatar(box, hash);
  return box;
}

export function showAvatar(box, hash) {
  if (box.dataset.hash === hash) return;
  box.dataset.hash = hash;
  const { viewBox, ground, ink, d } = avatarShape(hash);
  box.replaceChildren(svg('svg', { viewBox },
    svg('rect', { width: '100%', height: '100%', fill: ground }),
    svg('path', { d, fill: 'none', stroke: ink, 'stroke-linecap': 'round' })));
}

/** At most this many overlapping pictures, or one less and a number for the rest. */
export function showStack(box, people, count, label, most) {
  setAttribute(box, 'role', count > 0 ? 'img' : null);
  setAttribute(box, 'aria-label', count > 0 ? label : null);
  const shown = people.slice(0, count > most ? most - 1 : most);
  const key = [...shown.map(({ avatar: hash }) => hash), count, most].join(' ');
  if (box.dataset.key === key) return;
  box.dataset.key = key;
  const rest = count - shown.length;
  box.replaceChildren(...shown.map(avatar), ...(rest > 0 ? [h('span', { class: 'avatars__rest' }, `+${rest}`)] : []));
}
