// Language and theme. Both are kept in the browser, and read by early.js before the first paint.

import '../i18n/more.js';
import { h, icon, say, write } from '../dom.js';
import { explain } from '../i18n/errors.js';
import { i18n, LANGUAGES, t } from '../i18n/index.js';

const THEMES = ['system', 'light', 'dark'];

class Preferences extends HTMLElement {
  connectedCallback() {
    this.append(
      this.#choice('theme', 'theme.label', THEMES.map((value) => ({ value, face: icon(`theme-${value}`) })), useTheme),
      this.#choice('language', 'language.label', Object.entries(LANGUAGES).map(([value, name]) => (
        { value, face: h('span', { lang: value }, name) })), this.#useLanguage),
    );
    this.#render();
    i18n.addEventListener('change', this.#render);
  }

  disconnectedCallback() {
    i18n.removeEventListener('change', this.#render);
    this.replaceChildren();
  }

  #choice(name, label, options, use) {
    return h('fieldset', { class: 'segments', onchange: ({ target }) => use(target.value) },
      h('legend', { class: 'visually-hidden', 'data-key': label }),
      ...options.map(({ value, face }) => h('label', { class: 'segments__one' },
        h('input', { type: 'radio', name, value, class: 'segments__input' }),
        face,
        name === 'theme' ? h('span', { class: 'visually-hidden', 'data-key': `theme.${value}` }) : null)));
  }

  #useLanguage = async (language) => {
    try {
      await i18n.use(language);
      keep('hihi/language', i18n.language);
    } catch {
      say(explain({ code: 'unreachable' }));
      this.#render();
    }
  };

  #render = () => {
    for (const value of [currentTheme(), i18n.language]) this.querySelector(`[value="${value}"]`).checked = true;
    for (const element of this.querySelectorAll('[data-key]')) {
      write(element, t(element.dataset.key));
      if (element.closest('label')) element.closest('label').title = t(element.dataset.key);
    }
  };
}

function currentTheme() {
  return document.documentElement.dataset.theme ?? 'system';
}

function useTheme(theme) {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  keep('hihi/theme', theme);
}

function keep(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Then the choice lasts as long as the page.
  }
}

customElements.define('hihi-preferences', Preferences);
