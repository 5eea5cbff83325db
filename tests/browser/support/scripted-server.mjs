// The chat without its Worker: public/ and the contract, played by one process that can be told
// to misbehave. Browser tests of faults use it; with `--port` it also serves for looking at.

import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { serveFile } from './files.mjs';
import { ScriptedRoom } from './scripted-room.mjs';

const COOKIE = 'session';
/** What tells the page's scripts that there is a session. */
const MARK = 'hihi-entered';

export async function startScriptedServer({ port = 0 } = {}) {
  const server = new ScriptedServer();
  await server.listen(port);
  return server;
}

class ScriptedServer {
  rooms = new Map();
  people = new Map();
  /** Answers of requests to come: [{method?, path: RegExp, status, code, retryAfter?, delay, times}]. */
  faults = [];
  #http = createServer((request, response) => this.#answer(request, response));
  #sockets = new WebSocketServer({ noServer: true });

  async listen(port) {
    this.#http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    await new Promise((ready) => this.#http.listen(port, '127.0.0.1', ready));
    this.origin = `http://127.0.0.1:${this.#http.address().port}`;
  }

  async stop() {
    for (const room of this.rooms.values()) room.terminate();
    this.#http.closeAllConnections();
    await new Promise((done) => this.#http.close(done));
  }

  person(name) {
    const id = createHash('sha256').update(`${name}${this.people.size}`).digest('hex').slice(0, 20);
    const avatar = createHash('md5').update(`${name}@hihichat.com`).digest('hex');
    const person = { id, name, kind: 'guest', tag: id.slice(0, 4), avatar };
    this.people.set(id, person);
    return person;
  }

  openRoom(name, description, owner) {
    const room = new ScriptedRoom({ name, description, owner });
    room.join(owner, 'owner');
    this.rooms.set(name, room);
    return room;
  }

  async #answer(request, response) {
    const url = new URL(request.url, this.origin);
    if (!url.pathname.startsWith('/api/')) return serveFile(url.pathname, response);
    const fault = this.#fault(request.method, url.pathname);
    if (fault?.delay) await new Promise((done) => setTimeout(done, fault.delay));
    if (fault?.cut) return request.socket.destroy();
    if (fault?.code) return reply(response, fault.status, { error: { code: fault.code, retry_after: fault.retryAfter } }, fault.retryAfter && { 'retry-after': fault.retryAfter });
    const body = await read(request);
    const [status, answer, headers] = this.#route(request.method, url, this.#viewer(request), body);
    return reply(response, status, answer, headers);
  }

  #fault(method, path) {
    const fault = this.faults.find((one) => (!one.method || one.method === method) && one.path.test(path));
    if (fault?.times && (fault.times -= 1) === 0) this.faults.splice(this.faults.indexOf(fault), 1);
    return fault;
  }

  #route(method, url, viewer, body) {
    const path = url.pathname.slice('/api/'.length);
    const query = Object.fromEntries(url.searchParams);
    if (method === 'POST' && path === 'guest') {
      const person = this.person(body.name);
      return [201, { ...person, expires: Date.now() + 2_592_000_000 }, { 'set-cookie': cookies(person.id, '1', '') }];
    }
    if (path === 'config') return [200, { site_name: 'HiHi Chat', languages: ['en', 'zh-CN'], limits: {}, protocol: 1 }];
    if (path === 'rooms' && method === 'GET') {
      const listed = [...this.rooms.values()].filter((room) => query.of !== 'me' || (viewer && room.members.has(viewer.id)));
      return [200, { rooms: listed.map((room) => (query.of === 'me' ? room.rowOf(viewer) : room.row())).sort((a, b) => b.activity - a.activity), next: null }];
    }
    if (path === 'session' && method === 'DELETE') {
      if (viewer) for (const room of this.rooms.values()) room.signOut(viewer);
      return [204, null, { 'set-cookie': cookies('', '', '; Max-Age=0') }];
    }
    if (!viewer) return refusal(401, 'not_signed_in');
    if (path === 'session') return [200, viewer];
    if (path === 'rooms') {
      if (this.rooms.has(body.name)) return refusal(409, 'name_taken');
      return [201, this.openRoom(body.name, body.description ?? '', viewer).view(viewer)];
    }
    return this.#inRoom(method, path, viewer, query, body);
  }

  #inRoom(method, path, viewer, query, body) {
    const [, name, part] = path.split('/');
    const room = this.rooms.get(decodeURIComponent(name));
    if (!room) return refusal(404, 'unknown_room');
    if (!part) return [200, room.view(viewer)];
    if (part === 'members') return [200, room.memberPage(query)];
    if (part === 'messages' && method === 'GET') {
      const numbers = Object.fromEntries(Object.entries(query).map(([key, value]) => [key, key === 'epoch' ? value : Number(value)]));
      return [200, room.page(numbers)];
    }
    if (part === 'messages') {
      const { seq, at } = room.say(viewer, body.text, { id: body.id });
      return [201, { type: 'ack', id: body.id, seq, at }];
    }
    if (part === 'membership' && method === 'PUT') {
      room.join(viewer);
      return [200, room.view(viewer)];
    }
    if (part === 'membership') {
      room.leave(viewer);
      return [204, null];
    }
    return refusal(404, 'not_found');
  }

  #viewer(request) {
    const id = new RegExp(`${COOKIE}=(\\w+)`).exec(request.headers.cookie ?? '')?.[1];
    return this.people.get(id) ?? null;
  }

  #upgrade(request, socket, head) {
    const url = new URL(request.url, this.origin);
    const room = this.rooms.get(decodeURIComponent(url.pathname.split('/')[3] ?? ''));
    const viewer = this.#viewer(request);
    const fault = this.#fault('GET', url.pathname);
    if (!room || !viewer || fault) return socket.destroy();
    return this.#sockets.handleUpgrade(request, socket, head, (client) => {
      const since = url.searchParams.get('since');
      room.connect(client, viewer, { since: since === null ? undefined : Number(since), epoch: url.searchParams.get('epoch'), batch: url.searchParams.get('batch') === '1' });
    });
  }
}

function cookies(session, mark, lasts) {
  return [`${COOKIE}=${session}; Path=/; HttpOnly; SameSite=Strict${lasts}`, `${MARK}=${mark}; Path=/; SameSite=Strict${lasts}`];
}

function refusal(status, code) {
  return [status, { error: { code } }];
}

function reply(response, status, answer, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers });
  response.end(answer === null ? undefined : JSON.stringify(answer));
}

async function read(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : {};
}
