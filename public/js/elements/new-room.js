// "New room", opened in place. What was typed stays until it worked.

import '../i18n/more.js';
import { setAttribute, write } from '../dom.js';
import { i18n, t } from '../i18n/index.js';
import { api } from '../page.js';
import { parseDescription, parseRoomName } from '../text.js';
import { isHeldBack, showProblem, showTrouble, whenItMay } from './field.js';

/** Events: `created` and `join`, each with the room's name as detail; `cancel`. */
class NewRoom extends HTMLElement {
  #form = this.querySelector('form');
  #problems = {};
  #taken = null;
  #busy = false;

  connectedCallback() {
    this.#form.addEventListener('submit', this.#submitted);
    this.addEventListener('click', this.#clicked);
    this.addEventListener('keydown', this.#keyed);
    i18n.addEventListener('change', this.#render);
    this.#render();
  }

  disconnectedCallback() {
    i18n.removeEventListener('change', this.#render);
  }

  open() {
    this.hidden = false;
    this.#form.elements.name.focus();
  }

  #submitted = async (event) => {
    event.preventDefault();
    if (this.#busy || isHeldBack(this.#problems.form)) return;
    const { name: nameField, description: descriptionField } = this.#form.elements;
    const name = parseRoomName(nameField.value);
    const description = parseDescription(descriptionField.value);
    this.#taken = null;
    this.#problems = { name: name.ok ? null : name, description: description.ok ? null : description };
    if (name.ok && description.ok) await this.#create(name.value, description.value, this.#form.elements.access.value);
    this.#render();
    if (this.#problems.name) nameField.focus();
    else if (this.#problems.description) descriptionField.focus();
  };

  async #create(name, description, access) {
    this.#busy = true;
    this.#render();
    try {
      this.#tell('created', (await api.createRoom(name, description, access)).name);
    } catch (error) {
      if (error.code === 'name_taken') this.#taken = name;
      const part = this.#taken ? 'name' : error.field;
      this.#problems = { [part === 'name' || part === 'description' ? part : 'form']: error };
      whenItMay(error, () => {
        this.#problems = {};
        this.#render();
      });
    }
    this.#busy = false;
  }

  #clicked = ({ target }) => {
    const act = target.closest('[data-act]')?.dataset.act;
    if (act === 'join') this.#tell('join', this.#taken);
    if (act === 'cancel') this.#tell('cancel');
  };

  #keyed = (event) => {
    if (event.key === 'Escape' && !event.isComposing) this.#tell('cancel');
  };

  #render = () => {
    const { name, description } = this.#form.elements;
    showProblem(name, this.#problems.name, 'room');
    showProblem(description, this.#problems.description);
    showTrouble(this.querySelector('[data-problem]'), this.#problems.form);
    const submit = this.querySelector('[type=submit]');
    write(submit, t(this.#busy ? 'create.creating' : 'create.submit'));
    setAttribute(submit, 'aria-disabled', this.#busy || isHeldBack(this.#problems.form) ? 'true' : null);
    const join = this.querySelector('[data-act=join]');
    join.hidden = this.#taken === null;
    write(join, t('create.join', { room: this.#taken ?? '' }));
  };

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

customElements.define('hihi-new-room', NewRoom);
