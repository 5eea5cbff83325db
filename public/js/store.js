// What the browser keeps for one person: drafts and the outbox. Everything lies under that
// person's id, so that logging out can clear it and two people of one browser never meet.

const SPACE = 'hihi/person/';

export class PersonStore {
  #storage;
  #prefix;
  #cleared = false;

  constructor(storage, personId) {
    this.#storage = storage;
    this.#prefix = `${SPACE}${personId}/`;
  }

  get(key) {
    try {
      return JSON.parse(this.#storage.getItem(this.#prefix + key));
    } catch {
      return null;
    }
  }

  set(key, value) {
    if (this.#cleared) return;
    try {
      this.#storage.setItem(this.#prefix + key, JSON.stringify(value));
    } catch {
      // Storage is full or forbidden: the page goes on with what it has in memory.
    }
  }

  remove(key) {
    try {
      this.#storage.removeItem(this.#prefix + key);
    } catch {
      // As above.
    }
  }

  keys(prefix = '') {
    const start = this.#prefix + prefix;
    return allKeys(this.#storage)
      .filter((key) => key.startsWith(start))
      .map((key) => key.slice(this.#prefix.length));
  }

  /** For good: a page on its way out must not write anything back. */
  clear() {
    this.#cleared = true;
    for (const key of this.keys()) this.remove(key);
  }
}

function allKeys(storage) {
  try {
    return Array.from({ length: storage.length }, (_, index) => storage.key(index));
  } catch {
    return [];
  }
}
