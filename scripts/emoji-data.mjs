// Writes what the pages search emoji by, one file for each language, out of emojibase-data: scripts/vendor calls it.
// An emoji is [itself, its name, words for it, its :codes:], each a text; emoji stand in groups, in Unicode's order.
//   node scripts/emoji-data.mjs FOLDER
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);
const LANGUAGES = { en: 'en', 'zh-CN': 'zh' };
/** What systems of the last years can draw. */
const NEWEST = 15;
/** Tones of skin and hair, which are no emoji by themselves. */
const COMPONENTS = 2;

const [folder] = process.argv.slice(2);
const codes = require('emojibase-data/en/shortcodes/github.json');
mkdirSync(folder, { recursive: true });
for (const [language, source] of Object.entries(LANGUAGES)) {
  const groups = [];
  for (const one of require(`emojibase-data/${source}/data.json`).toSorted((a, b) => a.order - b.order)) {
    if (one.group === undefined || one.group === COMPONENTS || one.version > NEWEST) continue;
    (groups[one.group] ??= []).push([one.emoji, one.label, (one.tags ?? []).join(' '), [codes[one.hexcode] ?? []].flat().join(' ')]);
  }
  const rows = groups.filter(Boolean).map((group) => `[\n${group.map((row) => JSON.stringify(row)).join(',\n')}\n]`);
  writeFileSync(path.join(folder, `${language}.json`), `[${rows.join(',\n')}]\n`);
}
copyFileSync(path.join(path.dirname(require.resolve('emojibase-data/package.json')), 'LICENSE'), path.join(folder, 'LICENSE'));
