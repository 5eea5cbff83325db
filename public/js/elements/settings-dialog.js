// What its owner or an admin may do with a room: say what it is about, open it or keep it
// private, close it.

import '../i18n/more.js';
import { ROOM_LIST } from '../addresses.js';
import { h, say, setAttribute } from '../dom.js';
import { t } from '../i18n/index.js';
import { api } from '../page.js';
import { parseDescription } from '../text.js';
import { actionButton, ask, openDialog, whileBusy } from './dialog.js';
import { showProblem } from './field.js';

export function openSettings({ name, room }) {
  const save = h('button', { class: 'button button--primary', type: 'submit', 'data-t': 'settings.save' });
  const description = h('input', {
    id: 'settings-description', name: 'description', value: room.description, dir: 'auto', autocomplete: 'off',
    autocapitalize: 'sentences', enterkeyhint: 'done', 'aria-describedby': 'settings-description-problem',
  });
  const access = (value) => h('label', { class: 'choice__one' },
    h('input', { type: 'radio', name: 'access', value, checked: room.access === value }),
    h('span', { class: 'choice__name', 'data-t': `create.${value}` }),
    h('span', { class: 'choice__hint', 'data-t': `create.${value}_hint` }));

  async function submitted(event) {
    event.preventDefault();
    const parsed = parseDescription(description.value);
    showProblem(description, parsed.ok ? null : parsed);
    if (!parsed.ok) return description.focus();
    const changes = { description: parsed.value, access: event.target.elements.access.value };
    const saved = await whileBusy(save, () => api.changeRoom(name, changes));
    if (!saved) return undefined;
    dialog.close();
    return say(t('settings.saved'));
  }

  async function close() {
    const sure = await ask({
      title: t('settings.close_title', { room: room.name }), text: t('settings.close_text'), yes: t('settings.close_confirm'),
    });
    if (!sure) return;
    setAttribute(dialog, 'aria-busy', 'true');
    try {
      await api.closeRoom(name);
      location.assign(ROOM_LIST);
    } finally {
      setAttribute(dialog, 'aria-busy', null);
    }
  }

  const dialog = openDialog(t('settings.title', { room: room.name }),
    h('form', { class: 'settings', novalidate: true, onsubmit: submitted },
      h('div', { class: 'field' },
        h('label', { class: 'field__label', for: description.id, 'data-t': 'settings.description' }),
        description,
        h('p', { class: 'field__problem', id: 'settings-description-problem', role: 'alert' })),
      h('fieldset', { class: 'choice' },
        h('legend', { class: 'field__label', 'data-t': 'create.access' }),
        access('open'),
        access('private')),
      h('div', {}, save)),
    h('div', { class: 'settings__more' },
      h('p', { class: 'field__hint', 'data-t': 'settings.hand_over_hint' }),
      h('div', {}, actionButton({ kind: 'button--loss', label: t('settings.close'), act: close }))));
}
