// Dialogs made when they are wanted and gone when they are closed. Esc closes, and focus goes
// back to what opened them, as <dialog> does by itself.

import '../i18n/more.js';
import { knownError } from '../api.js';
import { fill, h, icon, say, setAttribute, write } from '../dom.js';
import { explain } from '../i18n/errors.js';
import { t } from '../i18n/index.js';

let made = 0;

/** Opens a dialog of this title with this content; returns it. */
export function openDialog(title, ...content) {
  const id = `dialog-${(made += 1)}`;
  const dialog = h('dialog', { class: 'dialog dialog--wide', 'aria-labelledby': id, onclose: () => dialog.remove() },
    h('div', { class: 'dialog__head' },
      h('h2', { id }, title),
      h('button', { class: 'icon-button', type: 'button', 'aria-label': t('chat.close'), title: t('chat.close'), onclick: () => dialog.close() }, icon('close'))),
    ...content.filter(Boolean),
    h('p', { class: 'field__problem', role: 'alert', 'data-problem': '' }));
  fill(dialog);
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Asks before something that others will feel; whether it was said yes to. */
export function ask({ title, text, yes }) {
  return new Promise((answer) => {
    const id = `dialog-${(made += 1)}`;
    const dialog = h('dialog', { class: 'dialog', 'aria-labelledby': id, onclose: closed },
      h('h2', { id }, title),
      h('p', {}, text),
      h('form', { class: 'dialog__buttons', method: 'dialog' },
        h('button', { class: 'button', value: 'no', autofocus: true }, t('create.cancel')),
        h('button', { class: 'button button--loss', value: 'yes' }, yes)));
    function closed() {
      dialog.remove();
      answer(dialog.returnValue === 'yes');
    }
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** A button that does something elsewhere. */
export function actionButton({ kind = '', label, act }) {
  return h('button', { class: `button ${kind}`.trim(), type: 'button', onclick: ({ currentTarget }) => whileBusy(currentTarget, act) }, label);
}

/** Runs it unless it runs already; what went wrong is said in the button's dialog. Whether it worked. */
export async function whileBusy(button, act) {
  if (button.getAttribute('aria-disabled')) return false;
  const problem = button.closest('dialog')?.querySelector('[data-problem]');
  setAttribute(button, 'aria-disabled', 'true');
  if (problem) write(problem, '');
  try {
    await act();
    return true;
  } catch (error) {
    const sentence = explain(knownError(error));
    if (problem?.isConnected) write(problem, sentence);
    else say(sentence);
    return false;
  } finally {
    setAttribute(button, 'aria-disabled', null);
  }
}
