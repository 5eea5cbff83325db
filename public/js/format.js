// Times, names and lists in the reader's language and time zone.

import { i18n, t } from './i18n/index.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// Making an Intl object costs up to a millisecond, and a page of messages asks for hundreds.
const made = new Map();

function intl(Kind, options) {
  const key = `${i18n.language} ${Kind.name} ${JSON.stringify(options)}`;
  if (!made.has(key)) made.set(key, new Kind(i18n.language, options));
  return made.get(key);
}

/** A day's own name in the reader's zone, equal for equal days. */
export function dayOf(at) {
  if (at === undefined) return null;
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

export function formatTime(at) {
  return intl(Intl.DateTimeFormat, { hour: 'numeric', minute: '2-digit' }).format(at);
}

export function formatMoment(at) {
  return intl(Intl.DateTimeFormat, { dateStyle: 'full', timeStyle: 'short' }).format(at);
}

/** Until when something is good: a day and a time, short. */
export function formatUntil(at) {
  return intl(Intl.DateTimeFormat, { month: 'long', day: 'numeric', hour: 'numeric', minute: '2-digit' }).format(at);
}

export function formatDay(at, now) {
  if (dayOf(at) === dayOf(now)) return t('day.today');
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  if (dayOf(at) === dayOf(yesterday)) return t('day.yesterday');
  const options = { weekday: 'long', month: 'long', day: 'numeric', year: yearIfOther(at, now) };
  return intl(Intl.DateTimeFormat, options).format(at);
}

function yearIfOther(at, now) {
  return new Date(at).getFullYear() === new Date(now).getFullYear() ? undefined : 'numeric';
}

/** How long ago, as short as it can be said. */
export function formatAgo(at, now) {
  const past = Math.max(0, now - at);
  if (past < MINUTE) return t('ago.now');
  if (past < HOUR) return ago('minute', past / MINUTE);
  if (past < DAY) return ago('hour', past / HOUR);
  if (past < 7 * DAY) return ago('day', past / DAY);
  return intl(Intl.DateTimeFormat, { month: 'short', day: 'numeric', year: yearIfOther(at, now) }).format(at);
}

function ago(unit, amount) {
  const options = { style: 'unit', unit, unitDisplay: 'short' };
  return t('ago.past', { time: intl(Intl.NumberFormat, options).format(Math.floor(amount)) });
}

/** When that many seconds will have passed: "in 12 seconds", "in 5 hours", "tomorrow". */
export function formatWait(seconds, now = Date.now()) {
  const wait = seconds * 1_000;
  const words = intl(Intl.RelativeTimeFormat, { numeric: 'auto' });
  if (wait < 2 * MINUTE) return words.format(seconds, 'second');
  if (wait < 2 * HOUR) return words.format(Math.ceil(wait / MINUTE), 'minute');
  if (wait < DAY / 2 || dayOf(now) === dayOf(now + wait)) return words.format(Math.ceil(wait / HOUR), 'hour');
  return words.format(Math.ceil(wait / DAY), 'day');
}

/** As a badge shows it: nobody counts further than this at a glance. */
export function formatCount(count) {
  return count > 99 ? '99+' : formatNumber(count);
}

export function formatNumber(number) {
  return intl(Intl.NumberFormat, {}).format(number);
}

export function formatList(parts) {
  return intl(Intl.ListFormat, { type: 'conjunction' }).format(parts);
}

/** A person as everybody else is told of them: whoever has no account always with a mark. */
export function formatPerson(person) {
  const mark = formatMark(person);
  return mark ? `${person.name} · ${mark}` : formatName(person);
}

/** A person's name alone; who deleted their account has none any more. */
export function formatName({ kind, name }) {
  return kind === 'deleted' ? t('person.deleted') : name;
}

export function formatMark(person) {
  if (person.kind === 'guest') return t('person.guest', { tag: person.tag });
  return person.kind === 'imported' ? t('person.imported') : '';
}

/** "Ann, Bo and 3 others", from the names known and the exact count. */
export function formatSome(people, count, most = 3) {
  const names = people.slice(0, most).map(({ name }) => name);
  const others = count - names.length;
  if (others > 0) names.push(t('person.others', { n: others }));
  return formatList(names);
}
