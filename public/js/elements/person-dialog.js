// What may be done about one member: by the owner in this room, by an admin on this site too.

import '../i18n/more.js';
import { AccountApi } from '../account-api.js';
import { resetAddress } from '../addresses.js';
import { h, say } from '../dom.js';
import { formatPerson, formatUntil } from '../format.js';
import { t } from '../i18n/index.js';
import { api } from '../page.js';
import { rightsOf } from '../rights.js';
import { avatar } from './avatar.js';
import { actionButton, ask, openDialog } from './dialog.js';
import { linkField } from './link-field.js';

const accountApi = new AccountApi(api);

const HAND_OVER = {
  label: 'manage.hand_over',
  title: 'manage.hand_over_title',
  text: 'manage.hand_over_text',
  yes: 'manage.hand_over_confirm',
  done: 'manage.handed_over',
};
const REMOVE = {
  label: 'manage.remove',
  title: 'manage.remove_title',
  text: 'manage.remove_text',
  yes: 'manage.remove_confirm',
  done: 'manage.removed',
  kind: 'button--loss',
};

export function openPerson({ name: room, room: { role, name: title, owner } }, person) {
  const name = formatPerson(person);
  const owns = owner.id === person.id;
  const place = h('div', { class: 'manage__link' });

  /** A button that asks first, then does it, closes the dialog and says so. */
  const asking = ({ label, title: heading, text, yes, done, kind }, act) => actionButton({
    kind,
    label: t(label),
    act: async () => {
      const words = { name, room: title };
      if (!await ask({ title: t(heading, words), text: t(text, words), yes: t(yes) })) return;
      await act();
      dialog.close();
      say(t(done, words));
    },
  });

  async function block() {
    const sure = await ask({ title: t('manage.block_title', { name }), text: t('manage.block_text'), yes: t('manage.block_confirm') });
    if (!sure) return;
    await accountApi.block(person.id);
    const back = actionButton({ label: t('manage.unblock'), act: unblock });
    place.replaceChildren(h('p', { role: 'status' }, t('manage.blocked', { name })));
    buttons.replaceChildren(back);
    back.focus();
  }

  async function unblock() {
    await accountApi.unblock(person.id);
    dialog.close();
    say(t('manage.unblocked', { name }));
  }

  async function offerReset() {
    const { token, expires } = await accountApi.offerReset(person.id);
    const hint = t('manage.reset_hint', { name, time: formatUntil(expires) });
    place.replaceChildren(linkField({ label: t('manage.reset'), hint, address: resetAddress(token) }));
    place.querySelector('input').focus();
  }

  const { admin } = rightsOf(role);
  const offered = [
    !owns && asking(HAND_OVER, () => api.changeRoom(room, { owner: person.id })),
    admin && person.kind === 'account' && actionButton({ label: t('manage.reset'), act: offerReset }),
    !owns && asking(REMOVE, () => api.removeMember(room, person.id)),
    admin && actionButton({ kind: 'button--loss', label: t('manage.block'), act: block }),
  ];
  const buttons = h('div', { class: 'manage__acts' }, ...offered.filter(Boolean));
  const dialog = openDialog(t('members.manage', { name: person.name }),
    h('p', { class: 'manage__who' }, avatar(person), h('bdi', {}, name)),
    place,
    buttons);
}
