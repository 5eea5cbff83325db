// One's own message, changed where it stands. What is typed is a draft until the room has it.

import '../i18n/more.js';
import { draftOf } from '../browser-session.js';
import { h, say, setAttribute, write } from '../dom.js';
import { explain } from '../i18n/errors.js';
import { t } from '../i18n/index.js';
import { isComposing, isSending, isTouch } from '../keys.js';
import { parseMessage } from '../message-text.js';
import { MentionList } from './mention-list.js';

/** Opens the form in a message's row; `back` is called when it closes, for the focus. */
export function openEdit({ session, row, back }) {
  const open = row.querySelector('.edit textarea');
  if (open) return open.focus();
  const { item } = row;
  const draft = draftOf(session.name, session.me, item.id);
  const listening = new AbortController();
  let before = item.text;

  const field = h('textarea', {
    class: 'edit__field', rows: '1', dir: 'auto', autocomplete: 'off', autocapitalize: 'sentences',
    enterkeyhint: isTouch() ? 'enter' : 'done', 'aria-label': t('edit.label'), 'aria-describedby': 'edit-problem',
  });
  const problem = h('p', { class: 'field__problem', id: 'edit-problem', role: 'alert' });
  const form = h('form', { class: 'edit' }, field, problem,
    h('div', { class: 'edit__buttons' },
      h('button', { class: 'button button--quiet', type: 'submit' }, t('edit.save')),
      h('button', { class: 'button button--quiet', type: 'button', onclick: cancel }, t('create.cancel'))));

  const mentions = new MentionList(field, () => session, item.mentions);

  function close() {
    listening.abort();
    form.remove();
    row.classList.remove('message--editing');
    back();
  }

  function cancel() {
    draft.write('');
    close();
  }

  /** What others, or another tab of mine, did meanwhile is told; the words stay. */
  function look() {
    const now = session.items.find(({ seq }) => seq === item.seq);
    if (now?.deleted) write(problem, t('edit.deleted'));
    else if (now && now.text !== before) {
      before = now.text;
      write(problem, t('edit.changed'));
    }
  }

  async function save(event) {
    event.preventDefault();
    const message = parseMessage(field.value.replace(/^\s*\n|\s+$/g, ''));
    if (!message.ok) return write(problem, message.code === 'blank' ? t('edit.blank') : explain({ ...message, field: 'text' }));
    if (message.value === before) return cancel();
    const saved = session.edit(item.seq, message.value, mentions.mentioned(message.value));
    draft.write(message.value);
    close();
    try {
      await saved;
      draft.write('');
    } catch (error) {
      say(explain(error));
    }
    return undefined;
  }

  field.value = draft.read() || before;
  field.addEventListener('input', () => {
    write(problem, '');
    draft.write(field.value);
  });
  field.addEventListener('keydown', (event) => {
    if (isSending(event)) save(event);
    else if (event.key === 'Escape' && !isComposing(event)) cancel();
    else return;
    event.preventDefault();
  });
  form.addEventListener('submit', save);
  session.addEventListener('timeline', look, { signal: listening.signal });

  row.classList.add('message--editing');
  row.querySelector('.message__text').before(form);
  setAttribute(field, 'rows', String(Math.min(8, field.value.split('\n').length)));
  field.focus({ preventScroll: true });
  field.setSelectionRange(field.value.length, field.value.length);
  return form.scrollIntoView({ block: 'nearest' });
}
