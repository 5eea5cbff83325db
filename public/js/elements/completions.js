// A list under the caret of what one may mean by the letters before it. The focus stays where one writes; arrows move,
// Enter or Tab takes, Esc closes. What is found and how it is shown belongs to whoever completes.

import { h, setAttribute } from '../dom.js';
import { isComposing } from '../keys.js';

let made = 0;

/**
 * Completes in this field from now on. `at(text)` finds in the text before the caret what to complete, {start, query}
 * or null; `find(query)` promises the items; `show(item)` gives an item's parts, and `textOf(item)` what is written in
 * place of the query. `label()` names the list, `taken(item)` is told. Returns `look`, for when more could be found, and `begin`, for another text.
 */
export function completeIn(field, { at, find, show, textOf, label, taken = () => {} }) {
  const id = `completions-${(made += 1)}`;
  const list = h('ul', { class: 'completions', id, role: 'listbox', hidden: true });
  let items = [];
  let chosen = 0;
  let asked = null;
  let shown = null;
  /** Where something was taken, or nothing wanted: there the list stays closed. */
  let dismissed = null;
  field.before(list);

  const isOpen = () => !list.hidden;

  async function look() {
    const here = document.activeElement === field && field.selectionStart === field.selectionEnd;
    const wanted = here ? at(field.value.slice(0, field.selectionStart)) : null;
    asked = wanted;
    if (wanted?.start !== dismissed) dismissed = null;
    if (!wanted || dismissed !== null) return close();
    const found = await find(wanted.query).catch(() => []);
    // Another key was faster than the answer.
    if (asked !== wanted) return undefined;
    items = found;
    const again = isOpen() && shown === wanted.query;
    shown = wanted.query;
    return items.length > 0 ? open(again ? chosen : 0) : close();
  }

  function open(place) {
    list.replaceChildren(...items.map((item, index) => h('li', {
      class: 'completions__one',
      id: `${id}-${index}`,
      role: 'option',
      onmousedown: (event) => event.preventDefault(),
      onclick: () => take(item),
    }, ...show(item))));
    list.hidden = false;
    setAttribute(list, 'aria-label', label());
    setAttribute(field, 'aria-controls', id);
    setAttribute(field, 'aria-autocomplete', 'list');
    choose(Math.min(place, items.length - 1));
  }

  function close() {
    list.hidden = true;
    for (const name of ['aria-controls', 'aria-autocomplete', 'aria-activedescendant']) setAttribute(field, name, null);
  }

  function choose(place) {
    chosen = (place + items.length) % items.length;
    for (const [index, option] of [...list.children].entries()) setAttribute(option, 'aria-selected', String(index === chosen));
    setAttribute(field, 'aria-activedescendant', list.children[chosen].id);
    list.children[chosen].scrollIntoView({ block: 'nearest' });
  }

  function take(item) {
    dismissed = asked.start;
    taken(item);
    field.setRangeText(textOf(item), asked.start, field.selectionStart, 'end');
    close();
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.focus();
  }

  const keys = {
    ArrowDown: () => choose(chosen + 1),
    ArrowUp: () => choose(chosen - 1),
    Enter: () => take(items[chosen]),
    Tab: () => take(items[chosen]),
    Escape: () => {
      dismissed = asked.start;
      close();
    },
  };

  field.addEventListener('input', (event) => !event.isComposing && look());
  field.addEventListener('compositionend', look);
  field.addEventListener('click', () => isOpen() && look());
  field.addEventListener('blur', close);
  // Before the field's own keys, which send or leave.
  field.parentElement.addEventListener('keydown', (event) => {
    if (event.target !== field || !isOpen() || isComposing(event) || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  }, { capture: true });
  // Somebody may have begun already.
  if (document.activeElement === field) look();
  return {
    look,
    begin() {
      dismissed = null;
      close();
    },
  };
}
