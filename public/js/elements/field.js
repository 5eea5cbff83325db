import { SLOW_DOWN } from '../api.js';
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

/** Says in a form why it was refused, or nothing. What only asks for patience is no mistake of anybody's. */
export function showTrouble(place, trouble, subject) {
  const sentence = trouble ? explain(trouble, subject) : '';
  if (sentence === place.textContent) return;
  place.classList.toggle('field__problem--waiting', Boolean(trouble?.retryAfter));
  write(place, sentence);
  // On a small screen the button may be all of the form that is in view.
  if (sentence) place.scrollIntoView({ block: 'nearest' });
}

/** Whether the form has to wait before it is sent again. */
export function isHeldBack(trouble) {
  return trouble?.code === SLOW_DOWN;
}

/** Calls `over` when a form that was refused for coming too soon may be sent again. */
export function whenItMay({ code, retryAfter = 1 }, over) {
  if (code === SLOW_DOWN) setTimeout(over, retryAfter * 1_000);
}
