// Where what is new began: a room opens there, and while that is above the view a button leads there.

import '../i18n/more.js';
import { say, write } from '../dom.js';
import { formatTime } from '../format.js';
import { explain } from '../i18n/errors.js';
import { t } from '../i18n/index.js';
import { isLookedAt } from '../page.js';

/** As much of the view, from its top, stays for what was said before. */
const CONTEXT = 0.25;

export class News {
  #scroller;
  #rows;
  #keeper;
  #bar;
  #reveal;
  #session = null;
  /** The divider that was in view: nobody has to be led there again. */
  #visited = null;

  /** `bar` is the button, `reveal(seq)` leads to a message. */
  constructor({ scroller, rows, keeper, bar, reveal }) {
    this.#scroller = scroller;
    this.#rows = rows;
    this.#keeper = keeper;
    this.#bar = bar;
    this.#reveal = reveal;
    bar.addEventListener('click', () => this.#go());
  }

  /** What is in view, in the room that is open, may be something else. */
  look(session) {
    if (this.#session !== session) this.#open(session);
    const { divider, messages } = session.reading;
    const where = this.#where();
    if (where === 'here' && isLookedAt()) this.#visited = divider;
    this.#bar.hidden = where !== 'above' || this.#visited === divider;
    if (this.#bar.hidden) return;
    const n = messages - divider.messages;
    write(this.#bar.firstElementChild, session.reading.fresh !== null ? t('timeline.news', { n, time: formatTime(this.#first.at) }) : t('timeline.news_far', { n }));
  }

  /** The first unread message comes into view, or the end, when that is near; who was here before returns to their place. */
  #open(session) {
    this.#session = session;
    const { divider, opening } = session.reading;
    const what = this.#row;
    // Whoever went elsewhere before this script was here stays there.
    if (!what || session.returned || divider !== opening || !this.#keeper.atEnd) return;
    this.#keeper.hold({ what, place: Math.round(this.#scroller.clientHeight * CONTEXT) });
    this.#keeper.remember();
    this.#keeper.settle();
  }

  get #row() {
    return this.#rows.querySelector('.timeline__new');
  }

  /** 'here', 'above', or null: below, or nothing is new. */
  #where() {
    const row = this.#row?.getBoundingClientRect();
    if (!row) return this.#session.reading.divider && this.#session.reading.fresh === null ? 'above' : null;
    const view = this.#scroller.getBoundingClientRect();
    if (row.bottom < view.top) return 'above';
    return row.top < view.bottom ? 'here' : null;
  }

  /** The first message that is new, of those that are loaded. */
  get #first() {
    const { reading: { divider }, timeline, me } = this.#session;
    return timeline.stored.find(({ seq, author }) => seq > divider.seq && author.id !== me.id);
  }

  async #go() {
    const session = this.#session;
    try {
      await session.reachUnread();
    } catch (error) {
      say(explain(error));
    }
    if (session === this.#session && this.#first) this.#reveal(this.#first.seq);
  }
}
