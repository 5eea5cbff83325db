// Somebody came by an invite: what it leads to and whose it is, before anybody joins.

import '../i18n/more.js';
import { ROOM_LIST } from '../addresses.js';
import { h } from '../dom.js';
import { formatPerson } from '../format.js';
import { t } from '../i18n/index.js';
import { whileBusy } from './dialog.js';

/** `join()` joins, or throws why not. */
export function showInvited(place, { room, inviter }, join) {
  const button = h('button', { class: 'button button--primary', type: 'button', onclick: () => whileBusy(button, join) }, t('invite.join'));
  place.hidden = false;
  place.replaceChildren(
    h('p', { class: 'room-state__what', role: 'status' }, t('state.invited', { name: formatPerson(inviter), room: room.name })),
    h('p', { class: 'room-state__hint', dir: 'auto' }, room.description),
    h('div', { class: 'room-state__actions' }, button, h('a', { class: 'button', href: ROOM_LIST }, t('invite.not_now'))));
}
