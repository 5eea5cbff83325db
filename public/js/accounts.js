// Accounts from the browser's side: who proves to know a password, and how another one is set.

import { deriveKey, newKey, ROUNDS } from './key.js';

export class Accounts {
  #api;

  constructor(api) {
    this.#api = api;
  }

  async register({ username, password, setup_token }) {
    return this.#api.register({ username, ...await newKey(password), setup_token });
  }

  async logIn({ username, password }) {
    const params = await this.#api.params(username);
    const key = await deriveKey(password, params);
    const viewer = await this.#api.logIn(username, key);
    if (params.rounds < ROUNDS) await this.#strengthen(key, password);
    return viewer;
  }

  async changePassword({ username, password, new_password: next }) {
    const key = await deriveKey(password, await this.#api.params(username));
    await this.#set(key, next);
  }

  /** For good; `messages` are to `delete` or `keep`. */
  async remove({ username, password, messages }) {
    const key = await deriveKey(password, await this.#api.params(username));
    await this.#api.deleteAccount({ key, messages });
  }

  /** Ends all sessions of the account, and begins one here. */
  async recover({ username, code, new_password: next }) {
    const made = await newKey(next);
    await this.#api.recover({ username, code, ...made });
    return this.#api.logIn(username, made.key);
  }

  async reset({ token, new_password: next }) {
    await this.#api.reset({ token, ...await newKey(next) });
  }

  async #set(key, next) {
    const { salt, rounds, key: newOne } = await newKey(next);
    await this.#api.changePassword({ key, salt, rounds, new_key: newOne });
  }

  /** The same password under more rounds. Nobody asked for it, so nobody hears if it fails. */
  async #strengthen(key, password) {
    try {
      await this.#set(key, password);
    } catch {
      // The next log-in tries again.
    }
  }
}
