// Rooms as rows, on the entrance, in the room list and beside a room.

import '../i18n/more.js';
import { roomAddress } from '../addresses.js';
import { h, icon, reconcile, setAttribute, write } from '../dom.js';
import { formatAgo, formatCount, formatList, formatMoment, formatSome } from '../format.js';
import { t } from '../i18n/index.js';
import { showStack } from './avatar.js';

/**
 * `address(name)` is where a row leads, `current` the room that is open beside the list, and
 * `faces` how many pictures a row has room for.
 */
export function showRooms(list, rooms, { address = roomAddress, current = null, faces = 4 } = {}) {
  const now = Date.now();
  reconcile(list, rooms, {
    key: ({ name }) => name,
    create,
    update: (row, room) => update(row, room, { address, current, faces, now }),
  });
}

let made = 0;

function create() {
  return h('li', { class: 'room-row' },
    h('div', { class: 'room-row__what' },
      h('p', { class: 'room-row__title' },
        h('a', { class: 'room-row__name', dir: 'auto' }),
        h('span', { class: 'private room-row__private' }, icon('lock'), h('span'))),
      h('p', { class: 'room-row__description', dir: 'auto' })),
    h('span', { class: 'avatars' }),
    h('span', { class: 'room-row__end' },
      h('time', { class: 'room-row__time' }),
      h('span', { class: 'room-row__news', id: `room-news-${(made += 1)}`, hidden: true },
        h('span', { class: 'badge badge--mention', 'aria-hidden': 'true' }),
        h('span', { class: 'badge', 'aria-hidden': 'true' }),
        h('span', { class: 'visually-hidden' }))));
}

function update(row, room, { address, current, faces, now }) {
  const [what, people, end] = row.children;
  const [time, news] = end.children;
  const [title, description] = what.children;
  const [name, secret] = title.children;
  write(name, room.name);
  setAttribute(name, 'href', address(room.name));
  setAttribute(name, 'aria-current', room.name === current ? 'page' : null);
  secret.hidden = room.access !== 'private';
  write(secret.lastChild, t('rooms.private'));
  write(description, room.description);
  description.hidden = room.description === '';
  showStack(people, room.people, room.online, t('rooms.here', { names: formatSome(room.people, room.online) }), faces);
  write(time, formatAgo(room.activity, now));
  time.dateTime = new Date(room.activity).toISOString();
  time.title = t('rooms.activity', { time: formatMoment(room.activity) });
  showNews(name, news, room);
}

/** How much is unread and, apart, how much of it mentions me. */
function showNews(name, place, { unread = 0, mentioned = 0 }) {
  const [mentions, messages, words] = place.children;
  place.hidden = unread === 0;
  place.closest('.room-row').classList.toggle('room-row--unread', unread > 0);
  mentions.hidden = mentioned === 0;
  write(mentions, `@${formatCount(mentioned)}`);
  write(messages, formatCount(unread));
  write(words, formatList([t('rooms.unread', { n: unread }), ...(mentioned > 0 ? [t('rooms.mentioned', { n: mentioned })] : [])]));
  setAttribute(name, 'aria-describedby', unread > 0 ? place.id : null);
}
