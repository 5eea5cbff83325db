// Invites: make a link to give away; who keeps the room also sees and revokes those there are.

import '../i18n/more.js';
import { roomAddress } from '../addresses.js';
import { h, reconcile, setAttribute, write } from '../dom.js';
import { formatPerson, formatUntil } from '../format.js';
import { explain } from '../i18n/errors.js';
import { t } from '../i18n/index.js';
import { api } from '../page.js';
import { rightsOf } from '../rights.js';
import { openDialog, whileBusy } from './dialog.js';
import { linkField } from './link-field.js';

const HOURS = { 'invite.day': 24, 'invite.week': 168, 'invite.month': 720 };

export function openInvites({ name, room }) {
  const made = h('div', { class: 'invite__made' });
  const list = rightsOf(room.role).manage ? inviteList(name) : null;
  const button = h('button', { class: 'button button--primary', type: 'submit' }, t('invite.make'));
  const choice = h('select', { id: 'invite-hours', name: 'hours' },
    ...Object.entries(HOURS).map(([key, hours]) => h('option', { value: String(hours), selected: hours === 168 }, t(key))));

  async function make() {
    write(button, t('invite.making'));
    try {
      const { token, expires } = await api.makeInvite(name, Number(choice.value));
      const hint = t('invite.until', { time: formatUntil(expires) });
      made.replaceChildren(linkField({ label: t('invite.link'), hint, address: roomAddress(room.name, { invite: token }) }));
      made.querySelector('input').focus();
      // What is wanted now is to copy it.
      button.classList.remove('button--primary');
    } finally {
      write(button, t('invite.make'));
    }
    list?.refresh();
  }

  openDialog(t('invite.title', { room: room.name }),
    h('p', {}, t('invite.text')),
    h('form', { class: 'invite__form', onsubmit: (event) => {
      event.preventDefault();
      whileBusy(button, make);
    } },
    h('label', { class: 'field__label', for: 'invite-hours' }, t('invite.how_long')),
    h('div', { class: 'invite__row' }, choice, button)),
    made,
    list?.element);
  list?.refresh();
}

function inviteList(name) {
  const title = h('h3', { class: 'invite__title', tabindex: '-1' }, t('invite.list'));
  const rows = h('ul', { class: 'invites', role: 'list' });
  const state = h('p', { role: 'status' });

  async function refresh() {
    try {
      const { invites } = await api.invites(name);
      show(invites);
      write(state, invites.length === 0 ? t('invite.none') : '');
    } catch (error) {
      write(state, explain(error));
    }
  }

  function show(invites) {
    reconcile(rows, invites, {
      key: ({ id }) => id,
      create: (invite) => h('li', { class: 'invites__one' },
        h('p', {}, h('span', {}), h('br'), h('span', { class: 'field__hint' })),
        h('button', { class: 'button button--quiet', type: 'button', onclick: ({ currentTarget }) => whileBusy(currentTarget, () => revoke(invite)) }, t('invite.revoke'))),
      update: (row, { inviter, expires }) => {
        const [what, button] = row.children;
        const [by, , until] = what.children;
        const words = { name: formatPerson(inviter), time: formatUntil(expires) };
        write(by, t('invite.by', words));
        write(until, t('invite.until', words));
        setAttribute(button, 'aria-label', t('invite.revoke_named', words));
      },
    });
  }

  async function revoke({ id }) {
    try {
      await api.revokeInvite(name, id);
    } catch (error) {
      // Another one was quicker: it is no longer good all the same.
      if (error.code !== 'unknown_invite') throw error;
    }
    title.focus();
    await refresh();
  }

  return { element: h('section', { class: 'invite__list' }, title, rows, state), refresh };
}
