// The HTTP side of the contract. Every failure comes out as an ApiError with a code, so that
// nobody above has to know about status, JSON or the network.

const PATIENCE_MS = 15_000;

/** The code of what came too soon: the same will do when `retryAfter` has passed. */
export const SLOW_DOWN = 'slow_down';

export class ApiError extends Error {
  /** As the contract has an error; `retry_after` is in seconds. */
  constructor({ code, status = 0, field, limit, allowed, retry_after: retryAfter }) {
    super(code);
    this.name = 'ApiError';
    Object.assign(this, { code, status, field, limit, allowed, retryAfter });
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
    return this.ask('GET', '/api/session');
  }

  enter(name) {
    return this.ask('POST', '/api/guest', { name });
  }

  logOut() {
    return this.ask('DELETE', '/api/session');
  }

  logOutEverywhere() {
    return this.ask('DELETE', '/api/sessions');
  }

  config() {
    return this.ask('GET', '/api/config');
  }

  rooms(cursor) {
    return this.ask('GET', `/api/rooms${query({ cursor })}`);
  }

  /** Those the viewer is a member of, private ones too. */
  myRooms() {
    return this.ask('GET', '/api/rooms?of=me');
  }

  createRoom(name, description, access) {
    return this.ask('POST', '/api/rooms', { name, description, access });
  }

  /** `changes` are any of description, access and owner. */
  changeRoom(name, changes) {
    return this.ask('PATCH', roomPath(name), changes);
  }

  closeRoom(name) {
    return this.ask('DELETE', roomPath(name));
  }

  room(name) {
    return this.ask('GET', roomPath(name));
  }

  members(name, cursor) {
    return this.ask('GET', `${roomPath(name)}/members${query({ cursor })}`);
  }

  removeMember(name, person) {
    return this.ask('DELETE', `${roomPath(name)}/members/${encodeURIComponent(person)}`);
  }

  join(name, invite) {
    return this.ask('PUT', `${roomPath(name)}/membership`, invite && { invite });
  }

  makeInvite(name, hours) {
    return this.ask('POST', `${roomPath(name)}/invites`, { hours });
  }

  invites(name) {
    return this.ask('GET', `${roomPath(name)}/invites`);
  }

  /** What an invite leads to, and whose it is. */
  invite(name, token) {
    return this.ask('GET', `${roomPath(name)}/invites/${encodeURIComponent(token)}`);
  }

  revokeInvite(name, id) {
    return this.ask('DELETE', `${roomPath(name)}/invites/${encodeURIComponent(id)}`);
  }

  leave(name) {
    return this.ask('DELETE', `${roomPath(name)}/membership`);
  }

  messages(name, { before, since, epoch, limit } = {}) {
    return this.ask('GET', `${roomPath(name)}/messages${query({ before, since, epoch, limit })}`);
  }

  /** An Entry, as the frame that would say it over the socket. */
  say(name, frame) {
    return this.ask('POST', `${roomPath(name)}/entries`, frame);
  }

  /** `cursor` is that of the page before. */
  search(name, q, cursor) {
    return this.ask('GET', `${roomPath(name)}/search${query({ q, cursor })}`);
  }

  /** I have read everything up to here. */
  read(name, seq) {
    return this.ask('PUT', `${roomPath(name)}/read`, { seq });
  }

  /** What the server answers; null for nothing. Rejects with an ApiError. */
  async ask(method, path, body) {
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
    const { status } = response;
    // What stands in front of the Worker may refuse in words of its own.
    const code = status === 429 ? SLOW_DOWN : status >= 500 ? 'busy' : 'bad_answer';
    throw new ApiError({ code, retry_after: Number(response.headers.get('retry-after')) || undefined, ...answer?.error, status });
  }
}

/** The path of a room in the API. */
export function roomPath(name) {
  return `/api/rooms/${encodeURIComponent(name)}`;
}

/** The address of a room's socket, resumed after `seq` of `epoch` when they are known; it may say several frames in one. */
export function livePath(name, seq, epoch) {
  return `${roomPath(name)}/live${query({ since: seq, epoch, batch: 1 })}`;
}

function query(fields) {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null);
  return given.length ? `?${new URLSearchParams(given)}` : '';
}
