// The ways to an emoji from where one writes: a button that opens the picker, and a `:code`.

import '../i18n/more.js';
import { h, say } from '../dom.js';
import { codeBefore, emojiIn, findEmoji } from '../emoji.js';
import { explain } from '../i18n/errors.js';
import { i18n, t } from '../i18n/index.js';
import { completeIn } from './completions.js';

const MOST = 6;

/** From now on; the button isn't shown before. */
export function offerEmoji(field, button) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    try {
      const { togglePicker } = await import('./emoji-picker.js');
      await togglePicker(button, (emoji) => insert(field, emoji));
    } catch {
      say(explain({ code: 'unreachable' }));
    }
  });
  completeIn(field, {
    at: codeBefore,
    find: async (query) => findEmoji(await emojiIn(i18n.language), query, MOST),
    show: ({ emoji, name, codes }) => [h('span', {}, emoji), h('span', { class: 'completions__name' }, name), h('span', { class: 'completions__more' }, codes && `:${codes.split(' ')[0]}:`)],
    textOf: ({ emoji }) => `${emoji} `,
    label: () => t('emoji.title'),
  });
}

function insert(field, emoji) {
  field.focus();
  field.setRangeText(emoji, field.selectionStart, field.selectionEnd, 'end');
  field.dispatchEvent(new Event('input', { bubbles: true }));
}
