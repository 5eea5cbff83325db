// What the browser keeps for one person: drafts and the outbox. Everything lies under that
// person's id, so that logging out can clear it and two people of one browser never meet.

const SPACE = 'hihi/person/';
/** What begins like this goes when storage is full, oldest first; it has an `at`. */
export const DRAFTS = 'draft/';

export class PersonStore {
  #storage;
  #prefix;
  #cleared = false;
  /** What storage didn't take lasts as long as the page. */
  #unkept = new Map();

  constructor(storage, personId) {
    this.#storage = storage;
    this.#prefix = `${SPACE}${personId}/`;
  }

  get(key) {
    try {
      return JSON.parse(this.#unkept.get(key) ?? this.#storage.getItem(this.#prefix + key));
    } catch {
      return null;
    }
  }

  set(key, value) {
    if (this.#cleared) return;
    const text = JSON.stringify(value);
    this.#unkept.delete(key);
    while (!this.#keep(key, text)) {
      const oldest = this.#oldestDraft(key);
      if (oldest === undefined) {
        this.#unkept.set(key, text);
        return;
      }
      this.#forget(oldest);
    }
  }

  remove(key) {
    this.#unkept.delete(key);
    this.#forget(key);
  }

  keys(prefix = '') {
    const start = this.#prefix + prefix;
    const kept = allKeys(this.#storage)
      .filter((key) => key.startsWith(start))
      .map((key) => key.slice(this.#prefix.length));
    return [...new Set([...kept, ...[...this.#unkept.keys()].filter((key) => key.startsWith(prefix))])];
  }

  #keep(key, text) {
    try {
      this.#storage.setItem(this.#prefix + key, text);
      return true;
    } catch {
      return false;
    }
  }

  #forget(key) {
    try {
      this.#storage.removeItem(this.#prefix + key);
    } catch {
      // Storage is forbidden: then there is nothing to forget.
    }
  }

  /** Not this one, and not what only the page has. */
  #oldestDraft(but) {
    const drafts = this.keys(DRAFTS).filter((key) => key !== but && !this.#unkept.has(key));
    const at = (key) => this.get(key)?.at ?? 0;
    return drafts.sort((a, b) => at(a) - at(b))[0];
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
