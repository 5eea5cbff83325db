// The browser's rules for texts agree with the server's: both read tests/golden/text.json.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import {
  LIMITS,
  countCharacters,
  parseDescription,
  parseMessage,
  parseName,
  parseRoomName,
} from '../../public/js/text.js';

const golden = JSON.parse(readFileSync(new URL('../golden/text.json', import.meta.url), 'utf8'));

const parsers = {
  person: parseName,
  room: parseRoomName,
  description: parseDescription,
  message: parseMessage,
};

function whole(text) {
  return typeof text === 'string' ? text : text.repeat.repeat(text.times);
}

function inputOf({ input, utf16 }) {
  if (utf16 === undefined) return whole(input);
  return String.fromCharCode(...utf16.split(' ').map((unit) => Number.parseInt(unit, 16)));
}

for (const row of golden.cases) {
  test(`${row.kind}: ${row.case}`, () => {
    const parsed = parsers[row.kind](inputOf(row));
    if (row.server_only) assert.equal(parsed.ok, true);
    else if (row.error) assert.deepEqual(parsed, { ok: false, ...row.error });
    else assert.deepEqual(parsed, { ok: true, value: whole(row.value) });
  });
}

for (const [list, parse] of [
  ['name', parseName],
  ['name', parseRoomName],
  ['description', parseDescription],
  ['message', parseMessage],
]) {
  test(`${parse.name} refuses exactly the code points listed for a ${list}`, () => {
    const listed = new Set(golden.refused_code_points[list].flatMap(codePoints));
    for (let point = 0; point <= 0x10ffff; point += 1) {
      const character = String.fromCodePoint(point);
      const refused = parse(`a${character}b`).code === 'forbidden_characters';
      // Rust has no surrogates; what is not yet assigned here, the next version of Unicode decides.
      const expected = listed.has(point) || /\p{Cs}/u.test(character);
      const open = /\p{Cn}/u.test(character);
      assert.ok(refused === expected || open, `U+${point.toString(16)}`);
    }
  });
}

function codePoints(range) {
  const [from, to = from] = range.split('-').map((hex) => Number.parseInt(hex, 16));
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

test('characters are counted after NFKC, whatever they take in UTF-16', () => {
  assert.equal(countCharacters(''), 0);
  assert.equal(countCharacters('🦊字a'), 3);
  assert.equal(countCharacters('e\u0301'), 1);
  assert.equal(countCharacters('\ufdfa'), 18);
});

test('what was parsed parses to itself and fits', () => {
  const notable = [...'aA1#*·ﬁß \t\n\r\0\u3000\u00ad\u200b\u200d\u202e\ufe0f\u20e3\u0301\ufdfa👨❤🏽ℹ‼', '\ud800'];
  let seed = 1;
  const random = (below) => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return (seed >> 8) % below;
  };
  for (let round = 0; round < 20_000; round += 1) {
    const raw = Array.from({ length: random(12) }, () => notable[random(notable.length)]).join('');
    for (const [kind, parse] of Object.entries(parsers)) {
      const parsed = parse(raw);
      if (!parsed.ok) continue;
      assert.deepEqual(parse(parsed.value), parsed);
      assert.ok(countCharacters(parsed.value) <= LIMITS[kind === 'person' ? 'name' : kind]);
    }
  }
});
