// Who I am here, with the way to my account, and the way out.

import '../i18n/more.js';
import { ACCOUNT } from '../addresses.js';
import { h, say, setAttribute, write } from '../dom.js';
import { formatMark, formatPerson } from '../format.js';
import { explain } from '../i18n/errors.js';
import { t } from '../i18n/index.js';
import { logOut } from '../page.js';
import { showAvatar } from './avatar.js';

export function showMe(box, viewer) {
  if (box.childElementCount === 0) {
    box.append(
      h('a', { class: 'me__who', href: ACCOUNT },
        h('span', { class: 'avatar', 'aria-hidden': 'true' }),
        h('span', { class: 'me__name', dir: 'auto' }),
        h('span', { class: 'me__mark' })),
      h('button', { class: 'button button--quiet', type: 'button', onclick: ({ target }) => leave(target, viewer) }));
  }
  const [who, button] = box.children;
  const [picture, name, mark] = who.children;
  showAvatar(picture, viewer.avatar);
  write(name, viewer.name);
  write(mark, formatMark(viewer));
  who.title = t('person.me', { name: formatPerson(viewer) });
  setAttribute(who, 'aria-current', location.pathname === ACCOUNT ? 'page' : null);
  write(button, t('person.log_out'));
}

async function leave(button, viewer) {
  setAttribute(button, 'aria-disabled', 'true');
  try {
    await logOut(viewer);
  } catch (error) {
    say(explain(error));
  }
  setAttribute(button, 'aria-disabled', null);
}
