// Keys in a field where one writes.

/** A key pressed into an input method; old Safari says so only by this code. */
const COMPOSING = 229;

const TOUCH = globalThis.matchMedia?.('(hover: none) and (pointer: coarse)');

/** A screen keyboard covers what one came to read, and has no Shift to break a line with. */
export function isTouch() {
  return TOUCH.matches;
}

/** Whether the key is the input method's and nobody else's. */
export function isComposing(event) {
  return event.isComposing || event.keyCode === COMPOSING;
}

/** Whether the key says that one has written what one wanted to. */
export function isSending(event) {
  if (event.key !== 'Enter' || isComposing(event)) return false;
  return event.ctrlKey || event.metaKey || (!event.shiftKey && !event.altKey && !isTouch());
}
