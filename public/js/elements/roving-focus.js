// A list that is one stop of the Tab key; inside it the arrows move. What can be pressed in the stop where one is comes
// after it: `inner` names those parts.

import { setAttribute } from '../dom.js';

export class RovingFocus {
  #list;
  #selector;
  #inner;
  #enter;
  #leave;
  #current = null;

  /** `enter(stop)` goes into a stop, `leave()` out of the list. */
  constructor(list, { stops, inner, enter, leave }) {
    this.#list = list;
    this.#selector = stops;
    this.#inner = inner;
    this.#enter = enter;
    this.#leave = leave;
    list.addEventListener('keydown', (event) => this.#keyed(event));
    list.addEventListener('focusin', ({ target }) => this.#become(target.closest(stops)));
  }

  /** The list has changed: its stop is where the reader is, or else the last one. */
  refresh() {
    if (!this.#list.contains(document.activeElement)) this.#become(this.#stops.at(-1));
    this.#open(this.#current, '0');
  }

  /** The stop in `row` is about to go: focus moves to the next one, or the one before. */
  leave(row) {
    if (!row.contains(document.activeElement)) return;
    const stops = this.#stops;
    const place = stops.indexOf(row.querySelector(this.#selector));
    const next = stops[place + 1] ?? stops[place - 1];
    if (next) this.#focus(next);
    else this.#leave();
  }

  get #stops() {
    return [...this.#list.querySelectorAll(this.#selector)];
  }

  #keyed(event) {
    if (event.defaultPrevented || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const box = event.target.closest(this.#selector);
    if (event.key === 'Escape') {
      if (!box || event.target === box) this.#leave();
      else this.#focus(box);
      return;
    }
    if (event.target.closest('form')) return;
    if (event.key === 'Enter' && event.target === box) {
      // The rest of this key would press what gets the focus.
      event.preventDefault();
      this.#enter(box);
      return;
    }
    const stops = this.#stops;
    const place = stops.indexOf(box);
    const next = { ArrowUp: place - 1, ArrowDown: place + 1, Home: 0, End: stops.length - 1 }[event.key];
    if (stops[next] === undefined) return;
    event.preventDefault();
    this.#focus(stops[next]);
  }

  #focus(stop) {
    stop.focus({ preventScroll: true });
    stop.scrollIntoView({ block: 'nearest' });
  }

  #become(stop) {
    if (!stop || stop === this.#current) return;
    this.#current?.setAttribute('tabindex', '-1');
    this.#open(this.#current, '-1');
    stop.setAttribute('tabindex', '0');
    this.#open(stop, '0');
    this.#current = stop;
  }

  #open(stop, tabindex) {
    for (const part of stop?.querySelectorAll(this.#inner) ?? []) setAttribute(part, 'tabindex', tabindex);
  }
}
