import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const run = (root) => spawnSync(join(root, 'scripts/ux-coverage'), { encoding: 'utf8' });

/** A tree with this checklist and these titles, and nothing else. */
function tree(t, checklist, titles) {
  const root = mkdtempSync(join(tmpdir(), 'hihichat-checklist-'));
  t.after(() => rmSync(root, { recursive: true }));
  for (const folder of ['scripts', 'tests/js', 'tests/browser']) mkdirSync(join(root, folder), { recursive: true });
  cpSync(join(ROOT, 'scripts/ux-coverage'), join(root, 'scripts/ux-coverage'));
  writeFileSync(join(root, 'tests/browser/checklist.txt'), checklist);
  writeFileSync(join(root, 'tests/js/a.test.mjs'), titles.map((title) => `test('${title}', () => {});`).join('\n'));
  writeFileSync(join(root, 'tests/browser/a.spec.mjs'), '');
  return root;
}

test('every id that a test’s title begins with is in the checklist, each line of which stands once', () => {
  const { status, stdout } = run(ROOT);
  assert.equal(status, 0, stdout);
  assert.match(stdout, /^\d+ of \d+ M and \d+ of \d+ S have a test$/m);
  const lines = readFileSync(join(ROOT, 'tests/browser/checklist.txt'), 'utf8').split('\n').filter((line) => line && !line.startsWith('#'));
  for (const line of lines) assert.match(line, /^[A-Z]{1,2}\d+ [MS] \S/);
  const ids = lines.map((line) => line.split(' ')[0]);
  assert.deepEqual(ids, [...new Set(ids)]);
});

test('a line with tests, one without, and an id nobody wrote down are told apart', (t) => {
  const checklist = '# One\nK1 M keys\nK2 M order\nSC9 S few\n';
  const known = run(tree(t, checklist, ['K1 by keys', 'SC9 K1 both', 'no id K2']));
  assert.equal(known.status, 0, known.stderr);
  assert.equal(known.stdout, '\nOne\nok   K1    M  2 keys\n-    K2    M    order\nok   SC9   S  1 few\n\n1 of 2 M and 1 of 1 S have a test\n');
  const unknown = run(tree(t, checklist, ['K1 by keys', 'K3 what is that']));
  assert.equal(unknown.status, 1);
  assert.match(unknown.stdout, /no such line: K3/);
});
