// What one wants to be told of, room by room. The browser is asked for leave only here, on a press.

import '../i18n/more.js';
import { h, say, write } from '../dom.js';
import { t } from '../i18n/index.js';
import { CHOICES, NoticeChoice, showComings, showsComings } from '../notices.js';
import { storeOf } from '../page.js';
import { openDialog } from './dialog.js';

export function openNotices({ name, room, me }) {
  const kept = new NoticeChoice(storeOf(me), name);
  const now = kept.get();
  const hints = { mentions: t('notices.mentions_hint', { name: me.name }) };
  const refused = h('p', { class: 'field__problem', role: 'alert' });

  async function submitted(event) {
    event.preventDefault();
    const { value } = event.target.elements.notices;
    kept.set(value);
    showComings(storeOf(me), event.target.elements.comings.checked);
    if (value !== 'none' && Notification.permission === 'default') await Notification.requestPermission();
    if (value !== 'none' && Notification.permission !== 'granted') return write(refused, t('notices.denied'));
    dialog.close();
    return say(t('settings.saved'));
  }

  const dialog = openDialog(t('notices.title', { room: room.name }),
    h('p', {}, t('notices.text')),
    h('form', { class: 'settings', onsubmit: submitted },
      h('fieldset', { class: 'choice' },
        h('legend', { class: 'field__label' }, t('notices.what')),
        ...CHOICES.map((value) => h('label', { class: 'choice__one' },
          h('input', { type: 'radio', name: 'notices', value, checked: value === now }),
          h('span', { class: 'choice__name' }, t(`notices.${value}`)),
          hints[value] && h('span', { class: 'choice__hint' }, hints[value])))),
      h('label', { class: 'choice__one' },
        h('input', { type: 'checkbox', name: 'comings', checked: showsComings(storeOf(me)) }),
        h('span', { class: 'choice__name' }, t('comings.show')),
        h('span', { class: 'choice__hint' }, t('comings.show_hint'))),
      refused,
      h('div', {}, h('button', { class: 'button button--primary', type: 'submit' }, t('settings.save')))));
  if (Notification.permission === 'denied') write(refused, t('notices.denied'));
}
