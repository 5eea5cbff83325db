// Tells somebody who looks elsewhere what is said in a room. Loaded when there is something to tell.

import '../i18n/more.js';
import { formatPerson } from '../format.js';
import { i18n, t } from '../i18n/index.js';
import { NoticeChoice, wantsNotice } from '../notices.js';
import { storeOf } from '../page.js';

const LONGEST = 200;

export function notify({ name, room, me }, message) {
  if (!wantsNotice(new NoticeChoice(storeOf(me), name).get(), message, me)) return;
  const shown = new Notification(t('notices.from', { name: formatPerson(message.author), room: room.name }), {
    body: [...message.text].slice(0, LONGEST).join(''),
    // Two tabs that hear the same message show it once.
    tag: `${name} ${message.seq}`,
    icon: '/icons/icon-192.png',
    lang: i18n.language,
    silent: true,
  });
  shown.addEventListener('click', () => {
    window.focus();
    shown.close();
  });
}
