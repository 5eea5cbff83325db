/** A scrolled list as the ScrollKeeper sees one; `isLatest()` says whether nothing comes after it. */
export function scrollView(scroller, list, isLatest) {
  return {
    get latest() {
      return isLatest();
    },
    get top() {
      return scroller.scrollTop;
    },
    set top(top) {
      scroller.scrollTop = top;
    },
    get height() {
      return scroller.scrollHeight;
    },
    get viewport() {
      return scroller.clientHeight;
    },
    /**
     * Only a message stays what it is: a day begins higher up when older ones come, and a gap shrinks. And of the messages one that
     * follows another: the first of them loses its head to older ones of the same person.
     */
    firstInView() {
      const { top, bottom } = scroller.getBoundingClientRect();
      let first = null;
      for (const row of list.querySelectorAll('.message')) {
        const place = row.getBoundingClientRect();
        if (first && place.top >= bottom) break;
        if (place.bottom <= top) continue;
        if (row.previousElementSibling?.matches('.message')) return row;
        first ??= row;
      }
      return first;
    },
    placeOf(row) {
      return row.isConnected ? row.getBoundingClientRect().top - scroller.getBoundingClientRect().top : null;
    },
  };
}
