// The timeline: what was said, the reader's place in it, and the way back to the newest.

import { h, reconcile, say, setAttribute, write } from '../dom.js';
import { formatDay } from '../format.js';
import { explain } from '../i18n/errors.js';
import { t } from '../i18n/index.js';
import { layOut } from '../rows.js';
import { ScrollKeeper } from '../scroll.js';
import { createMessage, updateMessage } from './message.js';
import { RovingFocus } from './roving-focus.js';
import { SessionElement } from './session-element.js';
import { scrollView } from './scroll-view.js';

/** How long a message is marked that somebody was led to. */
const FOUND_MS = 2_000;

/**
 * Events: `leave`, when the reader wants to write; `reply`, with the item to answer as detail. A place is {seq, top}: a message and its distance
 * from the upper edge, in pixels; null is the end.
 */
class TimelineElement extends SessionElement {
  #scroller = this.querySelector('.timeline__scroller');
  #top = this.querySelector('.timeline__top');
  #rows = this.querySelector('.timeline__rows');
  #jump = this.querySelector('.timeline__jump');
  #back = this.querySelector('.timeline__back');
  #way = this.querySelector('.timeline__news');
  #view = scrollView(this.#scroller, this.#rows, () => this.session.timeline.latest);
  #keeper = new ScrollKeeper(this.#view);
  #roving = new RovingFocus(this.#rows, {
    stops: '.message__box',
    inner: '.quote, .reaction',
    enter: (box) => this.#enter(box),
    leave: () => this.dispatchEvent(new Event('leave')),
  });
  #actions = null;
  #news = null;
  #coming = null;
  /** Whether the script that leads to what is new is there, or won't be. */
  #led = false;
  #sizes = new ResizeObserver(() => this.#keeper.settle());
  #frame = null;
  #fresh = 0;
  #places = new Map();
  #returning = null;
  /** The place that is being gone to, and those that were left for others. */
  #aim = null;
  #left = [];
  #day = setInterval(() => this.session && this.#later(), 60_000);

  connectedCallback() {
    super.connectedCallback();
    this.#scroller.addEventListener('scroll', this.#scrolled, { passive: true });
    this.#rows.addEventListener('click', this.#clicked);
    this.#rows.addEventListener('fold', ({ target, detail: { unfolded } }) => {
      const what = target.closest('li');
      const place = this.#view.placeOf(what);
      // Who reads the rest reads on where they are, also at the end; what is folded is seen from its beginning.
      this.#keeper.hold({ what, place: unfolded ? place : Math.max(place, 0) });
    });
    for (const type of ['pointerover', 'focusin']) this.#rows.addEventListener(type, this.#look, { once: true });
    this.#top.addEventListener('click', ({ target }) => target.closest('button') && this.session.history.older());
    this.#jump.addEventListener('click', () => {
      this.#toLatest();
      this.dispatchEvent(new Event('leave'));
    });
    this.#back.addEventListener('click', () => this.#goBack());
    this.#sizes.observe(this.#scroller);
    this.#sizes.observe(this.#rows);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#sizes.disconnect();
    clearInterval(this.#day);
  }

  show(session) {
    if (this.session) this.#places.set(this.session.name, this.#place);
    super.show(session);
  }

  entered(on) {
    this.#fresh = 0;
    this.#aim = null;
    this.#left = [];
    this.#keeper.atEnd = true;
    this.#returning = this.#places.get(this.session.name);
    if (this.#returning) this.session.returned = true;
    this.#way.hidden = true;
    if (!this.#news) this.#lead();
    on('reading', this.#later);
    on('timeline', this.#later);
    on('connection', this.#later);
    on('room', this.#later);
    on('written', () => this.#toLatest());
    on('live', () => {
      if (!this.#keeper.atEnd) this.#fresh += 1;
    });
  }

  render() {
    const { session } = this;
    const { timeline } = session;
    timeline.trim((this.#aim ?? this.#place)?.seq);
    const context = { me: session.me, online: session.connection.state === 'online', joined: session.joined, now: Date.now(), history: session.history };
    const focused = this.#rows.contains(document.activeElement) ? document.activeElement.closest('li') : null;
    const next = focused?.nextElementSibling;
    this.#keeper.change(() => {
      setAttribute(this.#scroller, 'aria-label', t('timeline.label', { room: session.name }));
      this.#renderTop();
      reconcile(this.#rows, layOut(session.items, timeline.gaps, { after: session.reading?.fresh ?? null, me: session.me.id }), {
        key: ({ key }) => key,
        create,
        update: (element, row) => update(element, row, context),
      });
      this.#roving.refresh();
    });
    if (focused && !focused.isConnected) ((next?.isConnected && boxOf(next)) || this.#scroller).focus({ preventScroll: true });
    this.#actions?.refresh();
    this.#returnToPlace();
    this.#noteRead();
    this.#renderWays();
    this.#fetchNear();
  }

  /** Goes to a message, shows which one it is, and offers the way back. */
  async reveal(seq) {
    const from = this.#place;
    const here = this.#rowOf(seq);
    const seen = here && this.#keeper.shows(here);
    try {
      const row = seen ? here : await this.#goTo({ seq, top: this.#scroller.clientHeight / 3 });
      if (row === null) say(t('message.lost'));
      if (!row) return;
      if (!seen) this.#left.push(from);
      this.#renderWays();
      row.classList.add('message--found');
      setTimeout(() => row.classList.remove('message--found'), FOUND_MS);
      boxOf(row).focus({ preventScroll: true });
      if (this.session.timeline.find(seq)?.deleted) say(t('message.tombstone'));
    } catch (error) {
      say(explain(error));
    }
  }

  /** What is being read: the first message in view. */
  get #place() {
    let row = this.#keeper.anchor?.what;
    while (row && !row.dataset.seq) row = row.nextElementSibling;
    return row?.isConnected ? { seq: Number(row.dataset.seq), top: this.#view.placeOf(row) } : null;
  }

  #rowOf(seq) {
    return this.#rows.querySelector(`.message[data-seq="${seq}"]`);
  }

  /** Its row, once it is there; null when it is gone, undefined when the reader went elsewhere meanwhile. */
  async #goTo(place) {
    const { session } = this;
    this.#aim = place;
    try {
      const found = await session.goTo(place.seq);
      if (session !== this.session || this.#aim !== place) return undefined;
      this.render();
      const row = found ? this.#rowOf(place.seq) : null;
      if (row) this.#keeper.hold({ what: row, place: place.top });
      return row;
    } finally {
      if (this.#aim === place) this.#aim = null;
    }
  }

  async #toLatest() {
    const { session } = this;
    this.#aim = null;
    this.#left = [];
    this.#keeper.toEnd();
    if (!session.timeline.latest) {
      try {
        await session.goToLatest();
      } catch (error) {
        say(explain(error));
        return;
      }
      if (session !== this.session) return;
      this.#keeper.atEnd = true;
      this.render();
    }
    this.#renderWays();
  }

  async #goBack() {
    const place = this.#left.pop();
    try {
      if (!place) {
        await this.#toLatest();
        this.dispatchEvent(new Event('leave'));
        return;
      }
      const row = await this.#goTo(place);
      if (row) boxOf(row).focus({ preventScroll: true });
    } catch (error) {
      this.#left.push(place);
      say(explain(error));
    }
    this.#renderWays();
  }

  /** Who comes back to a room finds what they were reading. */
  #returnToPlace() {
    const place = this.#returning;
    if (!place || this.session.state !== 'ready') return;
    this.#returning = null;
    this.#goTo(place).catch((error) => say(explain(error)));
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
    if (history.failed === 'older') {
      return this.#top.replaceChildren(t('timeline.older_failed'), ' ',
        h('button', { class: 'button button--quiet', type: 'button' }, t('timeline.retry')));
    }
    if (timeline.more) return write(this.#top, t('timeline.older'));
    const key = timeline.items.length > 0 ? 'timeline.beginning' : 'timeline.empty';
    return write(this.#top, t(key, { room: session.name }));
  }

  #renderWays() {
    const { atEnd } = this.#keeper;
    if (atEnd) this.#fresh = 0;
    // Who left the end and is there again needs no way back.
    if (atEnd && this.#left.at(-1) === null) this.#left = [];
    this.#back.hidden = this.#left.length === 0;
    this.#jump.hidden = atEnd;
    const fresh = this.#fresh > 0 ? t('timeline.latest_new', { n: this.#fresh }) : '';
    write(this.#jump.querySelector('.timeline__fresh'), fresh);
  }

  #scrolled = () => {
    this.#keeper.remember();
    this.#noteRead();
    this.#renderWays();
    this.#fetchNear();
  };

  /** What is in view may be something else. */
  #noteRead() {
    const { reading, state } = this.session;
    // A room stands at its end until it is led to what is new: that must not count as reading it.
    if (state !== 'ready' || !this.#led) return;
    this.#news?.look(this.session);
    reading.atEnd = this.#keeper.atEnd;
  }

  /** It comes while the room is asked. */
  async #lead() {
    const { News } = await import('./news.js').catch(() => ({}));
    this.#led = true;
    // Without the script the room opens at its end, and there is still the divider.
    if (News) this.#news ??= new News({ scroller: this.#scroller, rows: this.#rows, keeper: this.#keeper, bar: this.#way, reveal: (seq) => this.reveal(seq) });
    this.#later();
  }

  /** What is missing is loaded before the reader comes to it. */
  #fetchNear() {
    const history = this.session?.history;
    if (!history || history.error) return;
    if (this.#keeper.wantsOlder) history.older();
    for (const row of this.#rows.querySelectorAll('.timeline__gap')) {
      const { gap } = row;
      if (gap.reason === 'trimmed' || !this.#keeper.isAhead(row)) continue;
      if (gap.open || this.#keeper.goesDown) history.missing(gap, { down: true });
    }
  }

  /** My last message, to be changed where it stands; focus comes back to the composer. What is on its way can't be changed yet. */
  editLast() {
    const mine = this.session.items.findLast(({ author, deleted }) => author.id === this.session.me.id && !deleted);
    const row = mine?.seq && this.#rowOf(mine.seq);
    if (row) this.#offer((actions) => actions.edit(row, () => this.dispatchEvent(new Event('leave'))));
  }

  /** What can be done with a message comes with the first sign that somebody may want to. */
  async #offer(act, { quiet = false } = {}) {
    try {
      if (!this.#actions) {
        // One import for all who ask meanwhile: imports of their own may end in another order than they began in.
        this.#coming ??= import('./message-actions.js').finally(() => (this.#coming = null));
        const { MessageActions } = await this.#coming;
        this.#actions ??= new MessageActions(this, this.#rows, this.#roving);
      }
    } catch {
      if (!quiet) say(explain({ code: 'unreachable' }));
      return;
    }
    act(this.#actions);
  }

  #look = (event) => this.#offer((actions) => actions.look(event), { quiet: true });

  #enter(box) {
    const row = box.closest('li');
    const quiet = row.item.state !== 'stored';
    // What failed has its own ways on, which must not wait for a script.
    const way = quiet && box.querySelector('button');
    if (way) way.focus();
    else this.#offer((actions) => actions.enter(row), { quiet });
  }

  async #react(row, { dataset, ariaPressed }) {
    try {
      await this.session.react(row.item.seq, dataset.reaction, ariaPressed !== 'true');
    } catch (error) {
      say(explain(error));
    }
  }

  #clicked = async ({ target }) => {
    const button = target.closest('[data-act]');
    const act = button?.dataset.act;
    const row = target.closest('li');
    if (act === 'copy-code') {
      const { copyText } = await import('../copy.js').catch(() => ({}));
      const copied = await copyText?.(button.previousElementSibling.textContent);
      say(t(copied ? 'message.code_copied' : 'message.code_copy_failed'));
    }
    if (act === 'gap') this.session.history.missing(row.gap, { down: row.gap.open });
    if (act === 'quote') this.reveal(Number(button.dataset.seq));
    if (act === 'react') this.#react(row, button);
    if (act === 'actions') this.#offer((actions) => actions.toggle(row));
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
  if (row.kind === 'new') return h('li', { class: 'timeline__new' }, h('span'));
  if (row.kind === 'day') return h('li', { class: 'timeline__day' }, h('span'));
  return h('li', { class: 'timeline__gap' });
}

function update(element, row, context) {
  if (row.kind === 'message') updateMessage(element, row, context);
  else if (row.kind === 'new') write(element.firstElementChild, t('timeline.new'));
  else if (row.kind === 'day') write(element.firstElementChild, formatDay(row.at, context.now));
  else updateGap(element, row.gap, context.history);
}

function updateGap(element, gap, { fetching, failed }) {
  element.gap = gap;
  if (gap.reason === 'trimmed') {
    write(element, t('timeline.gap_gone'));
    return;
  }
  if (!element.firstElementChild) {
    element.append(h('button', { class: 'button button--quiet', type: 'button', 'data-act': 'gap' }));
  }
  const key = failed === gap ? 'timeline.gap_failed' : gap.open || fetching === gap ? 'timeline.gap_loading' : 'timeline.gap';
  write(element.firstElementChild, t(key, { n: gap.to - gap.from + 1 }));
}

/** What of a row can have the focus. */
function boxOf(row) {
  return row.querySelector('.message__box, button');
}

customElements.define('hihi-timeline', TimelineElement);
