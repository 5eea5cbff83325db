// What stands round the conversation: the other rooms, who is in this one, me and my preferences, and what tells of
// messages, typing and the connection. It comes once the conversation is painted; its places are there from the start.

import '../i18n/more.js';
import './announcer.js';
import './banner.js';
import './members.js';
import './preferences.js';
import './typing-line.js';
import { roomOf } from '../addresses.js';
import { say, write } from '../dom.js';
import { t } from '../i18n/index.js';
import { isComposing } from '../keys.js';
import { api, lazily, showBadge, storeOf, whileSeen } from '../page.js';
import { Rooms } from '../rooms.js';
import { isOfReading, ReadStore, sumOf } from '../unread.js';
import { actOf } from '../shortcuts.js';
import { offerEmoji } from './emoji.js';
import { goToLandmark } from './landmarks.js';
import { MembersPane } from './members-pane.js';
import { showMe } from './me.js';
import { act } from './room-acts.js';
import { showRooms } from './room-rows.js';

const REFRESH_MS = 30_000;
/** Where there is a place to show other rooms. */
const WIDE = matchMedia('(min-width: 45rem)');

export class Around {
  /** The room that is open, or null. */
  session = null;

  #viewer;
  #read;
  #leaving = new AbortController();
  #elements = document.querySelectorAll('hihi-announcer, hihi-banner, hihi-members, hihi-typing');
  #members = new MembersPane(document.querySelector('hihi-members'));
  #rooms = new Rooms(api);
  #mine = new Rooms({ rooms: () => api.myRooms() });

  /**
   * `open(name)` opens another room without leaving the page, `reveal(seq)` goes to a message;
   * `embed` says that the room stands in a frame of somebody's own page, without other rooms.
   */
  constructor({ viewer, open, reveal, embed }) {
    this.#viewer = viewer;
    Object.assign(this, { open, reveal, embed });
    this.#read = new ReadStore(storeOf(viewer));
    for (const list of [this.#rooms, this.#mine]) list.addEventListener('change', () => this.render());
    document.querySelector('.rooms').addEventListener('click', (event) => this.#clicked(event));
    document.querySelector('hihi-members').addEventListener('manage', ({ detail }) => this.#manage(detail));
    document.querySelector('hihi-banner').addEventListener('back', () => say(t('connection.back')));
    addEventListener('storage', ({ key }) => isOfReading(key) && this.#readElsewhere());
    whileSeen(() => this.refresh(), REFRESH_MS);
    WIDE.addEventListener('change', () => this.refresh());
    document.addEventListener('keydown', (event) => this.#keyed(event));
    offerEmoji(document.querySelector('.composer__field'), document.querySelector('.composer__emoji'));
  }

  /** Another room is open, or none. */
  show(session) {
    this.#leaving.abort();
    this.#leaving = new AbortController();
    this.session = session;
    this.closeMembers();
    if (session) {
      for (const element of this.#elements) element.show(session);
      const { signal } = this.#leaving;
      session.addEventListener('people', () => this.render(), { signal });
      // What the room itself asks for goes first.
      session.addEventListener('room', () => this.refresh(), { signal, once: true });
      session.addEventListener('room', () => this.#members.opened(), { signal });
      this.#members.opened();
    }
    if (session?.state !== 'loading') this.refresh();
    this.render();
  }

  /** Another tab of this browser has read some of this room or of another. */
  #readElsewhere() {
    this.session?.reading?.adopt();
    this.render();
  }

  openMembers() {
    this.#members.open();
  }

  /** Somebody pressed a button round the room. */
  act(button) {
    act(button.dataset.act, this, button);
  }

  #manage(person) {
    lazily(() => import('./person-dialog.js'), ({ openPerson }) => openPerson(this.session, person));
  }

  closeMembers() {
    this.#members.close();
  }

  /** Asks for the other rooms. */
  refresh() {
    if (!WIDE.matches || this.embed) return;
    this.#rooms.refresh();
    this.#mine.refresh();
  }

  render() {
    const current = this.session?.room?.name;
    const { people, reading } = this.session ?? {};
    const mine = this.#mine.rooms.map((room) => this.#read.counted(room, room.name === current ? reading : null));
    const rooms = [...mine, ...this.#rooms.without(mine)];
    showRooms(document.querySelector('.rooms'), rooms.map((room) => (room.name === current ? { ...room, ...people.here } : room)), { current, faces: 3 });
    if (this.#mine.state === 'ready') showBadge(sumOf(mine, 'unread'));
    const failed = this.#rooms.state === 'failed' && rooms.length === 0;
    write(document.querySelector('.rooms-pane__quiet'), failed ? t('entrance.rooms_failed') : '');
    showMe(document.querySelector('.me'), this.#viewer);
  }

  #keyed(event) {
    if (event.defaultPrevented || isComposing(event) || document.querySelector('dialog[open]')) return;
    const wanted = actOf(event, event.target.matches('input, textarea, select'));
    if (!wanted) return;
    event.preventDefault();
    if (wanted === 'shortcuts') act(wanted, this);
    else goToLandmark(wanted === 'next-landmark' ? 1 : -1);
  }

  /** Rooms beside this one open without leaving the page, unless a new tab is asked for. */
  #clicked(event) {
    const link = event.target.closest('.rooms a');
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const name = roomOf(link.href);
    if (name === this.session?.name) return;
    history.pushState(null, '', link.href);
    this.open(name);
  }
}
