// How a timeline is laid out: days, gaps, and which messages stand under one name.

import { dayOf } from './format.js';

export const GROUPED_MS = 5 * 60_000;

/**
 * Rows in order, each with a key that stays: {kind: 'day', at}, {kind: 'gap', gap}, {kind: 'new'} or
 * {kind: 'message', item, grouped}. What is new begins with the first message of somebody else than `me`
 * after this Seq, if there is one.
 */
export function layOut(items, gaps = [], { after = null, me } = {}) {
  const rows = [];
  let begun = after === null;
  const waiting = [...gaps].sort((a, b) => a.from - b.from);
  let before = null;
  for (const item of items) {
    while (waiting.length > 0 && (item.seq === null || item.seq > waiting[0].to)) {
      const gap = waiting.shift();
      rows.push({ kind: 'gap', key: gap.key, gap });
      before = null;
    }
    const sameDay = before !== null && dayOf(before.at) === dayOf(item.at);
    if (!sameDay && dayOf(rows.findLast(isDay)?.at) !== dayOf(item.at)) {
      rows.push({ kind: 'day', key: `day ${dayOf(item.at)}`, at: item.at });
    }
    if (!begun && item.seq > after && item.author.id !== me) {
      rows.push({ kind: 'new', key: 'new' });
      begun = true;
      before = null;
    }
    rows.push({ kind: 'message', key: item.key, item, grouped: before !== null && sameDay && continues(before, item) });
    before = item;
  }
  for (const gap of waiting) rows.push({ kind: 'gap', key: gap.key, gap });
  return rows;
}

function isDay(row) {
  return row.kind === 'day';
}

function continues(before, item) {
  return !item.reply
    && before.author.id === item.author.id
    && before.author.name === item.author.name
    && Math.abs(item.at - before.at) < GROUPED_MS;
}
