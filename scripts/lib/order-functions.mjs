// Names the functions of a WASM file so that in the order of their names each comes after those that it is most like, for
// gzip looks no further back than 32 KB. wasm-opt then orders them by name.
//   node order-functions.mjs IN.wasm OUT.wasm
import { readFileSync, writeFileSync } from 'node:fs';

/** How many bytes in a row make a piece. One that is in more functions than this tells nothing of any. */
const PIECE = 6;
const COMMON = 80;
/** With how many of the bytes before it a function is compared. */
const WINDOW = 16_000;
/** Added to a function's length, so that a few bytes that were all seen before don't go before a long likeness. */
const SHORT = 30;

const CODE_SECTION = 10;

const [input, output] = process.argv.slice(2);
const wasm = readFileSync(input);
const imports = WebAssembly.Module.imports(new WebAssembly.Module(wasm)).filter(({ kind }) => kind === 'function');
writeFileSync(output, Buffer.concat([wasm, nameSection(order(bodiesIn(wasm)), imports.length)]));

/** The functions' bodies (WebAssembly 2.0, 5.5.13). */
function bodiesIn(bytes) {
  let at = 8;
  const number = () => {
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = bytes[at++];
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) return value;
    }
  };
  const piece = (length) => bytes.subarray(at, (at += length));
  while (bytes[at++] !== CODE_SECTION) piece(number());
  number();
  return Array.from({ length: number() }, () => piece(number()));
}

/** The bodies' indices, each after those it shares most with. */
function order(bodies) {
  const holders = new Map();
  const pieces = bodies.map((body) => piecesOf(body.toString('latin1')));
  pieces.forEach((own, index) => own.forEach((piece) => holders.set(piece, [...(holders.get(piece) ?? []), index])));
  const told = pieces.map((own) => [...own].map((piece) => holders.get(piece)).filter(({ length }) => length > 1 && length <= COMMON));
  // How often each piece is in the window, by its holders, and how many of a function's pieces are.
  const inWindow = new Map();
  const shared = bodies.map(() => 0);
  const move = (index, step) => {
    for (const all of told[index]) {
      const before = inWindow.get(all) ?? 0;
      inWindow.set(all, before + step);
      if (before === 0 || before + step === 0) all.forEach((other) => (shared[other] += step));
    }
  };
  const left = new Set(bodies.keys());
  const ordered = [];
  let [first, size] = [0, 0];
  while (left.size > 0) {
    let [next, most] = [-1, -1];
    for (const index of left) {
      const share = shared[index] / (bodies[index].length + SHORT);
      if (share > most) [next, most] = [index, share];
    }
    left.delete(next);
    ordered.push(next);
    move(next, 1);
    for (size += bodies[next].length; size > WINDOW; first++) {
      size -= bodies[ordered[first]].length;
      move(ordered[first], -1);
    }
  }
  return ordered;
}

function piecesOf(text) {
  const found = new Set();
  for (let at = 0; at + PIECE <= text.length; at++) found.add(text.slice(at, at + PIECE));
  return found;
}

/** The section that gives functions their places as names (WebAssembly 2.0, 7.4.1). */
function nameSection(ordered, imported) {
  const number = (value) => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...number(value >>> 7)]);
  const sized = (bytes) => [...number(bytes.length), ...bytes];
  const names = ordered.map((index, place) => [index, [...number(index + imported), ...sized(Buffer.from(String(place).padStart(6, '0')))]]);
  const inTheirOrder = names.sort(([one], [other]) => one - other).flatMap(([, name]) => name);
  return Buffer.from([0, ...sized([...sized(Buffer.from('name')), 1, ...sized([...number(names.length), ...inTheirOrder])])]);
}
