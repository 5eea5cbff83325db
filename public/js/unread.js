// How many messages of each room this browser has read, and what of a list of rooms that leaves unread.
// The server learns it seconds later, so the page goes by the larger number.

const READ = 'read/';

/**
 * What is kept of a room: {epoch, created, seq, messages, marked}, read up to `seq`, which were so many
 * `messages`; `marked` when somebody went back to there on purpose.
 */
export class ReadStore {
  #store;

  constructor(store) {
    this.#store = store;
  }

  /** Of a room with this name; one that was made anew since has been read by nobody. */
  get({ name, created }) {
    const kept = this.#store.get(keyOf(name));
    return kept?.created === created && Number.isInteger(kept?.messages) ? kept : null;
  }

  set({ name, created }, kept) {
    this.#store.set(keyOf(name), { created, ...kept });
  }

  /**
   * A row of the list of my rooms with how many of its messages are unread, and how many of those mention me;
   * `open` is the Reading of this room if it is open, which knows sooner.
   */
  counted(row, open = null) {
    const { messages = 0, mentions = [] } = open ? { ...row, messages: open.messages } : row;
    const read = open ? messages - open.unread : row.read ?? messages;
    const kept = this.get(row);
    const upTo = kept?.marked ? kept.messages : Math.max(read, kept?.messages ?? 0);
    const mentioned = new Set([...mentions, ...(open?.mentions ?? [])].filter((number) => number > upTo)).size;
    return { ...row, unread: Math.max(0, messages - upTo), mentioned };
  }
}

/** Whether a key of storage, as a storage event names it, is of what was read. */
export function isOfReading(key) {
  return key === null || key.includes(`/${READ}`);
}

export function sumOf(rooms, what) {
  return rooms.reduce((sum, room) => sum + (room[what] ?? 0), 0);
}

function keyOf(room) {
  return READ + encodeURIComponent(room);
}
