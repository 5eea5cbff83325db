// `@` in a text field completes the names of a room's members.

import '../i18n/more.js';
import { h } from '../dom.js';
import { formatMark } from '../format.js';
import { t } from '../i18n/index.js';
import { askedFor, ENOUGH, matching, mentionedIn } from '../mentioning.js';
import { api } from '../page.js';
import { avatar } from './avatar.js';
import { completeIn } from './completions.js';

/** Of a room with more members than this only some are found: 50 in each page. */
const PAGES = 20;
/** What a message may carry. */
const MOST = 20;

export class MentionList {
  #completions;
  #session;
  #room = null;
  #members = new Map();
  #chosen = [];
  #next = null;
  #pages = 0;
  #asking = false;

  /** `session()` is the room that is open, `chosen` who is named already, {id, name} each. */
  constructor(field, session, chosen = []) {
    this.#session = session;
    this.#room = session();
    this.#chosen = [...chosen];
    this.#completions = completeIn(field, {
      label: () => t('mention.label'),
      at: askedFor,
      find: async (query) => this.#find(query),
      show: (person) => [avatar(person), h('bdi', { class: 'completions__name' }, person.name), h('span', { class: 'completions__more' }, formatMark(person))],
      textOf: ({ name }) => `@${name} `,
      taken: ({ id, name }) => this.#chosen.push({ id, name }),
    });
  }

  /** Whom this text names; the next one begins with nobody chosen. */
  mentioned(text) {
    const mentioned = mentionedIn(text, this.#people, this.#chosen).slice(0, MOST);
    this.#chosen = [];
    this.#completions.begin();
    return mentioned;
  }

  /** Everybody but me: those the page knows, and then the members as far as they were asked for. */
  get #people() {
    const { people, me } = this.#here;
    const known = [...people.online, ...people.members, ...this.#members.values()];
    return [...new Map(known.map((person) => [person.id, person])).values()].filter(({ id, kind }) => id !== me.id && (kind === 'guest' || kind === 'account'));
  }

  get #here() {
    const room = this.#session();
    if (room === this.#room) return room;
    this.#room = room;
    this.#members.clear();
    this.#chosen = [];
    this.#next = null;
    this.#pages = 0;
    this.#asking = false;
    return room;
  }

  /** Those that are known at once, and again when a page of members has brought others. */
  #find(query) {
    const found = matching(this.#people, query);
    const done = this.#pages >= PAGES || (this.#pages > 0 && this.#next === null);
    if (found.length < ENOUGH && !done && !this.#asking) this.#load(this.#room);
    return found;
  }

  async #load(room) {
    this.#asking = true;
    // Whom the page knows can be named also when this fails.
    const page = await api.members(room.name, this.#next).catch(() => null);
    if (room !== this.#room) return;
    this.#asking = false;
    this.#pages = page ? this.#pages + 1 : PAGES;
    this.#next = page?.next ?? null;
    for (const member of page?.members ?? []) this.#members.set(member.id, member);
    this.#completions.look();
  }
}
