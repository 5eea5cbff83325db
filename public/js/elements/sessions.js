// Where I am logged in: a device and a time each, and an end to each.

import '../i18n/more.js';
import { h, reconcile, setAttribute, write } from '../dom.js';
import { formatAgo, formatMoment } from '../format.js';
import { t } from '../i18n/index.js';

/** `end(session)` is called when one is to end. */
export function showSessions(list, sessions, end) {
  const now = Date.now();
  reconcile(list, sessions, {
    key: ({ id }) => id,
    create: (session) => h('li', { class: 'session' },
      h('div', {},
        h('p', { class: 'session__device' }, h('bdi'), h('span', { class: 'session__mark' })),
        h('p', { class: 'session__times' }, h('time'), h('time'))),
      h('button', { class: 'button button--quiet', type: 'button', onclick: () => end(session) })),
    update: (row, session) => {
      const device = nameOf(session);
      const [what, button] = row.children;
      const [title, times] = what.children;
      write(title.children[0], device);
      write(title.children[1], session.current ? ` · ${t('account.this_one')}` : '');
      showTime(times.children[0], session.used, t('account.used', { time: formatAgo(session.used, now) }));
      showTime(times.children[1], session.created, ` · ${t('account.since', { time: formatAgo(session.created, now) })}`);
      write(button, t('account.end'));
      setAttribute(button, 'aria-label', t('account.end_named', { device }));
      button.hidden = session.current;
    },
  });
}

export function nameOf({ device }) {
  return device || t('account.device_unknown');
}

function showTime(element, at, text) {
  write(element, text);
  element.dateTime = new Date(at).toISOString();
  element.title = formatMoment(at);
}
