// One message after another: days, groups, times, links, and text that is nothing but text.

import { expect, test } from './support/fixtures.mjs';
import { messages, names, readMessages } from './support/page.mjs';
import { enterScripted } from './support/scripted-story.mjs';
import { sentence } from './support/sentences.mjs';
import { counted } from './support/world.mjs';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Half past midnight in Shanghai, noon of the day before in New York. */
const NOW = Date.UTC(2026, 2, 10, 16, 30);

/** What a reader sees from top to bottom: days as text, messages as a list under their day. */
async function days(page) {
  const region = page.getByRole('region', { name: (await names(page)).messages('Workshop') });
  return region.getByRole('listitem').evaluateAll((rows) => rows.map((row) => {
    const article = row.querySelector('article');
    return article ? `- ${document.getElementById(article.getAttribute('aria-describedby').split(' ')[0]).textContent}` : row.textContent;
  }));
}

test('MS1 days are those of the reader’s zone, and midnight passes without a reload', async ({ visitor, server, locale, timezoneId }) => {
  const ann = await visitor();
  await ann.clock.install({ time: NOW });
  const { room, olga } = await enterScripted(server, ann);
  const shanghai = timezoneId === 'Asia/Shanghai';
  for (const [text, ago] of [['long ago', 400 * 24 * HOUR], ['a day and two hours ago', 26 * HOUR], ['an hour ago', HOUR], ['now', 0]]) {
    room.say(olga, text, { at: NOW - ago });
  }
  const day = (at, options) => new Intl.DateTimeFormat(locale, { weekday: 'long', month: 'long', day: 'numeric', timeZone: timezoneId, ...options }).format(at);
  const today = await sentence(ann, 'day.today');
  const yesterday = await sentence(ann, 'day.yesterday');
  const longAgo = day(NOW - 400 * 24 * HOUR, { year: 'numeric' });
  await expect.poll(() => days(ann)).toEqual(shanghai
    ? [longAgo, '- long ago', day(NOW - 26 * HOUR), '- a day and two hours ago', yesterday, '- an hour ago', today, '- now']
    : [longAgo, '- long ago', yesterday, '- a day and two hours ago', today, '- an hour ago', '- now']);

  await ann.clock.fastForward(24 * HOUR);
  await expect.poll(async () => (await days(ann)).slice(-2)).toEqual(shanghai ? [yesterday, '- now'] : ['- an hour ago', '- now']);
  await expect.poll(async () => (await days(ann)).includes(today)).toBe(false);
  room.say(olga, 'next day', { at: NOW + 24 * HOUR });
  await expect.poll(async () => (await days(ann)).slice(-2)).toEqual([today, '- next day']);
});

test('MS2 what one person says within five minutes stands under one name', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, olga } = await enterScripted(server, ann);
  const pete = server.person('Pete');
  // A noon in both zones' same day, far enough from every midnight.
  const start = Date.UTC(2026, 2, 10, 15, 0);
  const said = [
    [olga, 'first', 0, 'named'],
    [olga, 'soon after', 4 * MINUTE, 'grouped'],
    [olga, 'again soon after', 8 * MINUTE, 'grouped'],
    [olga, 'five minutes later', 13 * MINUTE, 'named'],
    [pete, 'somebody else', 13 * MINUTE + 1, 'named'],
    [olga, 'back to the first', 13 * MINUTE + 2, 'named'],
    [olga, 'and on', 13 * MINUTE + 3, 'grouped'],
    [olga, 'the day after', 24 * HOUR + 13 * MINUTE, 'named'],
  ];
  for (const [author, text, after] of said) room.say(author, text, { at: start + after });
  await expect(messages(ann)).toHaveCount(said.length);
  // The picture is what a group shows once; for readers each message keeps its author.
  const shown = await messages(ann).evaluateAll((articles) => articles.map((article) => (
    getComputedStyle(article.querySelector('svg')).visibility === 'visible' ? 'named' : 'grouped')));
  expect(shown).toEqual(said.map(([, , , how]) => how));
  for (const [place, [author]] of said.entries()) await expect(messages(ann).nth(place)).toHaveAccessibleName(new RegExp(`^${author.name} `));
});

test('MS2 groups hold across the edge of a page', async ({ visitor, server }) => {
  const ann = await visitor();
  const olga = server.person('Olga');
  await ann.clock.install({ time: NOW });
  const { room } = await enterScripted(server, ann);
  for (let number = 1; number <= 60; number += 1) room.say(olga, `Line ${number}`, { at: NOW - 30 * MINUTE + number * 1_000, tell: false });
  await ann.reload();
  await expect(messages(ann).last()).toContainText('Line 60');
  await expect(async () => {
    await messages(ann).first().hover();
    await ann.mouse.wheel(0, -4_000);
    await expect(messages(ann)).toHaveCount(60, { timeout: 500 });
  }).toPass();
  const named = await messages(ann).evaluateAll((articles) => articles
    .filter((article) => getComputedStyle(article.querySelector('svg')).visibility === 'visible').length);
  expect(named).toBe(1);
});

test('MS3 times are machine-readable, short in the page’s language, and full in their title', async ({ visitor, server, locale, timezoneId }) => {
  const ann = await visitor();
  await ann.clock.install({ time: NOW });
  const { room, olga } = await enterScripted(server, ann);
  room.say(olga, 'Now', { at: NOW - 25 * MINUTE });
  const format = (options) => new Intl.DateTimeFormat(locale, { timeZone: timezoneId, ...options }).format(NOW - 25 * MINUTE);
  const time = messages(ann).getByRole('time');
  await expect(time).toHaveAttribute('datetime', '2026-03-10T16:05:00.000Z');
  await expect(time).toHaveText(format({ hour: 'numeric', minute: '2-digit' }));
  await expect(time).toHaveAttribute('title', format({ dateStyle: 'full', timeStyle: 'short' }));
});

const LINKS = [
  ['see https://example.com/a?b=c#d now', ['https://example.com/a?b=c#d']],
  ['(http://example.com/), https://example.org.', ['http://example.com/', 'https://example.org']],
  ['看这里https://example.com/路径，还有「https://example.org/」。', ['https://example.org/']],
  ['write to mailto:ann@example.com!', ['mailto:ann@example.com']],
  ['https://en.wikipedia.org/wiki/Rust_(programming_language)', ['https://en.wikipedia.org/wiki/Rust_(programming_language)']],
  ['javascript:alert(1) data:text/html,x vbscript:x file:///etc/passwd', []],
  ['https://bank.example@evil.example/', []],
  ['[here](javascript:alert(1)) <a href="https://example.com">x</a>', ['https://example.com']],
];

test('MS4 addresses become links that show where they go, and nothing else does', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, olga } = await enterScripted(server, ann);
  for (const [text] of LINKS) room.say(olga, text);
  await expect(messages(ann)).toHaveCount(LINKS.length);
  for (const [place, [text, addresses]] of LINKS.entries()) {
    await test.step(text, async () => {
      const links = await messages(ann).nth(place).getByRole('link').evaluateAll((all) => all.map(({ textContent, protocol, rel }) => ({ textContent, protocol, rel })));
      for (const address of addresses) expect(links.map(({ textContent }) => textContent)).toContain(address);
      if (addresses.length === 0) expect(links).toEqual([]);
      for (const { protocol, rel } of links) {
        expect(['http:', 'https:', 'mailto:']).toContain(protocol);
        expect(rel.split(' ')).toEqual(expect.arrayContaining(['noopener', 'noreferrer', 'nofollow', 'ugc']));
      }
    });
  }
  expect((await readMessages(ann)).map(({ text }) => text)).toEqual(LINKS.map(([text]) => text));
});

const ODD = {
  'a bidi override': 'user \u202egnp.exe\u202c end',
  'Arabic': 'مرحبا بالعالم، كيف الحال؟',
  '500 combining marks': `Z${'\u0301\u0322\u0489'.repeat(167)}algo`,
  'one word of 2,000 letters': 'Donaudampfschiff'.repeat(125),
  'a family, a flag and a tone': '👨‍👩‍👧‍👦 🇨🇳 👍🏽',
  'markup': '<img src=x onerror=alert(1)><style>*{display:none}</style>',
};

test('MS5 odd text stays text in its own box', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, olga } = await enterScripted(server, ann);
  const pete = server.person('Pete \u202e evil');
  const all = Object.values(ODD);
  for (const text of all) room.say(olga, text);
  room.say(pete, 'After all of it');
  await expect(messages(ann)).toHaveCount(all.length + 1);
  expect((await readMessages(ann)).map(({ text }) => text)).toEqual([...all, 'After all of it']);
  await expect(messages(ann).last()).toBeInViewport({ ratio: 1 });
  const boxes = await messages(ann).evaluateAll((articles) => articles.map((article) => {
    const text = document.getElementById(article.getAttribute('aria-describedby').split(' ')[0]);
    const { left, right, bottom } = text.getBoundingClientRect();
    const outer = article.getBoundingClientRect();
    return { inside: left >= outer.left && right <= outer.right && bottom <= outer.bottom + 1, spills: getComputedStyle(text).overflow !== 'clip', dir: text.dir };
  }));
  for (const box of boxes) expect(box).toEqual({ inside: true, spills: false, dir: 'auto' });
  const direction = await messages(ann).nth(1).evaluate((article) => getComputedStyle(document.getElementById(article.getAttribute('aria-describedby').split(' ')[0])).direction);
  expect(direction).toBe('rtl');
});

test('MS6 spaces and line breaks are kept', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, olga } = await enterScripted(server, ann);
  const text = 'fn main() {\n    say("hi");\n\n}   // end';
  room.say(olga, text);
  await expect(messages(ann)).toHaveCount(1);
  const shown = await messages(ann).first().evaluate((article) => document.getElementById(article.getAttribute('aria-describedby').split(' ')[0]).innerText);
  expect(shown).toBe(text);
});

const WIDE = `fn main() { ${'wide(); '.repeat(60)}}`;

test('MS6 code stands as typed; a block scrolls inside itself, by key too, and can be copied', async ({ visitor, server }) => {
  const ann = await visitor({ viewport: { width: 360, height: 640 }, permissions: ['clipboard-read', 'clipboard-write'] });
  const { room, olga } = await enterScripted(server, ann);
  room.say(olga, `Try \`${'inline '.repeat(30)}\`:\n\`\`\`rust\n${WIDE}\n\n    // <b>end</b> https://example.com\n\`\`\`\nand tell`);
  const message = messages(ann).first();
  await expect(message.getByRole('code')).toHaveCount(2);
  await expect(message.getByRole('code').first()).toHaveText('inline '.repeat(30));
  await expect(message.getByRole('link')).toHaveCount(0);
  const block = message.getByRole('group', { name: await sentence(ann, 'message.code') });
  const code = `${WIDE}\n\n    // <b>end</b> https://example.com`;
  expect(await block.evaluate((box) => box.innerText)).toBe(code);
  const widths = await block.evaluate((box) => ({ inside: box.scrollWidth, box: box.clientWidth, page: document.scrollingElement.scrollWidth - innerWidth }));
  expect(widths.inside).toBeGreaterThan(widths.box);
  expect(widths.page).toBe(0);
  const fits = await message.evaluate((article) => [...article.querySelectorAll('code, pre')].every((part) => part.matches('pre code') || part.getBoundingClientRect().right <= article.getBoundingClientRect().right));
  expect(fits).toBe(true);

  await block.focus();
  await ann.keyboard.press('ArrowRight');
  await expect.poll(() => block.evaluate((box) => box.scrollLeft)).toBeGreaterThan(0);
  await ann.keyboard.press('Tab');
  await expect(message.getByRole('button', { name: await sentence(ann, 'message.copy_code') })).toBeFocused();
  await ann.keyboard.press('Enter');
  await expect(ann.getByRole('status').filter({ hasText: await sentence(ann, 'message.code_copied') })).toBeVisible();
  expect(await ann.evaluate(() => navigator.clipboard.readText())).toBe(code);
});

test('MS4 MS5 an address keeps its order among letters that run the other way', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, olga } = await enterScripted(server, ann);
  room.say(olga, 'انظر https://example.com/a/b?c=1#d هنا');
  const link = messages(ann).getByRole('link');
  await expect(link).toHaveText('https://example.com/a/b?c=1#d');
  const order = await link.evaluate((element) => {
    // It stands in pieces, between which it may break.
    const pieces = [...element.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE);
    const left = (piece, offset) => {
      const range = document.createRange();
      range.setStart(piece, offset);
      range.setEnd(piece, offset + 1);
      return range.getBoundingClientRect().left;
    };
    return pieces.flatMap((piece) => [...piece.data].map((_, offset) => left(piece, offset)));
  });
  expect(order).toEqual(order.toSorted((a, b) => a - b));
});

test('MS7 a message of a few emoji is larger than words, one with words is not', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, olga } = await enterScripted(server, ann);
  for (const text of ['Words', '🎉 👨‍👩‍👧‍👦 🇨🇳', 'Well done 🎉']) room.say(olga, text);
  await expect(messages(ann)).toHaveCount(3);
  const sizes = await messages(ann).evaluateAll((articles) => articles.map((article) => (
    parseFloat(getComputedStyle(document.getElementById(article.getAttribute('aria-describedby').split(' ')[0])).fontSize))));
  expect(sizes[1]).toBeGreaterThanOrEqual(1.5 * sizes[0]);
  expect(sizes[2]).toBe(sizes[0]);
});

/** The place of what this message begins with, and how tall its text is. */
const shape = (message) => message.evaluate((article) => {
  const text = document.getElementById(article.getAttribute('aria-describedby').split(' ')[0]);
  return { top: Math.round(article.getBoundingClientRect().top), lines: Math.round(text.clientHeight / parseFloat(getComputedStyle(text).lineHeight)) };
});

test('MS14 a long message shows twenty lines and, on a press, the rest, and the reader stays where they are', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, olga } = await enterScripted(server, ann, { texts: counted('Before', 1, 30) });
  room.say(olga, counted('line', 1, 20).join('\n'));
  room.say(olga, counted('row', 1, 60).join('\n'));
  const short = messages(ann).nth(30);
  const long = messages(ann).nth(31);
  const more = ann.getByRole('button', { name: await sentence(ann, 'message.more') });
  const less = ann.getByRole('button', { name: await sentence(ann, 'message.less') });
  await expect(more).toHaveCount(1);
  await expect(more).toBeInViewport({ ratio: 1 });
  expect([(await shape(short)).lines, (await shape(long)).lines]).toEqual([20, 20]);
  // Readers hear all of it.
  await expect(long).toHaveAccessibleDescription(/row 60/);

  // At the end of the room
  const { top } = await shape(long);
  await more.press('Enter');
  await expect(less).toHaveAttribute('aria-expanded', 'true');
  await expect(less).toBeFocused();
  expect(await shape(long)).toEqual({ top, lines: 60 });
  room.say(olga, 'And on');
  await expect(messages(ann)).toHaveCount(33);
  expect(await shape(long)).toEqual({ top, lines: 60 });
  await less.click();
  await expect(more).toBeVisible();
  expect((await shape(long)).lines).toBe(20);
  await expect(long).toBeInViewport();

  // In the middle of it
  for (const text of counted('After', 1, 20)) room.say(olga, text);
  await expect(messages(ann)).toHaveCount(53);
  const before = await shape(long);
  await more.click();
  expect(await shape(long)).toEqual({ ...before, lines: 60 });
});

test('MS14 whether a message is long goes by the width it has', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, olga } = await enterScripted(server, ann);
  room.say(olga, 'Many words make many lines. '.repeat(30));
  await expect(messages(ann)).toHaveCount(1);
  const more = ann.getByRole('button', { name: await sentence(ann, 'message.more') });
  await expect(more).toBeHidden();
  await ann.setViewportSize({ width: 360, height: 700 });
  await expect(more).toBeVisible();
  expect((await shape(messages(ann))).lines).toBe(20);
  await ann.setViewportSize({ width: 1280, height: 700 });
  await expect(more).toBeHidden();
});
