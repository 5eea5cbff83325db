// The picture beside a name: an identicon drawn from a hash, with no request. The
// same as src/domain/avatar.rs, where the design is told; tests/golden/avatar.json
// holds both to each other. Knows no DOM: it gives the shape, the page draws it.

// OKLCH lightness 0.65, chroma at most 0.12, hues from 5° in steps of 15°.
const GROUNDS = [
  'cb6e85', 'ce6f70', 'cd725c', 'c97847', 'c17e35', 'b58629', 'a68e27', '949532',
  '7e9c44', '66a159', '49a46e', '24a684', '04a598', '04a3aa', '06a0ba', '259cca',
  '4896d3', '638fd8', '7a88d8', '8f81d3', 'a07bca', 'af76bc', 'bc72ac', 'c56f99',
];
const INK = 'fffdf8';

/**
 * What to draw for a hash: a ground of `size` by `size` with rounded corners, on it
 * the path `d`, not filled but stroked with ink, one unit wide, with round caps.
 * The figure stays clear of the corners, so a round clip does it no harm.
 */
export function avatarShape(hash) {
  const byte = (index) => Number.parseInt(hash.slice(2 * index, 2 * index + 2), 16);
  return {
    size: 8,
    viewBox: '0 0 8 8',
    corner: 2,
    ground: `#${GROUNDS[byte(2) % GROUNDS.length]}`,
    ink: `#${INK}`,
    d: figure((byte(0) << 8) | byte(1)),
  };
}

// Five by five cells, the right the mirror of the left, as a path for a round pen
// one cell wide: neighbours are joined, a lone cell is a dot.
function figure(bits) {
  const cells = balanced(bits & 0x7fff);
  const isInked = (x, y) => ((cells >> (3 * y + Math.min(x, 4 - x))) & 1) === 1;
  let path = '';
  for (let y = 0; y < 5; y += 1) {
    for (const [x, length] of runs((x) => isInked(x, y))) {
      const joined = (y > 0 && isInked(x, y - 1)) || (y < 4 && isInked(x, y + 1));
      if (length > 0 || !joined) path += `M${x + 2} ${y + 2}h${length}`;
    }
  }
  for (let x = 0; x < 5; x += 1) {
    for (const [y, length] of runs((y) => isInked(x, y))) {
      if (length > 0) path += `M${x + 2} ${y + 2}v${length}`;
    }
  }
  return path;
}

// Neither nearly none nor nearly all: those are crossed with a chequerboard.
function balanced(cells) {
  const inked = cells.toString(2).replaceAll('0', '').length;
  return inked >= 5 && inked <= 11 ? cells : cells ^ 0x5555;
}

function* runs(isInked) {
  for (let start = 0; start < 5; start += 1) {
    if (!isInked(start)) continue;
    let end = start;
    while (end < 4 && isInked(end + 1)) end += 1;
    yield [start, end - start];
    start = end;
  }
}
