// The browser draws the avatars that the server draws: both read tests/golden/avatar.json,
// whose hashes were made by md5sum.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { avatarHash } from '../../public/js/avatar-hash.js';
import { avatarShape } from '../../public/js/avatar.js';

const golden = JSON.parse(readFileSync(new URL('../golden/avatar.json', import.meta.url), 'utf8'));

/** A whole SVG document, as `/avatar/{name}` answers it. */
function identiconSvg(hash) {
  const { size, viewBox, corner, ground, ink, d } = avatarShape(hash);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="80" height="80" viewBox="${viewBox}" role="img">` +
    `<rect width="${size}" height="${size}" rx="${corner}" fill="${ground}"/>` +
    `<path d="${d}" fill="none" stroke="${ink}" stroke-linecap="round"/></svg>`
  );
}

for (const { name, hash, svg } of golden.names) {
  test(`the avatar of ${name}`, async () => {
    assert.equal(await avatarHash(name), hash);
    assert.equal(identiconSvg(hash), svg);
  });
}

for (const { hash, svg } of golden.figures) {
  test(`the avatar of the hash ${hash}`, () => assert.equal(identiconSvg(hash), svg));
}

test('a shape is plain data to build elements of', () => {
  const { size, viewBox, corner, ground, ink, d } = avatarShape(golden.names[0].hash);
  assert.equal(viewBox, `0 0 ${size} ${size}`);
  assert.ok(corner < size / 2);
  assert.match(ground, /^#[0-9a-f]{6}$/);
  assert.match(ink, /^#[0-9a-f]{6}$/);
  assert.match(d, /^(M[2-6] [2-6][hv][0-4])+$/);
});

test('every figure is left-right symmetric and neither empty nor full', () => {
  for (let bits = 0; bits < 0x8000; bits += 1) {
    const { d } = avatarShape(bits.toString(16).padStart(4, '0').padEnd(32, '0'));
    const cells = inkedCells(d);
    assert.ok(cells.size >= 4 && cells.size <= 21, `${cells.size} cells of ${bits}`);
    for (const cell of cells) {
      const [x, y] = cell.split(' ');
      assert.ok(cells.has(`${8 - x} ${y}`), `${d} at ${cell}`);
    }
  }
});

function inkedCells(d) {
  const cells = new Set();
  for (const [, x, y, way, length] of d.matchAll(/M(\d) (\d)([hv])(\d)/g)) {
    for (let step = 0; step <= Number(length); step += 1) {
      cells.add(way === 'h' ? `${Number(x) + step} ${y}` : `${x} ${Number(y) + step}`);
    }
  }
  return cells;
}
