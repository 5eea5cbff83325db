// The recovery code of a new account, shown this once.

import '../i18n/more.js';
import { copyText } from '../copy.js';
import { fill, h, say } from '../dom.js';
import { i18n, t } from '../i18n/index.js';

/** Shows it in `place`; `goOn` is called when its owner says that it is kept. */
export function showRecoveryCode(place, code, goOn) {
  const copy = async () => say(t(await copyText(code) ? 'code.copied' : 'code.copy_failed'));
  const title = h('h2', { class: 'recovery__title', tabindex: '-1', 'data-t': 'code.title' });
  place.replaceChildren(h('section', { class: 'recovery' },
    title,
    h('p', { class: 'recovery__text', 'data-t': 'code.text' }),
    h('p', { class: 'recovery__code', translate: 'no' }, code),
    h('div', { class: 'recovery__buttons' },
      h('button', { class: 'button', type: 'button', 'data-t': 'code.copy', onclick: copy }),
      h('button', { class: 'button button--primary', type: 'button', 'data-t': 'code.kept', onclick: goOn }))));
  fill(place);
  i18n.addEventListener('change', () => fill(place));
  title.focus();
}
