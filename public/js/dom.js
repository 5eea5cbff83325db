// The few ways this page makes and changes elements. No string ever becomes markup.

import { t } from './i18n/index.js';

const SVG = 'http://www.w3.org/2000/svg';

/** An element: attributes by name, listeners as `onclick`, children as nodes or text. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export function icon(name) {
  return svg('svg', { class: 'icon', 'aria-hidden': 'true' }, svg('use', { href: `/icons.svg#${name}` }));
}

/** Puts the page's sentences where the markup names them. */
export function fill(root) {
  for (const element of root.querySelectorAll('[data-t]')) write(element, t(element.dataset.t));
  for (const element of root.querySelectorAll('[data-t-label]')) {
    setAttribute(element, 'aria-label', t(element.dataset.tLabel));
    if (element.matches('.icon-button')) setAttribute(element, 'title', t(element.dataset.tLabel));
  }
  for (const element of root.querySelectorAll('[data-t-placeholder]')) {
    setAttribute(element, 'placeholder', t(element.dataset.tPlaceholder));
  }
}

/** Writes only what changed: a live region speaks again of what is written again. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function setAttribute(element, name, value) {
  if (value === null || value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/**
 * Makes the children of `parent` be these rows, in order, each row's element kept by its key.
 * Elements in place are not touched, and who has the focus keeps it.
 */
export function reconcile(parent, rows, { key, create, update }) {
  const elements = (parent.keyed ??= new Map());
  const focused = parent.contains(document.activeElement) ? document.activeElement : null;
  const wanted = new Set(rows.map(key));
  for (const [name, element] of elements) {
    if (wanted.has(name)) continue;
    element.remove();
    elements.delete(name);
  }
  let next = parent.firstElementChild;
  for (const row of rows) {
    const name = key(row);
    if (!elements.has(name)) elements.set(name, Object.assign(create(row), { key: name }));
    const element = elements.get(name);
    update(element, row);
    if (element === next) next = next.nextElementSibling;
    else parent.insertBefore(element, next);
  }
  if (focused?.isConnected && document.activeElement !== focused) focused.focus({ preventScroll: true });
}

/** A visible sentence that is also spoken, for a while. */
export function say(text, { seen = true } = {}) {
  const status = document.querySelector('.toast');
  // What stands on the page already is only spoken.
  status.classList.toggle('visually-hidden', !seen);
  write(status, '');
  // A live region that is emptied and filled in one go may say nothing.
  requestAnimationFrame(() => write(status, text));
  clearTimeout(say.timer);
  say.timer = setTimeout(() => write(status, ''), 5_000);
}

/** Resolves when what stands on the page has been painted; in a hidden page, when it is first seen. */
export function painted() {
  return new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
}
