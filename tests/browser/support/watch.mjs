/** Chromium's word for a handshake that the page itself gave up, as whoever leaves a room before it answered does. */
const GIVEN_UP = /WebSocket is closed before the connection is established/;

/** Collects what a page complains of while it lives, except what belongs to the story. */
export function watch(page, expected = []) {
  const complaints = [];
  const complain = (what) => {
    if (![GIVEN_UP, ...expected].some((pattern) => pattern.test(what))) complaints.push(what);
  };
  // The browser tells of CSP reports here too.
  page.on('console', (message) => message.type() === 'error' && complain(`${message.text()} (${message.location().url})`));
  page.on('pageerror', (error) => complain(`uncaught: ${error.stack ?? error}`));
  page.on('crash', () => complain('the page crashed'));
  return complaints;
}
