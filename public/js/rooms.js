// A list of rooms as far as it is loaded: newest activity first, page by page. `api.rooms(cursor)`
// gives a page, whichever list it is.

/** Event: `change`. */
export class Rooms extends EventTarget {
  rooms = [];
  /** loading, ready or failed; a failed refresh leaves the rooms as they were. */
  state = 'loading';
  error = null;

  #api;
  #next = null;
  #busy = false;

  constructor(api) {
    super();
    this.#api = api;
  }

  get hasMore() {
    return this.#next !== null;
  }

  refresh() {
    return this.#load(null, (page) => {
      const fresh = new Set(page.rooms.map(({ name }) => name));
      // Further pages stay as they were loaded, behind what is now the first one.
      const rest = page.next && this.#next ? this.rooms.filter(({ name }) => !fresh.has(name)) : [];
      this.rooms = [...page.rooms, ...rest].sort((a, b) => b.activity - a.activity);
      if (rest.length === 0) this.#next = page.next;
    });
  }

  more() {
    if (!this.#next) return undefined;
    return this.#load(this.#next, (page) => {
      const known = new Set(this.rooms.map(({ name }) => name));
      this.rooms = [...this.rooms, ...page.rooms.filter(({ name }) => !known.has(name))];
      this.#next = page.next;
    });
  }

  matching(query) {
    const wanted = fold(query);
    return this.rooms.filter(({ name, description }) => fold(`${name}\n${description}`).includes(wanted));
  }

  /** Without those that stand in another list already. */
  without(rooms) {
    const there = new Set(rooms.map(({ name }) => name));
    return this.rooms.filter(({ name }) => !there.has(name));
  }

  async #load(cursor, take) {
    if (this.#busy) return;
    this.#busy = true;
    try {
      take(await this.#api.rooms(cursor));
      this.state = 'ready';
      this.error = null;
    } catch (error) {
      this.state = 'failed';
      this.error = error;
    }
    this.#busy = false;
    this.dispatchEvent(new Event('change'));
  }
}

/** Width and case are no reason not to find a room. */
function fold(text) {
  return text.normalize('NFKC').toLocaleLowerCase().trim();
}
