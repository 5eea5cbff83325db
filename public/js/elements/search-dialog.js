// Looks for something that was said in a room, and leads there.

import '../i18n/more.js';
import { h, reconcile, setAttribute, write } from '../dom.js';
import { findIn } from '../found.js';
import { formatMark, formatUntil } from '../format.js';
import { explain } from '../i18n/errors.js';
import { t } from '../i18n/index.js';
import { api } from '../page.js';
import { Search } from '../search.js';
import { openDialog } from './dialog.js';

/** Long enough for a word, short enough not to wait for. */
const TYPING_MS = 300;
/** Shorter waits are not worth a sentence. */
const SLOW_MS = 300;
const LONGEST = 100;

/** What was last looked for stands there again, in the same room. */
const lastOf = new WeakMap();

/** `go(seq)` leads to a message. */
export function openSearch(session, go) {
  const field = h('input', {
    type: 'search', autocomplete: 'off', autocapitalize: 'none', enterkeyhint: 'search', maxlength: LONGEST, dir: 'auto',
    autofocus: true, 'aria-label': t('search.label'), placeholder: t('search.label'),
  });
  const status = h('p', { class: 'search-dialog__status', role: 'status' });
  const retry = h('button', { class: 'button button--quiet', type: 'button', onclick: () => search.again() }, t('timeline.retry'));
  const list = h('ol', { class: 'search-dialog__found', role: 'list' });
  const more = h('button', { class: 'button', type: 'button', onclick: showMore }, t('search.more'));
  const form = h('form', { class: 'search-dialog__form', role: 'search', onsubmit: submitted }, field);
  const search = new Search({ ask: (query, cursor) => api.search(session.name, query, cursor), changed: render });
  let typing = null;
  let slow = null;

  field.addEventListener('input', ({ isComposing }) => isComposing || typed());
  field.addEventListener('compositionend', typed);
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown' || event.isComposing) return;
    event.preventDefault();
    list.querySelector('button')?.focus();
  });
  list.addEventListener('click', ({ target }) => lead(target.closest('button')));
  list.addEventListener('keydown', moved);

  field.value = lastOf.get(session) ?? '';
  const dialog = openDialog(t('search.title', { room: session.name }), form, status, retry, list, more);
  dialog.classList.add('search-dialog');
  field.select();
  render();
  look();

  function typed() {
    clearTimeout(typing);
    typing = setTimeout(look, TYPING_MS);
  }

  function look() {
    clearTimeout(typing);
    const query = field.value.trim();
    lastOf.set(session, query);
    return search.look(query);
  }

  async function submitted(event) {
    event.preventDefault();
    await look();
    list.querySelector('button')?.focus();
  }

  async function showMore() {
    const before = list.children.length;
    await search.more();
    list.children[before]?.querySelector('button').focus();
  }

  function moved(event) {
    const stops = [...list.querySelectorAll('button')];
    const place = stops.indexOf(event.target);
    const next = { ArrowUp: place - 1, ArrowDown: place + 1, Home: 0, End: stops.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    (next < 0 ? field : stops[next])?.focus();
  }

  function lead(button) {
    if (!button) return;
    dialog.close();
    go(Number(button.dataset.seq));
  }

  function render() {
    const { state, messages, query } = search;
    clearTimeout(slow);
    if (state === 'searching') slow = setTimeout(() => write(status, t('search.searching')), SLOW_MS);
    else write(status, sentence());
    setAttribute(list, 'aria-busy', state === 'searching' ? 'true' : null);
    retry.hidden = state !== 'failed';
    more.hidden = !search.hasMore || messages.length === 0;
    // A find looks as what was looked for, so it is made anew for other words.
    reconcile(list, messages, { key: ({ seq }) => `${seq} ${query}`, create: (message) => found(message, query, session.me), update: () => {} });
  }

  function sentence() {
    const { state, messages, query, error, hasMore } = search;
    if (state === 'idle') return t('search.hint');
    if (state === 'failed') return t('search.failed', { reason: explain(error) });
    if (messages.length === 0) return t('search.none', { query });
    return t(hasMore ? 'search.newest' : 'search.all', { n: messages.length });
  }
}

function found({ seq, at, author, text }, query, me) {
  const mine = author.id === me.id;
  const mark = mine ? '' : formatMark(author);
  return h('li', {},
    h('button', { class: 'find', type: 'button', 'data-seq': String(seq) },
      h('span', { class: 'find__head' },
        h('span', { class: 'find__author' }, h('bdi', {}, mine ? t('person.you') : author.name), mark && ` · ${mark}`),
        ' ', h('time', { datetime: new Date(at).toISOString() }, formatUntil(at))),
      h('span', { class: 'find__text', dir: 'auto' }, ...findIn(text, query).map((part) => (part.found ? h('mark', {}, part.text) : part.text)))));
}
