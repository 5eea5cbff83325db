// Who belongs to the room, and which of them are here. Its first page is asked for when somebody
// looks, not before.

import '../i18n/more.js';
import { h, icon, reconcile, setAttribute, write } from '../dom.js';
import { formatMark, formatPerson } from '../format.js';
import { t } from '../i18n/index.js';
import { rightsOf } from '../rights.js';
import { avatar } from './avatar.js';
import { SessionElement } from './session-element.js';

/** Event: `manage`, with the person as detail. */
class Members extends SessionElement {
  #invite = h('button', { class: 'members__act', type: 'button', 'data-act': 'invite', 'data-when': 'invite', hidden: true },
    icon('invite'), h('span', { 'data-t': 'chat.invite' }));
  #notices = h('button', { class: 'members__act', type: 'button', 'data-act': 'notices', 'data-when': 'notices', hidden: true },
    icon('bell'), h('span', { 'data-t': 'notices.open' }));
  #online = this.#section('members.online');
  #away = this.#section('members.away');
  #more = h('button', { class: 'button button--quiet', type: 'button', hidden: true, onclick: () => this.#load() });
  #state = h('p', { class: 'members__state', role: 'status' });
  #next = null;
  #failed = false;
  #stale = false;

  constructor() {
    super();
    this.append(this.#invite, this.#notices, this.#online.box, this.#away.box, this.#more, this.#state);
  }

  entered(on) {
    this.#next = null;
    this.#failed = false;
    this.#stale = false;
    on('people', () => this.render());
    on('room', () => this.render());
    on('connection', () => this.#catchUp());
  }

  /** Who joined or left while nobody could tell us is learnt by asking again. */
  #catchUp() {
    const { state } = this.session.connection;
    if (state === 'reconnecting' || state === 'offline') this.#stale = true;
    if (state !== 'online' || !this.#stale || this.looked !== this.session) return;
    this.#stale = false;
    this.#next = null;
    this.#load();
  }

  /** Somebody looks at the members of this session for the first time. */
  look() {
    if (this.looked === this.session) return;
    this.looked = this.session;
    this.#load();
  }

  render() {
    const { people, me } = this.session;
    const focused = this.contains(document.activeElement);
    write(this.#invite.lastChild, t('chat.invite'));
    write(this.#notices.lastChild, t('notices.open'));
    const online = people.online.toSorted(byName);
    for (const title of document.querySelectorAll('[data-members-title]')) {
      write(title, t('members.title', { n: people.memberCount }));
    }
    this.#show(this.#online, online, people.onlineCount, me);
    const away = people.members.filter(({ id }) => !people.isOnline(id)).toSorted(byName);
    this.#show(this.#away, away, away.length, me);
    this.#more.hidden = this.#next === null && !this.#failed;
    write(this.#more, t(this.#failed ? 'timeline.retry' : 'members.more'));
    write(this.#state, this.#failed ? t('members.failed') : '');
    // The one whose button I pressed is gone.
    if (focused && !this.contains(document.activeElement)) this.focus();
  }

  async #load() {
    const { session } = this;
    try {
      const next = await session.members(this.#next);
      if (session !== this.session) return;
      this.#next = next;
      this.#failed = false;
    } catch {
      if (session !== this.session) return;
      this.#failed = true;
    }
    this.render();
  }

  #manage(id) {
    const { people } = this.session;
    const detail = [...people.members, ...people.online].find((person) => person.id === id);
    this.dispatchEvent(new CustomEvent('manage', { detail }));
  }

  #section(key) {
    const title = h('h3', { class: 'members__title' });
    const list = h('ul', { class: 'members__list', role: 'list' });
    return { key, title, list, box: h('section', {}, title, list) };
  }

  #show({ key, title, list, box }, people, count, me) {
    write(title, t(key, { n: count }));
    box.hidden = people.length === 0;
    const { owner, role } = this.session.room ?? {};
    const { manage } = rightsOf(role);
    reconcile(list, people, {
      key: ({ id }) => id,
      create: (person) => h('li', { class: 'member' }, avatar(person), h('bdi', { class: 'member__name' }), h('span', { class: 'member__mark' }),
        h('button', { class: 'icon-button member__manage', type: 'button', onclick: () => this.#manage(person.id) }, icon('more'))),
      update: (row, person) => {
        const mine = person.id === me.id;
        const marks = [mine ? t('person.you') : formatMark(person), person.id === owner?.id ? t('members.owner') : ''];
        setAttribute(row, 'title', formatPerson(person));
        row.classList.toggle('member--me', mine);
        write(row.children[1], person.name);
        write(row.children[2], marks.filter(Boolean).join(' · '));
        row.lastChild.hidden = !manage || mine;
        setAttribute(row.lastChild, 'aria-label', t('members.manage', { name: person.name }));
      },
    });
  }
}

function byName(a, b) {
  return a.name.localeCompare(b.name);
}

customElements.define('hihi-members', Members);
