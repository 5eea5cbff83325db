// A link to give to somebody: to read, to select, to copy.

import '../i18n/more.js';
import { copyText } from '../copy.js';
import { h, write } from '../dom.js';
import { t } from '../i18n/index.js';

/** `label` names it, `hint` says how long it is good and for whom. */
export function linkField({ label, hint, address }) {
  const { href } = new URL(address, location.href);
  const said = h('span', { role: 'status' });
  const field = h('input', { type: 'text', readonly: true, value: href, 'aria-label': label, dir: 'ltr', onfocus: () => field.select() });
  const copy = async () => {
    const copied = await copyText(href);
    if (!copied) field.focus();
    write(said, copied ? ` ${t('chat.copied')}` : '');
  };
  return h('div', { class: 'link-field' },
    h('div', { class: 'link-field__row' }, field, h('button', { class: 'button button--primary', type: 'button', onclick: copy }, t('invite.copy'))),
    h('p', { class: 'field__hint' }, hint, said));
}
