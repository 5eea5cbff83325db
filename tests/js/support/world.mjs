// People, frames, storage and sockets for the models' tests.

export function person(name, rest = {}) {
  return { id: `id-of-${name}`, name, kind: 'guest', tag: 'k3f9', avatar: '0'.repeat(32), ...rest };
}

export const ann = person('Ann');
export const bo = person('Bo');

export function message(seq, { author = bo, id = `m${seq}`, text = `text ${seq}`, at = 1_800_000_000_000 + seq } = {}) {
  return { type: 'message', seq, at, id, author, text };
}

export function page(messages, { epoch = 'e1', seq = messages.at(-1)?.seq ?? 0, more = false } = {}) {
  return { epoch, seq, messages, more };
}

/** localStorage, as far as the pages use it; it holds this many characters of keys and values. */
export class Storage {
  #items = new Map();
  #room;

  constructor(room = Infinity) {
    this.#room = room;
  }

  get length() {
    return this.#items.size;
  }

  key(index) {
    return [...this.#items.keys()][index] ?? null;
  }

  getItem(key) {
    return this.#items.get(key) ?? null;
  }

  setItem(key, value) {
    const others = [...this.#items].filter(([other]) => other !== key).flat().join('').length;
    if (others + key.length + String(value).length > this.#room) throw new DOMException('full', 'QuotaExceededError');
    this.#items.set(key, String(value));
  }

  removeItem(key) {
    this.#items.delete(key);
  }
}

/** A socket whose other end is the test. */
export class Socket extends EventTarget {
  readyState = 1;
  sent = [];
  closed = false;

  send(data) {
    this.sent.push(data);
  }

  close() {
    this.closed = true;
  }

  hear(frame) {
    const data = typeof frame === 'string' ? frame : JSON.stringify(frame);
    this.dispatchEvent(Object.assign(new Event('message'), { data }));
  }

  end(code = 1006, reason = '') {
    this.dispatchEvent(Object.assign(new Event('close'), { code, reason }));
  }

  get frames() {
    return this.sent.filter((data) => data !== 'ping').map((data) => JSON.parse(data));
  }
}
