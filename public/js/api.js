// The HTTP side of the contract. Every failure comes out as an ApiError with a code, so that
// nobody above has to know about status, JSON or the network.

const PATIENCE_MS = 15_000;

export class ApiError extends Error {
  constructor({ code, status = 0, field, limit, allowed }) {
    super(code);
    this.name = 'ApiError';
    Object.assign(this, { code, status, field, limit, allowed });
  }

  /** The request may never have arrived, or the server asked for another try. */
  get passing() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** Whatever was thrown, as an error with a code. */
export function knownError(error) {
  return error instanceof ApiError ? error : new ApiError({ code: 'internal' });
}

export class Api {
  #fetch;

  constructor(fetch) {
    this.#fetch = fetch;
  }

  session() {
    return this.#ask('GET', '/api/session');
  }

  enter(name) {
    return this.#ask('POST', '/api/guest', { name });
  }

  logOut() {
    return this.#ask('DELETE', '/api/session');
  }

  register(account) {
    return this.#ask('POST', '/api/accounts', account);
  }

  /** What to derive the key of this account with. */
  params(username) {
    return this.#ask('POST', '/api/session/params', { username });
  }

  logIn(username, key) {
    return this.#ask('POST', '/api/session', { username, key });
  }

  changePassword(change) {
    return this.#ask('POST', '/api/account/password', change);
  }

  recover(recovery) {
    return this.#ask('POST', '/api/account/recovery', recovery);
  }

  reset(reset) {
    return this.#ask('POST', '/api/account/reset', reset);
  }

  sessions() {
    return this.#ask('GET', '/api/sessions');
  }

  endSession(id) {
    return this.#ask('DELETE', `/api/sessions/${encodeURIComponent(id)}`);
  }

  logOutEverywhere() {
    return this.#ask('DELETE', '/api/sessions');
  }

  offerReset(person) {
    return this.#ask('POST', `${personPath(person)}/reset`);
  }

  block(person) {
    return this.#ask('PUT', `${personPath(person)}/block`);
  }

  unblock(person) {
    return this.#ask('DELETE', `${personPath(person)}/block`);
  }

  config() {
    return this.#ask('GET', '/api/config');
  }

  rooms(cursor) {
    return this.#ask('GET', `/api/rooms${query({ cursor })}`);
  }

  /** Those the viewer is a member of, private ones too. */
  myRooms() {
    return this.#ask('GET', '/api/rooms?of=me');
  }

  createRoom(name, description, access) {
    return this.#ask('POST', '/api/rooms', { name, description, access });
  }

  /** `changes` are any of description, access and owner. */
  changeRoom(name, changes) {
    return this.#ask('PATCH', roomPath(name), changes);
  }

  closeRoom(name) {
    return this.#ask('DELETE', roomPath(name));
  }

  room(name) {
    return this.#ask('GET', roomPath(name));
  }

  members(name, cursor) {
    return this.#ask('GET', `${roomPath(name)}/members${query({ cursor })}`);
  }

  removeMember(name, person) {
    return this.#ask('DELETE', `${roomPath(name)}/members/${encodeURIComponent(person)}`);
  }

  join(name, invite) {
    return this.#ask('PUT', `${roomPath(name)}/membership`, invite && { invite });
  }

  makeInvite(name, hours) {
    return this.#ask('POST', `${roomPath(name)}/invites`, { hours });
  }

  invites(name) {
    return this.#ask('GET', `${roomPath(name)}/invites`);
  }

  /** What an invite leads to, and whose it is. */
  invite(name, token) {
    return this.#ask('GET', `${roomPath(name)}/invites/${encodeURIComponent(token)}`);
  }

  revokeInvite(name, id) {
    return this.#ask('DELETE', `${roomPath(name)}/invites/${encodeURIComponent(id)}`);
  }

  leave(name) {
    return this.#ask('DELETE', `${roomPath(name)}/membership`);
  }

  messages(name, { before, since, epoch, limit } = {}) {
    return this.#ask('GET', `${roomPath(name)}/messages${query({ before, since, epoch, limit })}`);
  }

  async #ask(method, path, body) {
    let response;
    let answer;
    try {
      response = await this.#fetch(path, {
        method,
        headers: body && { 'content-type': 'application/json' },
        body: body && JSON.stringify(body),
        credentials: 'same-origin',
        cache: 'no-store',
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      if (response.status === 204) return null;
      answer = await response.json();
    } catch (cause) {
      if (response === undefined || cause?.name !== 'SyntaxError') {
        throw new ApiError({ code: cause?.name === 'TimeoutError' ? 'no_answer' : 'unreachable' });
      }
    }
    if (response.ok && answer) return answer;
    const code = response.status >= 500 ? 'busy' : 'bad_answer';
    throw new ApiError({ code, ...answer?.error, status: response.status });
  }
}

function personPath(id) {
  return `/api/people/${encodeURIComponent(id)}`;
}

/** The path of a room in the API. */
export function roomPath(name) {
  return `/api/rooms/${encodeURIComponent(name)}`;
}

/** The address of a room's socket, resumed after `seq` of `epoch` when they are known. */
export function livePath(name, seq, epoch) {
  return `${roomPath(name)}/live${query({ since: seq, epoch })}`;
}

function query(fields) {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null);
  return given.length ? `?${new URLSearchParams(given)}` : '';
}
