// Who is in a room and who is there right now, merged from pages, welcome and presence frames.

/** The server names at most this many people who are online. */
export const NAMED = 50;

export class People {
  /** Exact, whatever is known by name. */
  memberCount = 0;
  onlineCount = 0;

  #online = new Map();
  #members = new Map();

  get online() {
    return [...this.#online.values()];
  }

  get members() {
    return [...this.#members.values()];
  }

  /** Who is here, as a row of the room list says it. */
  get here() {
    return { online: this.onlineCount, people: this.online };
  }

  isOnline(id) {
    return this.#online.has(id);
  }

  /** Whoever is known under this id, or undefined. */
  find(id) {
    return this.#members.get(id) ?? this.#online.get(id);
  }

  /** Names and counts disagree although all names would fit: a frame was lost, ask again. */
  get doubtful() {
    return this.onlineCount <= NAMED && this.#online.size !== this.onlineCount;
  }

  /** A room or a welcome frame: the whole picture. */
  begin({ members, online, people }) {
    this.memberCount = members;
    this.onlineCount = online;
    this.#online = byId(people);
  }

  /** One page of the member list; the first one starts it anew. */
  addMembers(members, { first }) {
    if (first) this.#members.clear();
    for (const member of members) this.#members.set(member.id, member);
  }

  merge({ members, online, came = [], went = [], joined = [], left = [] }) {
    this.memberCount = members;
    this.onlineCount = online;
    for (const person of came) this.#online.set(person.id, person);
    for (const id of went) this.#online.delete(id);
    for (const person of joined) {
      this.#members.set(person.id, { ...this.#members.get(person.id), ...person });
    }
    for (const id of left) {
      this.#members.delete(id);
      this.#online.delete(id);
    }
  }
}

function byId(people) {
  return new Map(people.map((person) => [person.id, person]));
}
