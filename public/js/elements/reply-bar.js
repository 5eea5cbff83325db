// Above the field: whom one answers, and how to answer nobody.

import '../i18n/more.js';
import { h, icon } from '../dom.js';
import { formatPerson } from '../format.js';
import { t } from '../i18n/index.js';

/** The bar for this quote; `cancel` is called when it is pressed away. */
export function replyBar({ author, text }, me, cancel) {
  const name = author.id === me.id ? t('person.you') : formatPerson(author);
  return h('div', { class: 'replying' },
    h('p', { class: 'quote', id: 'replying' },
      h('bdi', { class: 'quote__who' }, t('composer.replying', { name })),
      h('span', { class: 'quote__line', dir: 'auto' }, text)),
    h('button', { class: 'icon-button', type: 'button', 'aria-label': t('composer.no_reply'), title: t('composer.no_reply'), onclick: cancel }, icon('close')));
}
