// A room that can't be shown: why, and a way on.

import { ROOM_LIST } from '../addresses.js';
import { h } from '../dom.js';
import { explain } from '../i18n/errors.js';
import { has, t } from '../i18n/index.js';
import { parseRoomName } from '../text.js';

/** Shows nothing when there is no `code`. */
export function showRoomState(place, code, session, { create = null, retry }) {
  place.hidden = !code;
  if (!code) return place.replaceChildren();
  const room = session?.name ?? '';
  const final = has(`state.${code}`);
  const actions = [h('a', { class: 'button', href: ROOM_LIST }, t('rooms.all'))];
  if (code === 'unknown_room') {
    if (create && parseRoomName(room).ok) actions.unshift(h('button', { class: 'button button--primary', type: 'button', onclick: () => create(room) }, t('state.create', { room })));
  } else if (!final || code === 'unreachable') {
    actions.unshift(h('button', { class: 'button button--primary', type: 'button', onclick: retry }, t('state.retry')));
  }
  return place.replaceChildren(
    h('p', { class: 'room-state__what', role: 'status' }, final ? t(`state.${code}`, { room }) : t('state.unreachable')),
    h('p', { class: 'room-state__hint' }, hint(code, final, room)),
    h('div', { class: 'room-state__actions' }, ...actions));
}

function hint(code, final, room) {
  const name = parseRoomName(room);
  if (code === 'unknown_room' && !name.ok) return explain({ ...name, field: 'name' }, 'room');
  if (has(`state.${code}_hint`)) return t(`state.${code}_hint`);
  return final && code !== 'unreachable' ? '' : explain({ code });
}
