/** A scrolled list as the ScrollKeeper sees one. */
export function scrollView(scroller, list) {
  return {
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
    firstInView() {
      const edge = scroller.getBoundingClientRect().top;
      for (const row of list.children) if (row.getBoundingClientRect().bottom > edge) return row;
      return null;
    },
    placeOf(row) {
      return row.isConnected ? row.getBoundingClientRect().top - scroller.getBoundingClientRect().top : null;
    },
  };
}
