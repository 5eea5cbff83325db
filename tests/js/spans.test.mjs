import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isEmojiOnly, spansOf } from '../../public/js/spans.js';

/** A short way to write what a text is cut into: words as they are, the rest as [kind, what is shown]. */
const cut = (text) => spansOf(text).map(({ kind, text: source, code }) => (kind === 'words' ? source : [kind, code ?? source]));
const joined = (text) => spansOf(text).map((span) => span.text).join('');

test('MS6 code stands between backticks of one length, in one line', () => {
  const table = [
    ['', []],
    ['plain', ['plain']],
    ['say `hi` twice', ['say ', ['code', 'hi'], ' twice']],
    ['`a``b`', [['code', 'a``b']]],
    ['``a`b``', [['code', 'a`b']]],
    ['`` `a` ``', [['code', '`a`']]],
    ['` a`', [['code', ' a']]],
    ['```let x```', [['code', 'let x']]],
    ['`a` and `b`', [['code', 'a'], ' and ', ['code', 'b']]],
    ['`open', ['`open']],
    ['a `b\nc` d', ['a `b\nc` d']],
    ['``', ['``']],
    ['` `', ['` `']],
    ['`` open `closed`', ['`` open ', ['code', 'closed']]],
    ['看`代码`吧', ['看', ['code', '代码'], '吧']],
    ['`https://example.com` https://example.org', [['code', 'https://example.com'], ' ', ['link', 'https://example.org']]],
    ['`<img src=x onerror=alert(1)>`', [['code', '<img src=x onerror=alert(1)>']]],
  ];
  for (const [text, expected] of table) assert.deepEqual(cut(text), expected, JSON.stringify(text));
});

test('MS6 a block stands between lines of three backticks, as it was typed', () => {
  const table = [
    ['```\nlet x;\n```', [['block', 'let x;']]],
    ['```js\nlet x;\n```', [['block', 'let x;']]],
    ['see\n```\n  a\n\n\tb  \n```\nand `c`', ['see\n', ['block', '  a\n\n\tb  '], 'and ', ['code', 'c']]],
    ['```\n`x` https://example.com\n```', [['block', '`x` https://example.com']]],
    ['```\na\n``` \n```\nb\n```', [['block', 'a'], ['block', 'b']]],
    ['```\nnever closed', ['```\nnever closed']],
    ['```\nnever closed but `code`', ['```\nnever closed but ', ['code', 'code']]],
    ['```\n```', ['```\n```']],
    ['```\n \n```', ['```\n \n```']],
    ['a ```\nb\n```', ['a ```\nb\n```']],
    ['```two words\nb\n```', ['```two words\nb\n```']],
  ];
  for (const [text, expected] of table) assert.deepEqual(cut(text), expected, JSON.stringify(text));
});

/** The same numbers in every run, so that a failure can be looked at again. */
function* numbers(seed) {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

const PIECES = ['`', '``', '```', '```js', '\n', ' ', '\t', 'a', '你好', '，', '(', ')', '.', 'https://', 'example.com', '/x', 'mailto:', 'javascript:', '@', '\u202e', '👍🏽', '<b>', '\\'];

test('MS4 MS5 MS6 whatever is written, the spans joined are the text again, and only good addresses are links', () => {
  const random = numbers(20_260_310);
  const below = (end) => Math.floor(random.next().value * end);
  for (let round = 0; round < 4_000; round += 1) {
    const text = Array.from({ length: below(40) }, () => PIECES[below(PIECES.length)]).join('');
    const spans = spansOf(text);
    assert.equal(spans.map((span) => span.text).join(''), text, JSON.stringify(text));
    for (const span of spans) {
      assert.notEqual(span.text, '', JSON.stringify(text));
      if (span.kind === 'link') assert.match(span.href, /^(https?|mailto):/, JSON.stringify(text));
      else assert.equal(span.href, undefined);
      if (span.kind === 'code') assert.doesNotMatch(span.code, /\n/, JSON.stringify(text));
      if (span.code !== undefined) assert.ok(span.text.includes(span.code), JSON.stringify(text));
    }
  }
});

const LONG = {
  'backticks': '`'.repeat(4_000),
  'backticks apart': '` '.repeat(2_000),
  'runs that each want another partner': Array.from({ length: 88 }, (_, index) => '`'.repeat(index + 1)).join(' '),
  'openings without an end': '```a\n'.repeat(800),
  'closings': '```\n'.repeat(1_000),
  'one opening and spaces': `\`\`\`${' '.repeat(3_990)}!`,
  'beginnings of addresses': 'http://'.repeat(571),
  'beginnings of addresses apart': 'http:// '.repeat(500),
  'mail': 'mailto:'.repeat(571),
  'brackets': `https://example.com/${'('.repeat(3_900)}`,
  'closed brackets and dots': `https://example.com/${'(a)'.repeat(900)}${'.'.repeat(1_200)}a`,
  'dots': `https://example.com/${'.'.repeat(3_900)}a`,
};

test('SE10 4,000 characters of marks that lead nowhere are cut in no time', () => {
  for (const [what, text] of Object.entries(LONG)) {
    spansOf(text);
    const started = performance.now();
    for (let round = 0; round < 10; round += 1) spansOf(text);
    const each = (performance.now() - started) / 10;
    assert.ok(each < 20, `${what}: ${each.toFixed(1)} ms`);
    assert.equal(joined(text), text);
  }
});

test('MS7 a few emoji alone are drawn large; a family, a flag, a keycap or a tone of skin is one of them', () => {
  const table = [
    ['👍', true],
    ['👍👍🏽 🎉\n❤️', true],
    ['👨‍👩‍👧‍👦', true],
    ['🇨🇳🇫🇷', true],
    ['🏴󠁧󠁢󠁳󠁣󠁴󠁿', true],
    ['1️⃣2️⃣', true],
    ['👨‍👩‍👧‍👦'.repeat(8), true],
    ['👍'.repeat(9), false],
    ['👍 yes', false],
    ['好👍', false],
    ['12#*', false],
    ['©', false],
    ['', false],
    ['   ', false],
    [`${'👍 '.repeat(4_000)}!`, false],
  ];
  for (const [text, expected] of table) assert.equal(isEmojiOnly(text), expected, JSON.stringify(text.slice(0, 40)));
});
