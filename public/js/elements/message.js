// One message, the same element from pending to stored.

import { fill, h, icon, reconcile, setAttribute, write } from '../dom.js';
import { formatMark, formatMoment, formatName, formatNumber, formatPerson, formatTime } from '../format.js';
import { explain } from '../i18n/errors.js';
import { i18n, t } from '../i18n/index.js';
import { isEmojiOnly, spansOf } from '../spans.js';
import { avatar, showAvatar } from './avatar.js';

const CHINESE = /\p{Script=Han}/u;
/** Where nothing hovers, a button opens what can be done with a message. */
const TOUCH = matchMedia('(hover: none)');

let made = 0;

export function createMessage({ item }) {
  const id = `message-${(made += 1)}`;
  return h('li', { class: 'message' },
    h('article', {
      class: 'message__box',
      tabindex: '-1',
      'aria-labelledby': `${id}-author ${id}-time`,
      'aria-describedby': `${id}-text ${id}-quote ${id}-edited ${id}-state`,
    },
    avatar(item.author),
    h('p', { class: 'message__head' },
      h('span', { class: 'message__author', id: `${id}-author` },
        h('bdi', { class: 'message__name' }), h('span', { class: 'message__mark' })),
      h('time', { class: 'message__time', id: `${id}-time` }),
      h('span', { class: 'message__edited', id: `${id}-edited` })),
    h('div', { id: `${id}-text` }),
    h('div', { class: 'reactions', role: 'group' }),
    h('p', { class: 'message__state', id: `${id}-state` }),
    TOUCH.matches ? h('button', { class: 'icon-button message__more', type: 'button', 'data-act': 'actions', 'aria-expanded': 'false', tabindex: '-1' }, icon('more')) : null));
}

/** `online` says whether what is pending is on its way or waits. */
export function updateMessage(row, { item, grouped }, { me, online, joined }) {
  const mine = item.author.id === me.id;
  const { state, at, error, edited, deleted, changing, reply, reactions } = item;
  row.item = item;
  // Hundreds of rows stand there while one arrives; what looks the same is left alone.
  const known = [state, at, error && explain(error), (changing || state === 'pending') && online, grouped, i18n.language, edited, deleted, changing, item.author.kind, joined];
  const shown = known.join() + (reply || reactions ? JSON.stringify([reply, reactions]) : '');
  if (row.dataset.shown === shown) return;
  row.dataset.shown = shown;
  row.classList.toggle('message--grouped', grouped);
  row.classList.toggle('message--mine', mine);
  row.classList.toggle('message--pending', item.state === 'pending');
  row.classList.toggle('message--failed', item.state === 'failed');
  row.dataset.id = item.id;
  setAttribute(row, 'data-seq', item.seq && String(item.seq));
  showAvatar(row.querySelector('.avatar'), item.author.avatar);
  write(row.querySelector('.message__name'), mine ? t('person.you') : formatName(item.author));
  const mark = mine ? '' : formatMark(item.author);
  write(row.querySelector('.message__mark'), mark && ` · ${mark}`);
  const time = row.querySelector('.message__time');
  write(time, formatTime(item.at));
  setAttribute(time, 'datetime', new Date(item.at).toISOString());
  setAttribute(time, 'title', formatMoment(item.at));
  const change = row.querySelector('.message__edited');
  write(change, edited && !deleted ? t('message.edited', { time: formatTime(edited) }) : '');
  setAttribute(change, 'title', edited && !deleted ? formatMoment(edited) : null);
  showBody(row, item, me);
  showQuote(row, reply, me);
  showReactions(row.querySelector('.reactions'), reactions ?? [], me, joined);
  showState(row.querySelector('.message__state'), changing ? { state: 'pending', error } : item, online);
  showMore(row.querySelector('.message__more'), state === 'stored' && !deleted && joined);
}

function showMore(button, offered) {
  if (!button) return;
  button.hidden = !offered;
  setAttribute(button, 'aria-label', t('message.actions'));
}

function showBody(row, item, me) {
  const { text, deleted, mentions } = item;
  const broken = typeof text !== 'string';
  const said = deleted ? t('message.tombstone') : broken ? t('message.broken') : text;
  const now = [said, ...(mentions ?? []).map(({ id }) => id)].join('\n');
  if (row.said === now) return;
  row.said = now;
  const place = row.querySelector('[id$="-text"]');
  row.querySelector('.message__fold')?.remove();
  place.replaceWith(deleted || broken ? h('p', { class: 'message__text message__text--quiet', id: place.id }, said) : body(item, me, place.id));
}

/** Whom and what a message answers: a button that leads there. */
function showQuote(row, reply, me) {
  const before = row.querySelector('.quote');
  if (!reply) return before?.remove();
  const { seq, author, deleted, text } = reply;
  const name = author && (author.id === me.id ? t('person.you') : formatPerson(author));
  const line = deleted ? t('message.tombstone') : author ? text : t('message.lost');
  const quote = before ?? h('button', { class: 'quote', type: 'button', 'data-act': 'quote', tabindex: '-1' },
    h('span', { class: 'visually-hidden' }), h('bdi', { class: 'quote__who' }), h('span', { class: 'quote__line', dir: 'auto' }));
  const place = row.querySelector('[id$="-text"]');
  quote.id = place.id.replace('text', 'quote');
  quote.dataset.seq = seq;
  quote.disabled = !author && !deleted;
  quote.classList.toggle('quote--quiet', Boolean(deleted || !author));
  [t('message.quote'), name ?? '', line].forEach((words, place) => write(quote.children[place], words));
  if (!before) place.before(quote);
  return undefined;
}

/** Who has not joined sees them and can't press them. */
function showReactions(place, reactions, me, joined) {
  place.hidden = reactions.length === 0;
  setAttribute(place, 'aria-label', t('message.reactions'));
  reconcile(place, reactions, {
    key: ({ reaction }) => reaction,
    create: ({ reaction }) => h('button', { class: 'reaction', type: 'button', 'data-act': 'react', 'data-reaction': reaction, tabindex: '-1' }, h('span', {}, reaction), h('span', { class: 'reaction__count' })),
    update: (button, { reaction, people }) => {
      const mine = people.some(({ id }) => id === me.id);
      const n = people.length;
      button.people = people;
      button.disabled = !joined;
      write(button.lastElementChild, formatNumber(n));
      setAttribute(button, 'aria-pressed', String(mine));
      setAttribute(button, 'aria-label', mine ? t('message.reacted', { reaction, n }) : null);
    },
  });
}

/** What can't have more than twenty lines on any screen needs no script to fold it. */
const SHORT = 300;

function folded(place) {
  const { textContent: text } = place;
  if (text.length > SHORT || text.split('\n').length > 20) import('./fold.js').then(({ fold }) => fold(place), () => place.classList.add('message__text--unfolded'));
  return place;
}

function body({ text, mentions = [] }, me, id) {
  // What people write may be Chinese on an English page; its lines need more air.
  const kind = CHINESE.test(text) ? ' message__text--chinese' : isEmojiOnly(text) ? ' message__text--emoji' : '';
  const spans = spansOf(text, mentions.flatMap((one) => one?.name ?? [])).map((span) => shown[span.kind](span, mentions, me));
  return folded(h('div', { class: `message__text${kind}`, id, dir: 'auto' }, ...spans));
}

/** Addresses and code keep their own direction, so that what surrounds them can't reorder them. */
const shown = {
  words: ({ text }) => text,
  mention({ text, name }, mentions, me) {
    const mine = mentions.some((one) => one?.id === me.id && one.name === name);
    return h('bdi', { class: mine ? 'mention mention--me' : 'mention' }, text);
  },
  link: ({ text, href }) => h('a', { href, dir: 'ltr', target: '_blank', rel: 'noopener noreferrer nofollow ugc' },
    // Where an address may break; else the full stop behind one that fills its line would begin the next.
    ...text.split(/(?<=[/?&])(?![/?&])/).flatMap((part, place) => (place > 0 ? [h('wbr'), part] : [part]))),
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
  place.classList.toggle('message__state--sending', state === 'pending' && online && !error);
  if (state === 'stored') place.replaceChildren();
  else if (state === 'pending') {
    const key = !online ? 'message.waiting' : error ? 'message.slowed' : 'message.sending';
    place.replaceChildren(icon('clock'), h('span', { class: key === 'message.sending' ? 'visually-hidden' : null }, t(key)));
  } else {
    place.replaceChildren(
      icon('failed'),
      h('span', {}, t('message.failed', { why: explain(error ?? {}) })),
      h('button', { class: 'message__act', type: 'button', 'data-act': 'retry' }, t('message.retry')),
      h('button', { class: 'message__act', type: 'button', 'data-act': 'delete' }, t('message.delete')));
  }
}
