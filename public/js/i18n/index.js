// The page's sentences. One language is current; `change` tells that it became another.

import en from './en.js';
import zh from './zh-CN.js';

const dictionaries = { en, 'zh-CN': zh };

/** What each language calls itself. */
export const LANGUAGES = { en: 'English', 'zh-CN': '中文' };

class I18n extends EventTarget {
  #language = 'en';

  get language() {
    return this.#language;
  }

  use(language) {
    if (!Object.hasOwn(dictionaries, language) || language === this.#language) return;
    this.#language = language;
    this.dispatchEvent(new Event('change'));
  }
}

export const i18n = new I18n();

/**
 * A sentence by key. `{name}` stands for a parameter; an entry with plural forms chooses one
 * by the parameter `n`.
 */
export function t(key, parameters = {}) {
  const entry = dictionaries[i18n.language][key];
  const pattern = typeof entry === 'object' ? entry[pluralOf(parameters.n)] ?? entry.other : entry;
  if (pattern === undefined) throw new Error(`no sentence for ${key}`);
  return pattern.replace(/\{(\w+)\}/g, (_, name) => show(parameters[name]));
}

/** Whether there is a sentence. */
export function has(key) {
  return Object.hasOwn(dictionaries[i18n.language], key);
}

const plurals = new Map();

function pluralOf(n) {
  if (!plurals.has(i18n.language)) plurals.set(i18n.language, new Intl.PluralRules(i18n.language));
  return plurals.get(i18n.language).select(n);
}

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

function show(value) {
  if (typeof value === 'number') return value.toLocaleString(i18n.language);
  // A name in another direction must not reorder the sentence round it.
  return RIGHT_TO_LEFT.test(value) ? `\u2068${value}\u2069` : String(value);
}
