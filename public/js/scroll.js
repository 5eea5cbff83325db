// Keeps the reader's place. Whatever changes size, either the end stays the end, or the first
// message in view stays where it is. It never waits for the browser's own scroll anchoring, which
// Safari lacks; the timeline turns that off, so that there is one rule everywhere.

/** This near to the end counts as reading the newest. */
export const NEAR_PX = 100;
/** This near to the top is the moment to load what is older. */
export const OLDER_PX = 600;

export class ScrollKeeper {
  /** Whether new messages keep the end in view. */
  atEnd = true;
  /** Whether the reader moved down last. */
  goesDown = false;

  #view;
  #anchor = null;

  /**
   * `view`: {top (get, set), height, viewport, latest, firstInView() → anchor | null, placeOf(anchor)},
   * where a place is the distance from the top edge of the view, or null when it is gone, and
   * `latest` says whether the end of the view is the end of the talk.
   */
  constructor(view) {
    this.#view = view;
  }

  get distance() {
    return this.#view.height - this.#view.viewport - this.#view.top;
  }

  get wantsOlder() {
    return this.#view.top < OLDER_PX;
  }

  /** What is kept where, {what, place}; null at the end. */
  get anchor() {
    return this.atEnd ? null : this.#anchor;
  }

  /** Whether what isn't loaded at this anchor is about to come into view from below. */
  isAhead(what) {
    const place = this.#view.placeOf(what);
    return place > 0 && place < this.#view.viewport + OLDER_PX;
  }

  shows(what) {
    const place = this.#view.placeOf(what);
    return place >= 0 && place < this.#view.viewport - NEAR_PX;
  }

  /** From now on this stays there. */
  hold(anchor) {
    this.atEnd = false;
    this.#anchor = anchor;
    this.settle();
  }

  /** The reader scrolled: this is now the place to keep. */
  remember() {
    const place = this.#anchor && this.#view.placeOf(this.#anchor.what);
    if (place !== null && place !== this.#anchor.place) this.goesDown = place < this.#anchor.place;
    this.atEnd = this.#view.latest && this.distance <= NEAR_PX;
    this.#mark();
  }

  /** Something changed size. */
  settle() {
    if (this.atEnd) this.toEnd();
    else if (this.#anchor) {
      const place = this.#view.placeOf(this.#anchor.what);
      if (place !== null) this.#view.top += place - this.#anchor.place;
      this.#mark();
    }
  }

  change(mutate) {
    // The scroll event may still be on its way; what counts is what the reader sees now.
    if (!this.atEnd) this.#mark();
    mutate();
    this.settle();
  }

  toEnd() {
    this.atEnd = true;
    this.#view.top = this.#view.height - this.#view.viewport;
  }

  #mark() {
    const what = this.#view.firstInView();
    this.#anchor = what === null ? null : { what, place: this.#view.placeOf(what) };
  }
}
