// The budgets of what people download and Cloudflare loads, measured on what is deployed: build/ and public/.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const pages = path.join(root, 'public');
const SENTENCES = path.join(pages, 'js/i18n');

/** In KB (1,000 bytes), gzipped file by file as they are sent. */
const BUDGETS = {
  wasm: 335,
  firstView: 60,
  allScripts: 150,
  allStyles: 20,
};

async function gzippedSize(files) {
  const sizes = await Promise.all([...files].map(async (file) => gzipSync(await readFile(file)).length));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function filesUnder(folder, endings) {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile() && endings.includes(path.extname(entry.name)))
    .map((entry) => path.join(entry.parentPath, entry.name));
}

/** The scripts a page asks for before anybody did anything: its own, all they import statically, and its sentences. */
async function scriptsOf(page) {
  const html = await readFile(page, 'utf8');
  const entries = [...html.matchAll(/<script\b[^>]*\bsrc="([^"]+)"/g)].map(([, src]) => inPages(src));
  if (entries.length === 0) return new Set();
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: entries,
    bundle: true,
    format: 'esm',
    metafile: true,
    outdir: 'unused',
    write: false,
    plugins: [{ name: 'site', setup: (b) => b.onResolve({ filter: /^\// }, ({ path: p }) => ({ path: inPages(p) })) }],
  });
  const seen = new Set();
  const waiting = entries.map((entry) => path.relative(root, entry));
  for (let file = waiting.pop(); file; file = waiting.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const { imports } = metafile.inputs[file];
    waiting.push(...imports.filter(({ kind }) => kind === 'import-statement').map((i) => i.path));
  }
  const files = [...seen].map((file) => path.join(root, file));
  if (!files.includes(path.join(SENTENCES, 'index.js'))) return new Set(files);
  return new Set([...files, ...await longestSentences(files.includes(path.join(SENTENCES, 'more.js')))]);
}

/** One language is fetched, by what decides on it; we count the larger one. */
async function longestSentences(all) {
  const languages = ['en', 'zh-CN'].map((language) => (all ? ['', '-more'] : ['']).map((part) => path.join(SENTENCES, `${language}${part}.js`)));
  const sizes = await Promise.all(languages.map(gzippedSize));
  return languages[sizes.indexOf(Math.max(...sizes))];
}

function inPages(address) {
  return address.startsWith(root) ? address : path.join(pages, address.replace(/[?#].*/, ''));
}

const rows = [['WASM', await gzippedSize([path.join(root, 'build/index_bg.wasm')]), BUDGETS.wasm]];
for (const page of (await filesUnder(pages, ['.html'])).sort()) {
  const name = path.relative(pages, page);
  rows.push([`JS, first view of ${name}`, await gzippedSize(await scriptsOf(page)), BUDGETS.firstView]);
}
rows.push(['JS in all', await gzippedSize(await filesUnder(pages, ['.js', '.mjs'])), BUDGETS.allScripts]);
rows.push(['CSS in all', await gzippedSize(await filesUnder(pages, ['.css'])), BUDGETS.allStyles]);

let held = 0;
for (const [what, bytes, budget] of rows) {
  const within = bytes <= budget * 1000;
  held += within;
  console.log(`${within ? 'ok  ' : 'OVER'} ${what.padEnd(36)} ${(bytes / 1000).toFixed(1).padStart(7)} of ${budget} KB`);
}
console.log(`${held} budgets held, ${rows.length - held} failed`);
process.exitCode = held === rows.length ? 0 : 1;
