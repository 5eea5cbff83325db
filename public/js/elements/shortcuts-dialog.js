// The list of shortcuts, and the choice to do without those that are one character alone.

import '../i18n/more.js';
import { h } from '../dom.js';
import { t } from '../i18n/index.js';
import { EVERYWHERE, READING, useLetters, usesLetters, WRITING } from '../shortcuts.js';
import { openDialog } from './dialog.js';

export function openShortcuts() {
  return openDialog(t('keys.title'),
    part('keys.everywhere', EVERYWHERE),
    part('keys.writing', WRITING),
    part('keys.reading', READING),
    h('label', { class: 'choice__one' },
      h('input', { type: 'checkbox', checked: usesLetters(), onchange: ({ target }) => useLetters(target.checked) }),
      h('span', { class: 'choice__name' }, t('keys.letters')),
      h('span', { class: 'choice__hint' }, t('keys.letters_hint'))));
}

function part(title, shortcuts) {
  return h('section', { class: 'keys' },
    h('h3', { class: 'field__label' }, t(title)),
    h('dl', { class: 'keys__list' }, ...shortcuts.map(({ act, keys }) => h('div', { class: 'keys__one' },
      h('dt', {}, t(`shortcut.${act.replace('-', '_')}`)),
      h('dd', {}, ...keys.flatMap((key, place) => [place > 0 ? ' ' : null, h('kbd', { class: 'keys__key' }, key)]))))));
}
