// A long text shows its first twenty lines, and the rest to who wants it. How many lines it takes is known only once it
// stands on the page, and changes with its width.

import { h, setAttribute, write } from '../dom.js';
import { t } from '../i18n/index.js';

const UNFOLDED = 'message__text--unfolded';

const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) if (target.isConnected) judge(target);
});

/**
 * Watches a text from now on. Its button stands behind it.
 * Event: `fold`, which bubbles, with whether it is `unfolded` now as detail.
 */
export function fold(text) {
  sizes.observe(text);
  // A link out of sight that gets the focus would leave the reader nowhere.
  text.addEventListener('focusin', () => !isWhole(text) && turn(text, true));
}

function judge(text) {
  const button = text.nextElementSibling?.matches('.message__fold') ? text.nextElementSibling : null;
  if (text.classList.contains(UNFOLDED)) return;
  if (isWhole(text)) button?.remove();
  // The text may be another one than the button came for.
  else if (button) label(button, false);
  else text.after(makeButton(text));
}

function isWhole(text) {
  return text.scrollHeight - text.clientHeight <= 1;
}

function makeButton(text) {
  const button = h('button', {
    class: 'button button--quiet message__fold',
    type: 'button',
    'aria-controls': text.id,
    onclick: () => turn(document.getElementById(button.getAttribute('aria-controls')), button.ariaExpanded !== 'true'),
  });
  label(button, false);
  return button;
}

function turn(text, unfolded) {
  text.classList.toggle(UNFOLDED, unfolded);
  const button = text.nextElementSibling;
  if (button?.matches('.message__fold')) label(button, unfolded);
  text.dispatchEvent(new CustomEvent('fold', { bubbles: true, detail: { unfolded } }));
}

function label(button, unfolded) {
  setAttribute(button, 'aria-expanded', String(unfolded));
  button.dataset.t = unfolded ? 'message.less' : 'message.more';
  write(button, t(button.dataset.t));
}
