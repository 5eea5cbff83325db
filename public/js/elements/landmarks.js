// From one part of the room to the next by a key: the other rooms, the timeline, the composer.

const PARTS = [
  { whole: '.rooms-pane', stop: '.rooms [aria-current], .rooms a, a' },
  { whole: 'hihi-timeline', stop: '.message__box[tabindex="0"], .timeline__scroller' },
  { whole: 'hihi-composer', stop: '.composer__field' },
];

/** Puts the focus into the next part that is in sight, or with -1 into the one before. */
export function goToLandmark(step) {
  const parts = PARTS.map(({ whole, stop }) => ({ whole: document.querySelector(whole), stop })).filter(({ whole }) => whole?.checkVisibility());
  const here = parts.findIndex(({ whole }) => whole.contains(document.activeElement));
  const next = here < 0 && step < 0 ? parts.length - 1 : (here + step + parts.length) % parts.length;
  const { whole, stop } = parts[next] ?? {};
  for (const selector of stop?.split(', ') ?? []) {
    const found = whole.querySelector(selector);
    if (found) return found.focus();
  }
  return undefined;
}
