// A room that can't be shown: why, and a way on.

import '../i18n/more.js';
import { ROOM_LIST } from '../addresses.js';
import { h } from '../dom.js';
import { explain } from '../i18n/errors.js';
import { has, t } from '../i18n/index.js';

/** What another try may change. */
const PASSING = ['unreachable', 'room_full', 'too_many_connections'];

/** Shows nothing when there is no `code`; `why` is a sentence that says more than the code. */
export function showRoomState(place, code, session, { create = null, retry, why = null }) {
  place.hidden = !code;
  if (!code) return place.replaceChildren();
  const room = session?.name ?? '';
  const final = has(`state.${code}`);
  const actions = [h('a', { class: 'button', href: ROOM_LIST }, t('rooms.all'))];
  if (code === 'unknown_room') {
    if (create) actions.unshift(h('button', { class: 'button button--primary', type: 'button', onclick: () => create(room) }, t('state.create', { room })));
  } else if (!final || PASSING.includes(code)) {
    actions.unshift(h('button', { class: 'button button--primary', type: 'button', onclick: retry }, t('state.retry')));
  }
  return place.replaceChildren(
    h('p', { class: 'room-state__what', role: 'status' }, why ?? (final ? t(`state.${code}`, { room }) : t('state.unreachable'))),
    h('p', { class: 'room-state__hint' }, hint(code, final, session?.error)),
    h('div', { class: 'room-state__actions' }, ...actions));
}

function hint(code, final, error) {
  if (has(`state.${code}_hint`)) return t(`state.${code}_hint`);
  return final && code !== 'unreachable' ? '' : explain(error ?? { code });
}
