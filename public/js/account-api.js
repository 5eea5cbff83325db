// The part of the API that is about accounts, which a room needs no word of at first.

export class AccountApi {
  #api;

  constructor(api) {
    this.#api = api;
  }

  register(account) {
    return this.#api.ask('POST', '/api/accounts', account);
  }

  /** What to derive the key of this account with. */
  params(username) {
    return this.#api.ask('POST', '/api/session/params', { username });
  }

  logIn(username, key) {
    return this.#api.ask('POST', '/api/session', { username, key });
  }

  changePassword(change) {
    return this.#api.ask('POST', '/api/account/password', change);
  }

  /** `deletion`: the account's key, and whether messages are to `delete` or `keep`. */
  deleteAccount(deletion) {
    return this.#api.ask('DELETE', '/api/account', deletion);
  }

  recover(recovery) {
    return this.#api.ask('POST', '/api/account/recovery', recovery);
  }

  reset(reset) {
    return this.#api.ask('POST', '/api/account/reset', reset);
  }

  sessions() {
    return this.#api.ask('GET', '/api/sessions');
  }

  endSession(id) {
    return this.#api.ask('DELETE', `/api/sessions/${encodeURIComponent(id)}`);
  }

  offerReset(person) {
    return this.#api.ask('POST', `${personPath(person)}/reset`);
  }

  block(person) {
    return this.#api.ask('PUT', `${personPath(person)}/block`);
  }

  unblock(person) {
    return this.#api.ask('DELETE', `${personPath(person)}/block`);
  }
}

function personPath(id) {
  return `/api/people/${encodeURIComponent(id)}`;
}
