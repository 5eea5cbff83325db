// Before an account is deleted: what will happen, what becomes of the messages, and the password.

import '../i18n/more.js';
import './account-form.js';
import { h } from '../dom.js';
import { t } from '../i18n/index.js';
import { goOut, leaveForGood } from '../page.js';
import { openDialog } from './dialog.js';

/** `accounts` asks the server. */
export function openDeletion(viewer, accounts) {
  const { name } = viewer;
  const choice = (value, hint) => h('label', { class: 'choice__one' },
    h('input', { type: 'radio', name: 'messages', value, checked: value === 'delete' }),
    h('span', { class: 'choice__name', 'data-t': `deletion.${value}` }),
    h('span', { class: 'choice__hint' }, hint));
  const choices = h('fieldset', { class: 'choice' },
    h('legend', { class: 'field__label', 'data-t': 'deletion.messages' }),
    choice('delete', t('deletion.delete_hint')),
    choice('keep', t('deletion.keep_hint', { name })));
  const form = h('hihi-account-form');

  async function act({ password }) {
    const messages = choices.querySelector(':checked').value;
    try {
      await leaveForGood(viewer, () => accounts.remove({ username: name, password, messages }));
    } catch (error) {
      // Deleted or logged out meanwhile, maybe by this very request, whose answer was lost.
      if (error.code !== 'session_ended') throw error;
      goOut('session_ended');
    }
  }

  const what = ['deletion.sessions', 'deletion.rooms', 'deletion.name', 'deletion.undone'];
  const dialog = openDialog(t('deletion.title'),
    h('ul', { class: 'consequences' }, ...what.map((key) => h('li', {}, t(key, { name })))),
    choices,
    form);
  dialog.querySelector('[data-problem]').remove();
  form.show('delete', { act, username: name });
}
