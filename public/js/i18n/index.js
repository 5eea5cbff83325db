// The page's sentences. One language is current, from the start the one that early.js chose; `change` tells that it
// became another.

/** What each language calls itself. */
export const LANGUAGES = { en: 'English', 'zh-CN': '中文' };

/** What a room says at first, and what i18n/more.js adds. */
const sources = {
  en: [() => import('./en.js'), () => import('./en-more.js')],
  'zh-CN': [() => import('./zh-CN.js'), () => import('./zh-CN-more.js')],
};
const dictionaries = {};
let parts = 1;

async function load(language) {
  const wanted = parts;
  const loaded = await Promise.all(sources[language].slice(0, wanted).map((source) => source()));
  // Somebody asked for more meanwhile.
  if (wanted !== parts) return load(language);
  dictionaries[language] = Object.assign({}, ...loaded.map((part) => part.default));
}

class I18n extends EventTarget {
  #wanted = null;
  #language = known(globalThis.document?.documentElement.lang) ?? 'en';

  get language() {
    return this.#language;
  }

  /** Resolves when the page speaks it; rejects when its sentences can't be fetched. */
  async use(language) {
    if (!known(language)) return;
    this.#wanted = language;
    await load(language);
    if (language === this.#language || language !== this.#wanted) return;
    this.#language = language;
    this.dispatchEvent(new Event('change'));
  }
}

function known(language) {
  return Object.hasOwn(LANGUAGES, language ?? '') ? language : null;
}

export const i18n = new I18n();

// Whoever imports this can speak at once. The other language is fetched when somebody chooses it: 5 KB of a first view.
await load(i18n.language);

/** Resolves when the rest of the sentences can be said too, in whichever language is current. What had no words yet gets them. */
export async function speakMore() {
  parts = 2;
  await load(i18n.language);
  i18n.dispatchEvent(new Event('change'));
}

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
