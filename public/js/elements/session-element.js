// An element that shows one room session at a time, and again when the language changes.

import { i18n } from '../i18n/index.js';

export class SessionElement extends HTMLElement {
  session = null;
  #leaving = null;

  connectedCallback() {
    i18n.addEventListener('change', this.#renderAgain);
  }

  disconnectedCallback() {
    i18n.removeEventListener('change', this.#renderAgain);
  }

  /** Shows this session from now on; `entered` hears its events until the next one. */
  show(session) {
    this.#leaving?.abort();
    this.#leaving = new AbortController();
    this.session = session;
    const { signal } = this.#leaving;
    this.entered((type, act) => session.addEventListener(type, act, { signal }));
    this.render();
  }

  #renderAgain = () => {
    if (this.session) this.render();
  };
}
