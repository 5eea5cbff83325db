// All emoji in a panel over the field where one writes, with a search in the reader's language.

import '../i18n/more.js';
import { h, setAttribute, write } from '../dom.js';
import { emojiIn, findEmoji } from '../emoji.js';
import { i18n, t } from '../i18n/index.js';
import { isComposing, isTouch } from '../keys.js';

const ID = 'emoji-picker';

let closeOpen = null;

/** Opens the panel beside this button, or closes it; `take(emoji)` gets what is chosen. Rejects when there is no list of emoji. */
export async function togglePicker(button, take) {
  if (closeOpen) return closeOpen();
  const groups = await emojiIn(i18n.language);
  if (closeOpen) return undefined;
  return open(button, groups, take);
}

function open(button, groups, take) {
  const search = h('input', {
    class: 'emoji__search',
    type: 'search',
    role: 'combobox',
    autocomplete: 'off',
    'aria-expanded': 'true',
    'aria-controls': `${ID}-list`,
    'aria-autocomplete': 'list',
    'aria-label': t('emoji.search'),
    placeholder: t('emoji.search'),
  });
  const list = h('div', { class: 'emoji__list', id: `${ID}-list`, role: 'listbox', 'aria-label': t('emoji.title'), tabindex: '-1' });
  const name = h('p', { class: 'emoji__name', 'aria-hidden': 'true' });
  const panel = h('div', { class: 'emoji', id: ID, role: 'dialog', 'aria-label': t('emoji.title') }, search, list, name);
  let chosen = null;

  function show() {
    const query = search.value.trim();
    const shown = query ? [findEmoji(groups, query)] : groups;
    list.replaceChildren(...shown.map((group) => h('div', { class: 'emoji__group', role: 'presentation' }, ...group.map(option))));
    list.scrollTop = 0;
    if (query && shown[0].length === 0) list.append(h('p', { class: 'emoji__none' }, t('emoji.none', { query })));
    choose(list.querySelector('[role=option]'));
  }

  function choose(one) {
    if (chosen) setAttribute(chosen, 'aria-selected', null);
    chosen = one;
    setAttribute(search, 'aria-activedescendant', one?.id ?? null);
    write(name, one?.title ?? '');
    if (!one) return;
    setAttribute(one, 'aria-selected', 'true');
    one.scrollIntoView({ block: 'nearest' });
  }

  function taken(one) {
    close();
    take(one.dataset.emoji);
  }

  /** How many stand in a row goes by the width. */
  function move(key) {
    const all = [...list.querySelectorAll('[role=option]')];
    const place = all.indexOf(chosen);
    if (key === 'ArrowRight') return choose(all[place + 1] ?? chosen);
    if (key === 'ArrowLeft') return choose(all[place - 1] ?? chosen);
    const { offsetTop: top, offsetLeft: left } = chosen;
    const others = key === 'ArrowDown' ? all.slice(place + 1).filter((one) => one.offsetTop > top) : all.slice(0, place).reverse().filter((one) => one.offsetTop < top);
    const row = others.filter((one) => one.offsetTop === others[0].offsetTop);
    return choose(row.toSorted((a, b) => Math.abs(a.offsetLeft - left) - Math.abs(b.offsetLeft - left))[0] ?? chosen);
  }

  function keyed(event) {
    if (isComposing(event)) return;
    const act = {
      Escape: () => {
        close();
        button.focus();
      },
      Enter: () => chosen && taken(chosen),
    }[event.key] ?? (event.key.startsWith('Arrow') && chosen ? () => move(event.key) : null);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  function close() {
    closeOpen = null;
    panel.remove();
    setAttribute(button, 'aria-expanded', 'false');
    setAttribute(button, 'aria-controls', null);
    document.removeEventListener('pointerdown', pressed);
    i18n.removeEventListener('change', close);
  }

  const pressed = ({ target }) => !panel.contains(target) && !button.contains(target) && close();

  search.addEventListener('input', (event) => !event.isComposing && show());
  search.addEventListener('compositionend', show);
  panel.addEventListener('keydown', keyed);
  panel.addEventListener('focusout', ({ relatedTarget }) => relatedTarget && !panel.contains(relatedTarget) && relatedTarget !== button && close());
  list.addEventListener('click', ({ target }) => target.closest('[role=option]') && taken(target.closest('[role=option]')));
  list.addEventListener('pointerover', ({ target }) => write(name, target.closest('[role=option]')?.title ?? chosen?.title ?? ''));
  document.addEventListener('pointerdown', pressed);
  i18n.addEventListener('change', close);

  button.parentElement.append(panel);
  setAttribute(button, 'aria-expanded', 'true');
  setAttribute(button, 'aria-controls', ID);
  closeOpen = close;
  show();
  // The keyboard of a screen would cover what one came to look at.
  if (isTouch()) list.focus();
  else search.focus();
}

function option({ emoji, name }) {
  return h('span', { class: 'emoji__one', id: `${ID}-${emoji}`, role: 'option', 'aria-label': name, title: name, 'data-emoji': emoji }, emoji);
}
