// What can be done with a message: one small toolbar, which stands at the message that one points at, has in focus, or
// has opened by its button where nothing hovers.

// What the session keeps changes with shall be there also when the connection isn't.
import '../changes.js';
import '../i18n/more.js';
import { h, icon, say, setAttribute } from '../dom.js';
import { explain } from '../i18n/errors.js';
import { i18n, t } from '../i18n/index.js';
import { isTouch } from '../keys.js';
import { REACTIONS } from '../reactions.js';
import { rightsOf } from '../rights.js';
import { ask } from './dialog.js';
import { openEdit } from './edit-form.js';
import { tellNames } from './reaction-names.js';

/** Asks the timeline for `reply`, with the item as detail. */
export class MessageActions {
  #timeline;
  #rows;
  #roving;
  #bar = h('div', { class: 'actions', role: 'toolbar', onkeydown: (event) => this.#keyed(event) });
  #row = null;
  #opener = null;
  /** A message that offers nothing yet, for it is on its way; and whether somebody wants to go into it. */
  #waiting = null;

  constructor(timeline, rows, roving) {
    this.#timeline = timeline;
    this.#rows = rows;
    this.#roving = roving;
    for (const type of ['pointerover', 'focusin']) rows.addEventListener(type, (event) => this.look(event));
    rows.addEventListener('pointerleave', () => this.#rest());
    // A button that is replaced loses the focus before the next one gets it.
    rows.addEventListener('focusout', ({ relatedTarget }) => !rows.contains(relatedTarget) && queueMicrotask(() => this.#rest()));
    document.addEventListener('pointerdown', ({ target }) => isTouch() && !this.#row?.contains(target) && this.#hide());
    i18n.addEventListener('change', () => this.#hide());
    tellNames(rows, () => timeline.session);
  }

  /** Somebody points at a message or has it in focus: an event of the list. A finger has the message's button. */
  look({ type, pointerType, target }) {
    const row = target.closest('.message');
    // Heard of late, while this script was on its way: the focus is elsewhere by now.
    if (type === 'focusin' && !row?.contains(document.activeElement)) return;
    const means = type === 'focusin' ? !isTouch() || target.matches(':focus-visible') : pointerType === 'mouse' && !this.#holdsFocus;
    if (row && means && !target.closest('.message__more')) this.#place(row);
  }

  /** Somebody went into this message by key. */
  enter(row) {
    this.#place(row);
    if (this.#row === row) return this.#focus(this.#buttons[0]);
    const inside = row.querySelector('button:not(:disabled), a');
    if (inside) return inside.focus();
    this.#waiting.entered = true;
  }

  /** Somebody pressed the message's button. */
  toggle(row) {
    const button = row.querySelector('.message__more');
    if (this.#row === row) return this.#hide();
    this.enter(row);
    this.#opener = button;
    return setAttribute(button, 'aria-expanded', 'true');
  }

  /** The message to change where it stands; `back` is where the focus goes then. */
  edit(row, back = () => focusBox(row)) {
    this.#hide();
    openEdit({ session: this.#timeline.session, row, back });
  }

  /** The timeline was drawn: the message may be another by now, or gone, or offer something at last. */
  refresh() {
    if (this.#waiting) this.#lookAgain(this.#waiting);
    if (!this.#row || (this.#row.isConnected && this.#offered(this.#row).length > 0)) return;
    if (this.#holdsFocus) focusBox(this.#row);
    this.#hide();
  }

  #lookAgain({ row, entered }) {
    if (entered && row.querySelector('.message__box') === document.activeElement) this.enter(row);
    else if (row.matches(':hover, :focus-within')) this.#place(row);
    else this.#waiting = null;
  }

  get #buttons() {
    return [...this.#bar.querySelectorAll('button')];
  }

  get #holdsFocus() {
    return this.#bar.contains(document.activeElement);
  }

  #place(row) {
    if (row === this.#row) return;
    this.#hide();
    const offered = this.#offered(row);
    if (offered.length === 0) {
      this.#waiting = { row, entered: false };
      return;
    }
    this.#row = row;
    this.#show(offered);
    const box = row.querySelector('.message__box');
    box.append(this.#bar);
    // A message may begin above the view; what can be done with it may not.
    const above = this.#rows.parentElement.getBoundingClientRect().top - box.getBoundingClientRect().top;
    this.#bar.style.insetBlockStart = '';
    if (this.#bar.offsetTop < above) this.#bar.style.insetBlockStart = `${above}px`;
  }

  #show(buttons) {
    setAttribute(this.#bar, 'aria-label', t('message.actions'));
    this.#bar.replaceChildren(...buttons);
    buttons.forEach((button, place) => setAttribute(button, 'tabindex', place === 0 ? '0' : '-1'));
  }

  #hide() {
    this.#opener?.setAttribute('aria-expanded', 'false');
    this.#row = null;
    this.#opener = null;
    this.#waiting = null;
    this.#bar.remove();
  }

  /** Pointer or focus went elsewhere; what asks on the way is not elsewhere. */
  #rest() {
    if (!this.#row || this.#holdsFocus || document.querySelector('dialog[open]')) return;
    const row = this.#rows.querySelector('.message:has(:focus-visible)') ?? this.#rows.querySelector('.message:hover');
    if (row) this.#place(row);
    else this.#hide();
  }

  #offered(row) {
    const { item } = row;
    const { session } = this.#timeline;
    if (!session.joined || item.state !== 'stored' || item.deleted || row.matches('.message--editing')) return [];
    const mine = item.author.id === session.me.id;
    return [
      button('react', 'message.react', () => this.#offerReactions(row), { 'aria-expanded': 'false' }),
      button('reply', 'message.reply', () => this.#reply(row)),
      !mine && button('unread', 'message.unread', () => this.#markUnread(row)),
      mine && button('edit', 'message.edit', () => this.edit(row)),
      (mine || rightsOf(session.room.role).moderate) && button('delete', 'message.delete', () => this.#remove(row), { 'aria-haspopup': 'dialog' }),
    ].filter(Boolean);
  }

  #reply({ item }) {
    this.#hide();
    this.#timeline.dispatchEvent(new CustomEvent('reply', { detail: item }));
  }

  #offerReactions(row) {
    const { me } = this.#timeline.session;
    this.#show(REACTIONS.map((reaction) => {
      const mine = row.item.reactions?.some((one) => one.reaction === reaction && one.people.some(({ id }) => id === me.id)) ?? false;
      return h('button', { class: 'actions__one actions__reaction', type: 'button', 'aria-pressed': String(mine), onclick: () => this.#react(row, reaction, !mine) }, reaction);
    }));
    setAttribute(this.#bar, 'aria-label', t('message.react'));
    this.#focus(this.#buttons[0]);
  }

  async #react(row, reaction, on) {
    this.#close();
    try {
      await this.#timeline.session.react(row.item.seq, reaction, on);
    } catch (error) {
      say(explain(error));
    }
  }

  /** It stays so until the room is opened anew, so that nothing is read again by looking on. */
  #markUnread({ item }) {
    this.#timeline.session.reading.markUnread(item.seq);
    this.#close();
    say(t('message.marked_unread'));
  }

  async #remove(row) {
    const { session } = this.#timeline;
    const sure = await ask({ title: t('message.delete_title'), text: t('message.delete_text'), yes: t('message.delete') });
    if (!sure) return;
    this.#roving.leave(row);
    if (this.#row === row) this.#hide();
    try {
      await session.remove(row.item.seq);
      say(t('message.deleted'));
    } catch (error) {
      say(explain(error));
    }
  }

  /** Nothing more is to be done: the focus goes back to what opened the toolbar. At a message in focus it stays. */
  #close() {
    const opener = this.#opener;
    (opener ?? this.#row.querySelector('.message__box')).focus({ preventScroll: true });
    if (opener) this.#hide();
    else this.#show(this.#offered(this.#row));
  }

  #keyed(event) {
    const buttons = this.#buttons;
    const place = buttons.indexOf(document.activeElement);
    const last = buttons.length - 1;
    const next = { ArrowLeft: place > 0 ? place - 1 : last, ArrowRight: place < last ? place + 1 : 0, Home: 0, End: last }[event.key];
    if (buttons[next]) this.#focus(buttons[next]);
    else if (event.key === 'Escape') this.#back();
    else return;
    event.preventDefault();
  }

  /** Out of the innermost: of the reactions to the actions, of these to the message. */
  #back() {
    if (!this.#bar.querySelector('.actions__reaction')) return this.#close();
    this.#show(this.#offered(this.#row));
    return this.#focus(this.#buttons[0]);
  }

  #focus(chosen) {
    for (const button of this.#buttons) setAttribute(button, 'tabindex', button === chosen ? '0' : '-1');
    chosen.focus();
  }
}

function button(name, label, act, attributes = {}) {
  return h('button', { class: 'actions__one', type: 'button', 'aria-label': t(label), title: t(label), onclick: act, ...attributes }, icon(name));
}

function focusBox(row) {
  row.querySelector('.message__box').focus({ preventScroll: true });
}
