// Every form with a password in it, made from one table: log in, create an account, set a new
// password by recovery code or by an admin's link, change it, and delete the account.

import '../i18n/more.js';
import { knownError } from '../api.js';
import { fill, h, icon, setAttribute, write } from '../dom.js';
import { i18n, t } from '../i18n/index.js';
import { canDerive, parsePassword } from '../key.js';
import { parseName } from '../text.js';
import { isHeldBack, showProblem, showTrouble, whenItMay } from './field.js';

const given = (raw) => (raw.trim() ? { ok: true, value: raw.trim() } : { ok: false, code: 'blank' });
const known = (raw) => (raw ? { ok: true, value: raw } : { ok: false, code: 'blank' });

const FIELDS = {
  username: { parse: parseName, autocomplete: 'username', autocapitalize: 'none' },
  password: { parse: known, autocomplete: 'current-password', secret: true },
  new_password: { parse: parsePassword, autocomplete: 'new-password', secret: true, hint: 'account.password_rule' },
  code: { parse: given, autocomplete: 'off', autocapitalize: 'none', hint: 'recover.lost' },
  setup_token: { parse: given, autocomplete: 'off', autocapitalize: 'none', hint: 'account.setup_hint' },
};

const FORMS = {
  login: { title: 'login.title', fields: ['username', 'password'], submit: 'login.submit' },
  register: { title: 'register.title', fields: ['username', 'new_password'], submit: 'register.submit', labels: { new_password: 'account.password' } },
  recover: { title: 'recover.title', fields: ['username', 'code', 'new_password'], submit: 'recover.submit' },
  reset: { title: 'reset.title', fields: ['new_password'], submit: 'reset.submit' },
  change: { title: 'account.change', fields: ['password', 'new_password'], submit: 'account.change_submit', labels: { password: 'account.current_password' } },
  delete: { title: 'deletion.title', fields: ['password'], submit: 'deletion.submit', look: 'button--loss' },
};

/** What a refused proof was a proof of. */
const PROOFS = { recover: 'code', reset: 'token', change: 'password', delete: 'password' };

class AccountForm extends HTMLElement {
  #mode = null;
  #act = null;
  #form = null;
  #problems = {};
  #trouble = null;
  #busy = false;
  #touched = false;

  connectedCallback() {
    i18n.addEventListener('change', this.#render);
  }

  disconnectedCallback() {
    i18n.removeEventListener('change', this.#render);
  }

  get username() {
    return this.#field('username')?.value ?? '';
  }

  /** Shows another form; `act(values)` does what it is for, or throws why not. */
  show(mode, { act, username = '' }) {
    this.#act = act;
    if (mode === this.#mode) return this.#suggest(username);
    this.#mode = mode;
    this.#touched = false;
    this.#problems = {};
    this.#trouble = canDerive() ? null : { code: 'no_crypto' };
    this.#form = this.#build(FORMS[mode], username);
    this.replaceChildren(this.#form);
    this.#suggest(username);
    return this.#render();
  }

  /** Who it likely is may be known only after somebody began to write. */
  #suggest(username) {
    const field = this.#field('username');
    if (field && !this.#touched && !this.#busy) field.value = username;
  }

  /** Goes to the first field that is still to be filled in. */
  focus() {
    const fields = [...this.#form.querySelectorAll('.account-form__input')];
    (fields.find(({ value }) => value === '') ?? fields.at(-1)).focus();
  }

  clear() {
    this.#form.reset();
  }

  #build({ fields, submit, look = 'button--primary' }, username) {
    // A password manager wants to know whose password is changed.
    const whose = fields.includes('username') ? null
      : h('input', { class: 'visually-hidden', name: 'username', value: username, autocomplete: 'username', tabindex: '-1', 'aria-hidden': 'true', readonly: true });
    return h('form', { class: 'account-form', novalidate: true, onsubmit: this.#submitted, oninput: this.#typed },
      whose,
      ...fields.map((name) => this.#row(name)),
      h('p', { class: 'field__problem', role: 'alert', 'data-trouble': '' }),
      h('button', { class: `button ${look}`, type: 'submit', 'data-t': submit }),
      h('p', { class: 'account-form__busy', role: 'status' }));
  }

  #row(name) {
    const { parse: _, secret, hint, ...attributes } = FIELDS[name];
    const id = `${this.#mode}-${name}`;
    const input = h('input', {
      class: 'account-form__input', id, name, type: secret ? 'password' : 'text', dir: 'auto', spellcheck: 'false', required: true,
      'aria-describedby': `${id}-problem${hint ? ` ${id}-hint` : ''}`, ...attributes,
    });
    return h('div', { class: 'field', 'data-field': name },
      h('label', { class: 'field__label', for: id, 'data-t': FORMS[this.#mode].labels?.[name] ?? `account.${name}` }),
      secret ? h('div', { class: 'secret' }, input, this.#eye(input)) : input,
      h('p', { class: 'field__problem', id: `${id}-problem`, role: 'alert' }),
      hint ? h('p', { class: 'field__hint', id: `${id}-hint`, 'data-t': hint }) : null);
  }

  #eye(input) {
    const shows = (shown) => {
      input.type = shown ? 'text' : 'password';
      setAttribute(eye, 'aria-pressed', String(shown));
      eye.replaceChildren(icon(shown ? 'eye-off' : 'eye'));
    };
    const eye = h('button', {
      class: 'icon-button secret__eye', type: 'button', 'data-t-label': 'account.show_password', onclick: () => shows(input.type === 'password'),
    });
    shows(false);
    return eye;
  }

  #submitted = async (event) => {
    event.preventDefault();
    if (this.#busy || this.#idle) return;
    const inputs = [...this.#form.querySelectorAll('.account-form__input')];
    const parsed = inputs.map(({ name, value }) => [name, FIELDS[name].parse(value)]);
    this.#problems = Object.fromEntries(parsed.filter(([, { ok }]) => !ok));
    this.#trouble = null;
    if (Object.keys(this.#problems).length === 0) {
      this.#busy = true;
      this.#render();
      const values = Object.fromEntries(parsed.map(([name, { value }]) => [name, value]));
      try {
        await this.#act(values);
      } catch (error) {
        this.#refused(knownError(error));
      }
      this.#busy = false;
    }
    this.#render();
    this.#form?.querySelector('[aria-invalid]')?.focus();
  };

  #refused(error) {
    if (error.code === 'reserved_name' && this.#mode === 'register') this.#askForToken();
    const field = error.code === 'wrong_login' ? PROOFS[this.#mode] : error.field;
    if (this.#field(field)) this.#problems = { [field]: error };
    else this.#trouble = { ...error, code: error.code, field };
    const trouble = this.#trouble;
    whenItMay(error, () => {
      // Another form may stand here by now, with troubles of its own.
      if (trouble !== this.#trouble) return;
      this.#trouble = null;
      this.#render();
    });
  }

  /** Whether pressing the button would lead to nothing now. */
  get #idle() {
    return !canDerive() || isHeldBack(this.#trouble);
  }

  /** An admin's name is kept for whoever can show the deployer's token. */
  #askForToken() {
    if (this.#field('setup_token')) return;
    this.#form.querySelector('[data-trouble]').before(this.#row('setup_token'));
    fill(this.#form);
  }

  #typed = ({ target }) => {
    if (target.name === 'username') this.#touched = true;
    if (!this.#problems[target.name] && !this.#trouble) return;
    delete this.#problems[target.name];
    if (!this.#idle) this.#trouble = null;
    this.#render();
  };

  #field(name) {
    return this.#form?.querySelector(`[data-field="${name}"] input`);
  }

  #render = () => {
    if (!this.#form?.isConnected) return;
    fill(this.#form);
    for (const input of this.#form.querySelectorAll('.account-form__input')) {
      showProblem(input, this.#problems[input.name]);
      // The rule steps back while something is wrong with what was typed.
      const hint = document.getElementById(`${input.id}-hint`);
      if (hint) hint.hidden = Boolean(this.#problems[input.name]);
    }
    showTrouble(this.#form.querySelector('[data-trouble]'), this.#trouble);
    write(this.#form.querySelector('.account-form__busy'), this.#busy ? t('account.deriving') : '');
    setAttribute(this.#form.querySelector('[type=submit]'), 'aria-disabled', this.#busy || this.#idle ? 'true' : null);
    setAttribute(this.#form, 'aria-label', t(FORMS[this.#mode].title));
  };
}

customElements.define('hihi-account-form', AccountForm);
