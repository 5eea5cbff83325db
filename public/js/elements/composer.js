// Where one writes. What is typed is kept as a draft until it is on its way.

import { setAttribute, say, write } from '../dom.js';
import { explain } from '../i18n/errors.js';
import { t } from '../i18n/index.js';
import { isComposing, isSending, isTouch } from '../keys.js';
import { quoteOf } from '../revisions.js';
import { countCharacters, LIMITS, parseMessage } from '../message-text.js';
import { SessionElement } from './session-element.js';

const COUNT_FROM = 0.8;
const DRAFT_MS = 300;

/** Event: `edit-last`, when I want to change what I said last. */
class Composer extends SessionElement {
  #form = this.querySelector('form');
  #field = this.querySelector('textarea');
  #count = this.querySelector('.composer__count');
  #problem = this.querySelector('.composer__problem');
  #hint = this.querySelector('.composer__hint');
  #reply = null;
  #mentions = null;
  #saving = null;
  #error = null;

  connectedCallback() {
    super.connectedCallback();
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#field.addEventListener('keydown', this.#keyed);
    this.#field.addEventListener('input', this.#typed);
    this.#hint.querySelector('button').addEventListener('click', this.#join);
    addEventListener('pagehide', this.#save);
    addEventListener('storage', this.#adopt);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener('pagehide', this.#save);
    removeEventListener('storage', this.#adopt);
  }

  show(session, draft) {
    if (this.session) this.#save();
    this.draft = draft;
    super.show(session);
  }

  entered(on) {
    this.#error = null;
    this.#field.value = this.draft.read();
    this.#answer(this.draft.reply);
    this.#completeNames();
    on('room', () => this.render());
    this.#grow();
  }

  focus() {
    this.#field.focus();
  }

  /** On a touch screen focus would raise the keyboard over what one came to read. */
  focusUnlessTouch() {
    if (!isTouch()) this.focus();
  }

  /** What is written now answers this message. */
  answer(item) {
    this.#answer(quoteOf(item));
    this.#save();
    this.focus();
  }

  async #answer(reply = null) {
    this.#reply = reply;
    const { replyBar } = reply ? await import('./reply-bar.js') : {};
    if (reply !== this.#reply) return;
    this.querySelector('.replying')?.remove();
    if (reply) this.#form.before(replyBar(reply, this.session.me, this.#cancelReply));
  }

  #cancelReply = () => {
    this.#answer();
    this.#save();
    this.focus();
  };

  render() {
    const { session } = this;
    setAttribute(this.#field, 'placeholder', t('composer.placeholder', { room: session.name }));
    setAttribute(this.#field, 'enterkeyhint', isTouch() ? 'enter' : 'send');
    this.#hint.hidden = session.state !== 'ready' || session.joined;
    this.#renderCount();
  }

  #renderCount() {
    const left = LIMITS.message - countCharacters(this.#field.value);
    const near = left < LIMITS.message * (1 - COUNT_FROM);
    const key = left < 0 ? 'composer.over' : 'composer.left';
    write(this.#count, near ? t(key, { n: Math.abs(left) }) : '');
    this.#count.classList.toggle('composer__count--over', left < 0);
    setAttribute(this.#field, 'aria-invalid', this.#error ? 'true' : null);
    write(this.#problem, this.#error ? explain(this.#error) : '');
  }

  #keyed = (event) => {
    if (event.defaultPrevented || isComposing(event)) return;
    if (isSending(event)) this.#send();
    else if (event.key === 'Escape' && this.#reply) this.#cancelReply();
    else if (event.key === 'ArrowUp' && this.#field.value === '') this.dispatchEvent(new Event('edit-last'));
    else return;
    event.preventDefault();
  };

  #typed = () => {
    this.#error = null;
    this.#renderCount();
    this.#grow();
    this.#completeNames();
    this.session.signal.written(this.#field.value);
    clearTimeout(this.#saving);
    this.#saving = setTimeout(this.#save, DRAFT_MS);
  };

  #send() {
    // Lines and spaces after the last word are nothing anybody meant to say.
    const message = parseMessage(this.#field.value.replace(/^\s*\n|\s+$/g, ''));
    if (!message.ok) {
      // Nothing to say is no mistake worth a sentence.
      this.#error = message.code === 'blank' ? null : { ...message, field: 'text' };
      this.#renderCount();
      return;
    }
    this.session.write(message.value, { reply: this.#reply, mentions: this.#mentions?.mentioned(message.value) });
    this.#answer();
    this.#field.value = '';
    this.#error = null;
    this.#save();
    this.#renderCount();
    this.#grow();
    this.#field.focus();
  }

  /** What completes names comes with the first @. */
  async #completeNames() {
    if (this.#mentions || !/[@＠]/.test(this.#field.value)) return;
    const { MentionList } = await import('./mention-list.js').catch(() => ({}));
    // Without it a name is a word like others; the next @ asks again.
    if (MentionList) this.#mentions ??= new MentionList(this.#field, () => this.session);
  }

  #join = async () => {
    try {
      await this.session.join();
      say(t('composer.joined'));
      this.focusUnlessTouch();
    } catch (error) {
      say(explain(error));
    }
  };

  #save = () => {
    clearTimeout(this.#saving);
    this.#saving = null;
    this.draft?.write(this.#field.value, this.#reply);
  };

  /** Another tab wrote on; whoever is writing here keeps their own words. */
  #adopt = () => {
    if (!this.session || this.#saving || document.activeElement === this.#field) return;
    const draft = this.draft.read();
    if (draft === this.#field.value) return;
    this.#field.value = draft;
    this.#renderCount();
    this.#grow();
  };

  #grow() {
    if (CSS.supports('field-sizing', 'content')) return;
    this.#field.style.blockSize = 'auto';
    this.#field.style.blockSize = `${this.#field.scrollHeight}px`;
  }
}

customElements.define('hihi-composer', Composer);
