// Breaks a copy of the pages in the ways of tests/breaks.mjs, one after the other, and runs the test that has to notice.
// Called by scripts/break-page, which says how.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { BREAKS } from '../tests/breaks.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const [what = 'all'] = process.argv.slice(2);
const chosen = BREAKS.filter(({ name, spec }) => what === 'all' || (what === '--quick' ? spec.startsWith('js/') : name.includes(what)));
if (chosen.length === 0) throw new Error(`no break is called like “${what}”`);

const copy = mkdtempSync(path.join(tmpdir(), 'break-page-'));
process.on('exit', () => rmSync(copy, { recursive: true, force: true }));
for (const part of ['public', 'tests', 'playwright.config.mjs', 'package.json']) cpSync(path.join(root, part), path.join(copy, part), { recursive: true });
symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));

/** Whether the test of this name passed, failed, or isn't there; by its own runner. */
function run({ spec, title }) {
  const pattern = `^${title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`;
  const file = path.join('tests', spec);
  // These stories bring a server of their own; the Worker isn't built for them.
  const env = { ...process.env, HIHICHAT_ORIGIN: 'http://127.0.0.1:9', NODE_OPTIONS: '' };
  if (spec.startsWith('js/')) {
    const { stdout } = spawnSync(process.execPath, ['--test', '--test-reporter=tap', `--test-name-pattern=${pattern}`, file], { cwd: copy, env, encoding: 'utf8' });
    const titles = [...stdout.matchAll(/^\s*(ok|not ok) \d+ - ([^\n]*)/gm)].filter(([line, , name]) => !line.includes('# SKIP') && name.startsWith(title));
    return titles.length === 0 ? 'missing' : titles.every(([, verdict]) => verdict === 'ok') ? 'passed' : 'failed';
  }
  const { stdout } = spawnSync('npx', ['--no-install', 'playwright', 'test', file, '-g', pattern.replace('^', ' '), '--workers=1', '--reporter=json'], { cwd: copy, env, encoding: 'utf8', maxBuffer: 1 << 28 });
  const { stats } = JSON.parse(stdout.slice(stdout.indexOf('{')));
  return stats.unexpected > 0 ? 'failed' : stats.expected > 0 ? 'passed' : 'missing';
}

let caught = 0;
for (const one of chosen) {
  const file = path.join(copy, 'public/js', one.file);
  const sound = readFileSync(file, 'utf8');
  const [before, ...others] = sound.split(one.find);
  let verdict;
  if (others.length !== 1) verdict = `no longer applies: ${one.file} has ${others.length} such places`;
  else {
    const well = run(one);
    writeFileSync(file, before + one.replace + others[0]);
    // A page that can't be read at all would fail any test.
    execFileSync(process.execPath, ['--check', file], { stdio: 'inherit' });
    const broken = well === 'passed' ? run(one) : well;
    writeFileSync(file, sound);
    verdict = { failed: well === 'passed' ? 'caught' : 'its test fails on the page as it is', passed: 'NOT NOTICED', missing: 'its test is gone' }[broken];
  }
  caught += verdict === 'caught';
  console.log(`${verdict === 'caught' ? 'caught' : 'MISSED'}  ${one.name}${verdict === 'caught' ? '' : `: ${verdict}`}  (${one.spec}: ${one.title.trim()})`);
}
console.log(`${caught} breaks caught, ${chosen.length - caught} missed`);
process.exitCode = caught === chosen.length ? 0 : 1;
