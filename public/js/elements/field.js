import { setAttribute, write } from '../dom.js';
import { explain } from '../i18n/errors.js';
import { LIMITS } from '../text.js';

/** Says beside a field what is wrong with it, or nothing; its describedby names the place. */
export function showProblem(input, problem, subject) {
  setAttribute(input, 'aria-invalid', problem ? 'true' : null);
  const place = document.getElementById(input.getAttribute('aria-describedby'));
  const limit = LIMITS[subject === 'room' && input.name === 'name' ? 'room' : input.name];
  write(place, problem ? explain({ limit, ...problem, field: input.name }, subject) : '');
}
