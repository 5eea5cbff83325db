import { setAttribute, write } from '../dom.js';
import { explain } from '../i18n/errors.js';
import { LIMITS } from '../text.js';

/** Says beside a field what is wrong with it, or nothing; the first id of its describedby is the place. */
export function showProblem(input, problem, subject) {
  setAttribute(input, 'aria-invalid', problem ? 'true' : null);
  const place = document.getElementById(input.getAttribute('aria-describedby').split(' ')[0]);
  const limit = LIMITS[subject === 'room' && input.name === 'name' ? 'room' : input.name];
  write(place, problem ? explain({ limit, ...problem, field: input.name }, subject) : '');
}
