// One message, the same element from pending to stored.

import { fill, h, icon, setAttribute, write } from '../dom.js';
import { formatMark, formatMoment, formatTime } from '../format.js';
import { explain } from '../i18n/errors.js';
import { i18n, t } from '../i18n/index.js';
import { spansOf } from '../spans.js';
import { avatar } from './avatar.js';

const CHINESE = /\p{Script=Han}/u;

let made = 0;

export function createMessage({ item }) {
  const id = `message-${(made += 1)}`;
  return h('li', { class: 'message' },
    h('article', {
      class: 'message__box',
      tabindex: '-1',
      'aria-labelledby': `${id}-author ${id}-time`,
      'aria-describedby': `${id}-text ${id}-state`,
    },
    avatar(item.author),
    h('p', { class: 'message__head' },
      h('span', { class: 'message__author', id: `${id}-author` },
        h('bdi', { class: 'message__name' }), h('span', { class: 'message__mark' })),
      h('time', { class: 'message__time', id: `${id}-time` })),
    body(item.text, `${id}-text`),
    h('p', { class: 'message__state', id: `${id}-state` })));
}

/** `online` says whether what is pending is on its way or waits. */
export function updateMessage(row, { item, grouped }, { me, online }) {
  const mine = item.author.id === me.id;
  const { state, at, error } = item;
  // Hundreds of rows stand there while one arrives; what looks the same is left alone.
  const shown = [state, at, error?.code, state === 'pending' && online, grouped, i18n.language].join();
  if (row.dataset.shown === shown) return;
  row.dataset.shown = shown;
  row.classList.toggle('message--grouped', grouped);
  row.classList.toggle('message--mine', mine);
  row.classList.toggle('message--pending', item.state === 'pending');
  row.classList.toggle('message--failed', item.state === 'failed');
  row.dataset.id = item.id;
  write(row.querySelector('.message__name'), mine ? t('person.you') : item.author.name);
  const mark = mine ? '' : formatMark(item.author);
  write(row.querySelector('.message__mark'), mark && ` · ${mark}`);
  const time = row.querySelector('.message__time');
  write(time, formatTime(item.at));
  setAttribute(time, 'datetime', new Date(item.at).toISOString());
  setAttribute(time, 'title', formatMoment(item.at));
  showState(row.querySelector('.message__state'), item, online);
}

function body(text, id) {
  if (typeof text !== 'string') return h('p', { class: 'message__text message__text--broken', id }, t('message.broken'));
  // What people write may be Chinese on an English page; its lines need more air.
  const chinese = CHINESE.test(text) ? ' message__text--chinese' : '';
  return h('div', { class: `message__text${chinese}`, id, dir: 'auto' }, ...spansOf(text).map((span) => shown[span.kind](span)));
}

/** Addresses and code keep their own direction, so that what surrounds them can't reorder them. */
const shown = {
  words: ({ text }) => text,
  link: ({ text, href }) => h('a', { href, dir: 'ltr', target: '_blank', rel: 'noopener noreferrer nofollow ugc' }, text),
  code: ({ code }) => h('code', { class: 'code', dir: 'ltr' }, code),
  block({ code }) {
    const block = h('div', { class: 'code-block' },
      // A stop of the Tab key: it may have to be scrolled, and not everybody has a wheel.
      h('pre', { class: 'code-block__code', dir: 'ltr', tabindex: '0', role: 'group', 'data-t-label': 'message.code' }, h('code', {}, code)),
      h('button', { class: 'icon-button code-block__copy', type: 'button', 'data-act': 'copy-code', 'data-t-label': 'message.copy_code' }, icon('copy')));
    fill(block);
    return block;
  },
};

function showState(place, { state, error }, online) {
  place.hidden = state === 'stored';
  place.classList.toggle('message__state--sending', state === 'pending' && online);
  if (state === 'stored') place.replaceChildren();
  else if (state === 'pending') {
    place.replaceChildren(icon('clock'), h('span', { class: online ? 'visually-hidden' : null }, t(online ? 'message.sending' : 'message.waiting')));
  } else {
    place.replaceChildren(
      icon('failed'),
      h('span', {}, t('message.failed', { why: explain(error ?? {}) })),
      h('button', { class: 'message__act', type: 'button', 'data-act': 'retry' }, t('message.retry')),
      h('button', { class: 'message__act', type: 'button', 'data-act': 'delete' }, t('message.delete')));
  }
}
