import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitLinks } from '../../public/js/links.js';

const linked = (text) => splitLinks(text).filter(({ href }) => href).map((part) => part.text);

test('MS4 addresses become links, and what ends a sentence stays outside', () => {
  const table = {
    'see https://example.com': ['https://example.com'],
    'http://example.com/a?b=c&d=e#f': ['http://example.com/a?b=c&d=e#f'],
    'https://example.com.': ['https://example.com'],
    'https://example.com, and': ['https://example.com'],
    'https://example.com?!': ['https://example.com'],
    'https://example.com/…': ['https://example.com/'],
    '(https://example.com)': ['https://example.com'],
    '<https://example.com>': ['https://example.com'],
    '"https://example.com"': ['https://example.com'],
    '“https://example.com”': ['https://example.com'],
    '[https://example.com]': ['https://example.com'],
    'https://en.wikipedia.org/wiki/Chat_(software)': ['https://en.wikipedia.org/wiki/Chat_(software)'],
    '(https://en.wikipedia.org/wiki/Chat_(software)).': ['https://en.wikipedia.org/wiki/Chat_(software)'],
    '看https://example.com。好': ['https://example.com'],
    '看 https://example.com，好': ['https://example.com'],
    '（https://example.com）': ['https://example.com'],
    '「https://example.com」': ['https://example.com'],
    '《https://example.com/a》': ['https://example.com/a'],
    '见https://example.com、https://example.org；': ['https://example.com', 'https://example.org'],
    'https://例子.测试/路径': ['https://例子.测试/路径'],
    'HTTPS://EXAMPLE.COM/A': ['HTTPS://EXAMPLE.COM/A'],
    'https://example.com:8080/x': ['https://example.com:8080/x'],
    'https://[::1]/x': [],
    'https://127.0.0.1/x': ['https://127.0.0.1/x'],
    'https://example.com/a b': ['https://example.com/a'],
    'https://example.com/~ann/': ['https://example.com/~ann/'],
    'https://example.com/*': ['https://example.com/'],
    'https://a.example\nhttps://b.example': ['https://a.example', 'https://b.example'],
    'mailto:ann@example.com': ['mailto:ann@example.com'],
    'mailto:': [],
    'mailto:nobody': [],
    'ann@example.com': [],
    'www.example.com': [],
    'javascript:alert(1)': [],
    'JaVaScRiPt:alert(1)': [],
    'data:text/html,<script>alert(1)</script>': [],
    'vbscript:x': [],
    'ftp://example.com': [],
    'file:///etc/passwd': [],
    'https://': [],
    'https://bank.example@evil.example': [],
    'https://user:secret@example.com': [],
    'xhttps://example.com': [],
    'https://example.com/javascript:alert(1)': ['https://example.com/javascript:alert(1)'],
  };
  for (const [text, expected] of Object.entries(table)) assert.deepEqual(linked(text), expected, text);
});

test('MS4 every link leads to http, https or mail, and the parts are the text again', () => {
  const texts = ['a https://example.com/x, b mailto:a@b.example c', '<img src=x onerror=alert(1)>', '', 'https://a.example'];
  for (const text of texts) {
    const parts = splitLinks(text);
    assert.equal(parts.map((part) => part.text).join(''), text);
    for (const { href } of parts) if (href) assert.match(href, /^(https?|mailto):/);
  }
});

test('SE10 a long text without an end is split in no time', () => {
  const started = performance.now();
  for (const text of ['https://example.com/' + '('.repeat(4_000), 'https://'.repeat(500), 'a'.repeat(4_000), 'https://e.example/' + '(a)'.repeat(1_200) + '.'.repeat(400)]) splitLinks(text);
  assert.ok(performance.now() - started < 200);
});
