// Errors in words. The most exact sentence wins: what was wrong with this field of this form,
// what was wrong with the field, what was wrong.

import { formatWait } from '../format.js';
import { has, t } from './index.js';

/** `subject` says what a form's `name` is the name of: `person` or `room`. */
export function explain({ code, field, limit, retryAfter }, subject) {
  const part = { name: subject ?? field, username: 'person' }[field] ?? field;
  const keys = [`error.${code}.${part}`, `error.${code}`];
  return t(keys.find(has) ?? 'error.unknown', { limit: limit ?? 0, when: formatWait(retryAfter ?? 1) });
}
