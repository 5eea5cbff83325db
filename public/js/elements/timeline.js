// The timeline: what was said, the reader's place in it, and the way back to the newest.

import { copyText } from '../copy.js';
import { h, reconcile, say, setAttribute, write } from '../dom.js';
import { formatDay } from '../format.js';
import { t } from '../i18n/index.js';
import { layOut } from '../rows.js';
import { ScrollKeeper } from '../scroll.js';
import { createMessage, updateMessage } from './message.js';
import { RovingFocus } from './roving-focus.js';
import { SessionElement } from './session-element.js';
import { scrollView } from './scroll-view.js';

/** Event: `leave`, when the reader wants to write. */
class TimelineElement extends SessionElement {
  #scroller = this.querySelector('.timeline__scroller');
  #top = this.querySelector('.timeline__top');
  #rows = this.querySelector('.timeline__rows');
  #jump = this.querySelector('.timeline__jump');
  #keeper = new ScrollKeeper(scrollView(this.#scroller, this.#rows));
  #roving = new RovingFocus(this.#rows, '.message__box', () => this.dispatchEvent(new Event('leave')));
  #sizes = new ResizeObserver(() => this.#keeper.settle());
  #frame = null;
  #fresh = 0;
  #places = new Map();
  #returning = null;
  #day = setInterval(() => this.session && this.#later(), 60_000);

  connectedCallback() {
    super.connectedCallback();
    this.#scroller.addEventListener('scroll', this.#scrolled, { passive: true });
    this.#rows.addEventListener('click', this.#clicked);
    this.#top.addEventListener('click', ({ target }) => target.closest('button') && this.session.history.older());
    this.#jump.addEventListener('click', () => {
      this.#keeper.toEnd();
      this.dispatchEvent(new Event('leave'));
    });
    this.#sizes.observe(this.#scroller);
    this.#sizes.observe(this.#rows);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#sizes.disconnect();
    clearInterval(this.#day);
  }

  show(session) {
    const anchor = this.#keeper.anchor;
    if (this.session) this.#places.set(this.session.name, anchor && { key: anchor.what.key, place: anchor.place });
    super.show(session);
  }

  entered(on) {
    this.#fresh = 0;
    this.#keeper.atEnd = true;
    this.#returning = this.#places.get(this.session.name);
    on('timeline', this.#later);
    on('connection', this.#later);
    on('room', this.#later);
    on('written', () => (this.#keeper.atEnd = true));
    on('live', () => {
      if (!this.#keeper.atEnd) this.#fresh += 1;
    });
  }

  render() {
    const { session } = this;
    const { timeline } = session;
    if (this.#keeper.atEnd) timeline.trim();
    const context = { me: session.me, online: session.connection.state === 'online', now: Date.now() };
    this.#keeper.change(() => {
      setAttribute(this.#scroller, 'aria-label', t('timeline.label', { room: session.name }));
      this.#renderTop();
      reconcile(this.#rows, layOut(timeline.items, timeline.gaps), {
        key: ({ key }) => key,
        create,
        update: (element, row) => update(element, row, context),
      });
      this.#roving.refresh();
    });
    this.#returnToPlace();
    this.#renderJump();
    this.#fetchOlder();
  }

  /** Who comes back to a room finds what they were reading, if it is among what is loaded. */
  #returnToPlace() {
    if (!this.#returning || this.session.state !== 'ready') return;
    const what = [...this.#rows.children].find(({ key }) => key === this.#returning.key);
    if (what) this.#keeper.hold({ what, place: this.#returning.place });
    this.#returning = null;
  }

  /** However much arrives, the page is drawn once a frame. */
  #later = () => {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      this.render();
    });
  };

  #renderTop() {
    const { session } = this;
    const { timeline, history } = session;
    if (session.state !== 'ready') return this.#top.replaceChildren();
    if (history.error && !history.fetching) {
      return this.#top.replaceChildren(t('timeline.older_failed'), ' ',
        h('button', { class: 'button button--quiet', type: 'button' }, t('timeline.retry')));
    }
    if (timeline.more) return write(this.#top, t('timeline.older'));
    const key = timeline.items.length > 0 ? 'timeline.beginning' : 'timeline.empty';
    return write(this.#top, t(key, { room: session.name }));
  }

  #renderJump() {
    if (this.#keeper.atEnd) this.#fresh = 0;
    this.#jump.hidden = this.#keeper.atEnd;
    const fresh = this.#fresh > 0 ? t('timeline.latest_new', { n: this.#fresh }) : '';
    write(this.#jump.querySelector('.timeline__fresh'), fresh);
  }

  #scrolled = () => {
    this.#keeper.remember();
    this.#renderJump();
    this.#fetchOlder();
  };

  #fetchOlder() {
    const history = this.session?.history;
    if (this.#keeper.wantsOlder && !history?.error) history?.older();
  }

  #clicked = async ({ target }) => {
    const button = target.closest('[data-act]');
    const act = button?.dataset.act;
    const row = target.closest('li');
    if (act === 'copy-code') {
      const copied = await copyText(button.previousElementSibling.textContent);
      say(t(copied ? 'message.code_copied' : 'message.code_copy_failed'));
    }
    if (act === 'gap') this.session.history.missing(row.gap);
    if (act === 'retry') {
      this.session.retry(row.dataset.id);
      this.dispatchEvent(new Event('leave'));
    }
    if (act === 'delete') {
      this.#roving.leave(row);
      this.session.discard(row.dataset.id);
      say(t('message.deleted'));
    }
  };
}

function create(row) {
  if (row.kind === 'message') return createMessage(row);
  if (row.kind === 'day') return h('li', { class: 'timeline__day' }, h('span'));
  return h('li', { class: 'timeline__gap' });
}

function update(element, row, context) {
  if (row.kind === 'message') updateMessage(element, row, context);
  else if (row.kind === 'day') write(element.firstElementChild, formatDay(row.at, context.now));
  else updateGap(element, row.gap);
}

function updateGap(element, gap) {
  element.gap = gap;
  if (gap.reason === 'trimmed') {
    write(element, t('timeline.gap_gone'));
    return;
  }
  if (!element.firstElementChild) {
    element.append(h('button', { class: 'button button--quiet', type: 'button', 'data-act': 'gap' }));
  }
  write(element.firstElementChild, t('timeline.gap', { n: gap.to - gap.from + 1 }));
}

customElements.define('hihi-timeline', TimelineElement);
