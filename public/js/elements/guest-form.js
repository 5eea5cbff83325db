// Entering as a guest: a name, and the picture it will have.

import '../i18n/more.js';
import { avatarHash } from '../avatar-hash.js';
import { setAttribute, write } from '../dom.js';
import { t } from '../i18n/index.js';
import { parseName } from '../text.js';
import { showAvatar } from './avatar.js';
import { isHeldBack, showProblem, showTrouble, whenItMay } from './field.js';

export class GuestForm {
  #form;
  #field;
  #enter;
  #problem = null;
  #trouble = null;
  #busy = false;

  /** `enter(name)` goes in, or throws why not. */
  constructor(form, enter) {
    this.#form = form;
    this.#field = form.elements.name;
    this.#enter = enter;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#field.addEventListener('input', () => this.#typed());
    this.#drawAvatar();
  }

  get name() {
    return this.#field.value;
  }

  set hidden(hidden) {
    this.#form.hidden = hidden;
  }

  focus() {
    this.#field.focus();
  }

  render() {
    showProblem(this.#field, this.#problem, 'person');
    showTrouble(this.#form.querySelector('.enter__trouble'), this.#trouble, 'person');
    const submit = this.#form.querySelector('[type=submit]');
    write(submit, t(this.#busy ? 'entrance.entering' : 'entrance.enter'));
    setAttribute(submit, 'aria-disabled', this.#busy || isHeldBack(this.#trouble) ? 'true' : null);
  }

  async #submit() {
    if (this.#busy || isHeldBack(this.#trouble)) return;
    const name = parseName(this.#field.value);
    this.#problem = name.ok ? null : name;
    this.#trouble = null;
    if (name.ok) {
      this.#busy = true;
      this.render();
      try {
        return await this.#enter(name.value);
      } catch (error) {
        if (error.field === 'name' || error.code === 'name_taken') this.#problem = error;
        else this.#refused(error);
      }
      this.#busy = false;
    }
    this.render();
    this.#field.focus();
  }

  #refused(error) {
    this.#trouble = error;
    whenItMay(error, () => {
      this.#trouble = null;
      this.render();
    });
  }

  #typed() {
    this.#drawAvatar();
    if (!this.#problem && !this.#trouble) return;
    this.#problem = null;
    if (!isHeldBack(this.#trouble)) this.#trouble = null;
    this.render();
  }

  async #drawAvatar() {
    const name = parseName(this.#field.value);
    const box = this.#form.querySelector('.avatar');
    if (!name.ok) {
      delete box.dataset.hash;
      box.replaceChildren();
      return;
    }
    const hash = await avatarHash(name.value);
    // Typing went on while this was reckoned.
    const now = parseName(this.#field.value);
    if (now.ok && now.value === name.value) showAvatar(box, hash);
  }
}
