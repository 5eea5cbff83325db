// The page's own sentences, for tests that care which one is said and not how it is worded.

import enMore from '../../../public/js/i18n/en-more.js';
import en from '../../../public/js/i18n/en.js';
import zhMore from '../../../public/js/i18n/zh-CN-more.js';
import zh from '../../../public/js/i18n/zh-CN.js';

const DICTIONARIES = { en: { ...en, ...enMore }, 'zh-CN': { ...zh, ...zhMore } };

/** A sentence by key in the language the page is shown in; `{name}` stands for a parameter. */
export async function sentence(page, key, parameters = {}) {
  const language = await page.locator('html.scripted').getAttribute('lang');
  const entry = DICTIONARIES[language][key];
  if (entry === undefined) throw new Error(`no sentence for ${key}`);
  const plural = new Intl.PluralRules(language).select(parameters.n ?? 0);
  const pattern = typeof entry === 'string' ? entry : entry[plural] ?? entry.other;
  return pattern.replace(/\{(\w+)\}/g, (_, name) => (
    typeof parameters[name] === 'number' ? parameters[name].toLocaleString(language) : parameters[name]));
}
