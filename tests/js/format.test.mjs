process.env.TZ = 'America/New_York';

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import * as format from '../../public/js/format.js';
import { i18n } from '../../public/js/i18n/index.js';
import { ann, bo, person } from './support/world.mjs';

const now = Date.parse('2026-03-10T17:00:00Z');
const minute = 60_000;

afterEach(() => i18n.use('en'));

test('MS3 times are the reader’s, in the page’s language', async () => {
  assert.match(format.formatTime(now), /^1:00\sPM$/);
  await i18n.use('zh-CN');
  assert.equal(format.formatTime(now), '13:00');
});

test('MS1 days have names while they are near', async () => {
  const day = 24 * 60 * minute;
  assert.equal(format.formatDay(now, now), 'Today');
  assert.equal(format.formatDay(now - day, now), 'Yesterday');
  assert.equal(format.formatDay(now - 5 * day, now), 'Thursday, March 5');
  assert.equal(format.formatDay(Date.parse('2024-02-29T12:00:00Z'), now), 'Thursday, February 29, 2024');
  await i18n.use('zh-CN');
  assert.equal(format.formatDay(now - day, now), '昨天');
  assert.equal(format.formatDay(now - 5 * day, now), '3月5日星期四');
});

test('MS1 yesterday is a calendar day, also across a change of the clocks', () => {
  // The night of 8 March 2026 has 23 hours in New York.
  const noon = Date.parse('2026-03-09T04:30:00Z');
  assert.equal(format.formatDay(Date.parse('2026-03-08T05:30:00Z'), noon), 'Yesterday');
});

test('how long ago is said in two words', async () => {
  const said = (past) => format.formatAgo(now - past, now);
  assert.deepEqual([0, 2 * minute, 3 * 60 * minute, 26 * 60 * minute].map(said), ['now', '2 min', '3 hr', '1 day']);
  assert.equal(said(-5 * minute), 'now', 'a clock that runs behind is no reason to say something odd');
  assert.equal(said(20 * 24 * 60 * minute), 'Feb 18');
  await i18n.use('zh-CN');
  assert.deepEqual([0, 2 * minute, 3 * 60 * minute].map(said), ['刚刚', '2分钟前', '3小时前']);
});

test('guests are always shown with mark and tag, accounts without', async () => {
  assert.equal(format.formatPerson(ann), 'Ann · guest k3f9');
  assert.equal(format.formatPerson({ ...ann, kind: 'account' }), 'Ann');
  await i18n.use('zh-CN');
  assert.equal(format.formatPerson(ann), 'Ann · 访客 k3f9');
});

test('LG6 names are listed as the language lists them', async () => {
  const three = [ann, bo, person('Cy')];
  assert.equal(format.formatSome(three, 3), 'Ann, Bo, and Cy');
  assert.equal(format.formatSome(three, 4, 2), 'Ann, Bo, and 2 others');
  assert.equal(format.formatSome([ann], 2), 'Ann and 1 other');
  await i18n.use('zh-CN');
  assert.equal(format.formatSome(three, 3), 'Ann、Bo和Cy');
});

test('LG6 how long to wait is said in the largest unit that is still exact, and the next day by its name', async () => {
  const said = () => [1, 12, 119, 120, 90 * 60, 5 * 3_600].map((seconds) => format.formatWait(seconds, now));
  assert.deepEqual(said(), ['in 1 second', 'in 12 seconds', 'in 119 seconds', 'in 2 minutes', 'in 90 minutes', 'in 5 hours']);
  // From one in the afternoon, and from four in the morning.
  assert.equal(format.formatWait(15 * 3_600, now), 'tomorrow');
  assert.equal(format.formatWait(15 * 3_600, now - 9 * 60 * minute), 'in 15 hours');
  await i18n.use('zh-CN');
  assert.deepEqual(said(), ['1秒钟后', '12秒钟后', '119秒钟后', '2分钟后', '90分钟后', '5小时后']);
  assert.equal(format.formatWait(15 * 3_600, now), '明天');
});
