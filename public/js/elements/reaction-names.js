// Who reacted, beside the reaction that one points at or has in focus. Esc puts it away, the pointer may go over it, and
// it stays until one looks elsewhere (WCAG 1.4.13).

import { h, setAttribute } from '../dom.js';
import { formatSome } from '../format.js';
import { t } from '../i18n/index.js';

const EDGE_PX = 8;
/** More names than this are a number. */
const NAMED = 20;

/** Tells of the reactions in this list; `session()` is the one that it shows. */
export function tellNames(rows, session) {
  const names = h('p', { class: 'names', id: 'reaction-names', role: 'tooltip' });
  let reaction = null;
  // What is in focus stays told of while the pointer rests or moves elsewhere.
  let pointed = null;
  let focused = null;

  function tell() {
    const next = [pointed, focused].find((one) => one?.isConnected) ?? null;
    if (next === reaction) return;
    setAttribute(reaction ?? names, 'aria-describedby', null);
    reaction = next;
    names.remove();
    if (!reaction) return;
    const { me } = session();
    const people = reaction.people.map(({ id, name }) => ({ name: id === me.id ? t('person.you') : name }));
    names.textContent = formatSome(people, people.length, NAMED);
    const box = reaction.closest('.message__box');
    box.append(names);
    setAttribute(reaction, 'aria-describedby', names.id);
    names.style.left = `${Math.max(EDGE_PX, Math.min(reaction.offsetLeft, box.clientWidth - names.offsetWidth - EDGE_PX))}px`;
    names.style.top = `${reaction.offsetTop - names.offsetHeight}px`;
  }

  function point(at) {
    pointed = at;
    tell();
  }

  function focus(at) {
    focused = at;
    // Whichever came last.
    if (at) pointed = null;
    tell();
  }

  rows.addEventListener('pointerover', ({ target }) => names.contains(target) || point(target.closest('.reaction')));
  rows.addEventListener('pointerleave', () => point(null));
  rows.addEventListener('focusin', ({ target }) => focus(target.closest('.reaction')));
  rows.addEventListener('focusout', () => focus(null));
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !names.isConnected) return;
    focused = null;
    point(null);
    event.stopPropagation();
  }, { capture: true });
}
