// What the deployer says of this site, as far as pages show it: kept in the browser, so that a
// page looks right before it has asked. The server enforces all of it by itself.

const KEPT = 'hihi/site';
const UNKNOWN = Object.freeze({
  site_name: null,
  site_welcome: null,
  site_links: [],
  guests: true,
  registration: true,
  room_creation: 'everyone',
});

let known = null;

export function site() {
  return (known ??= { ...UNKNOWN, ...kept() });
}

/** Takes what the server says; whether anything is new. */
export function learnSite(config) {
  const news = Object.fromEntries(Object.keys(UNKNOWN).map((key) => [key, config[key] ?? UNKNOWN[key]]));
  const changed = JSON.stringify(news) !== JSON.stringify(site());
  known = news;
  if (changed) keep(news);
  return changed;
}

/** Whether the page offers this person to make rooms. Who is an admin only the server knows. */
export function offersRooms(viewer) {
  return site().room_creation === 'everyone' || viewer?.kind === 'account';
}

function kept() {
  try {
    const value = JSON.parse(localStorage.getItem(KEPT));
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

function keep(value) {
  try {
    localStorage.setItem(KEPT, JSON.stringify(value));
  } catch {
    // Then it is asked for on every page.
  }
}
