// What every page starts with: its language, its sentences, who the viewer is, and the way out.

import { Api } from './api.js';
import { ENTRANCE, entranceTo, isEmbedded } from './addresses.js';
import { fill, say } from './dom.js';
import { showSite } from './elements/site-words.js';
import { explain } from './i18n/errors.js';
import { i18n } from './i18n/index.js';
import { learnSite } from './site.js';
import { PersonStore } from './store.js';

export const api = new Api((...request) => fetch(...request));

export const clock = {
  now: () => Date.now(),
  setTimeout: (act, delay) => setTimeout(act, delay),
  clearTimeout: (timer) => clearTimeout(timer),
};

/** Every tab of this browser hears what one of them says. */
const tabs = new BroadcastChannel('hihi');
const NOTICE = 'hihi/notice';
const ARRIVING = 'hihi/arriving';

/** `render` is called now and whenever the language changes. */
export function startPage(render = () => {}) {
  const translate = () => {
    document.documentElement.lang = i18n.language;
    fill(document);
    showSite();
    render();
  };
  i18n.addEventListener('change', translate);
  translate();
  // A page from the back-forward cache may belong to somebody who has left.
  addEventListener('pageshow', ({ persisted }) => persisted && location.reload());
  api.config().then((config) => {
    if (!learnSite(config)) return;
    showSite();
    render();
  }, () => {});
}

/** What is wanted only sometimes comes when it is: `load` imports it, `show` shows it. */
export async function lazily(load, show) {
  try {
    show(await load());
  } catch {
    say(explain({ code: 'unreachable' }));
  }
}

/** The server's mark beside the session cookie, which scripts can't see. */
const MARK = /(?:^|; )hihi-entered=1/;

/** Whether somebody entered in this browser, as far as scripts can see. */
export function mayHaveEntered() {
  return MARK.test(document.cookie);
}

/** Who is signed in, or null. Throws when that can't be learnt. */
export async function findViewer() {
  if (!mayHaveEntered()) return null;
  try {
    return await api.session();
  } catch (error) {
    if (error.status === 401) return null;
    throw error;
  }
}

/** Leads to the entrance, which then leads back here. */
export function askToEnter() {
  location.replace(entranceTo(location.pathname + location.search));
}

let leaving = false;

/** Leads to the entrance because this session is over; the sentence there says why. */
export function goOut(notice, { andBack = false } = {}) {
  if (leaving) return;
  leaving = true;
  keep(sessionStorage, NOTICE, notice);
  // A frame in somebody's own page stays the room it is.
  location.assign(andBack || isEmbedded(location.href) ? entranceTo(location.pathname + location.search) : ENTRANCE);
}

export function takeNotice() {
  return take(NOTICE);
}

export function logOut(me) {
  return leaveBy(me, () => api.logOut());
}

export function logOutEverywhere(me) {
  return leaveBy(me, () => api.logOutEverywhere());
}

/** `ask` deletes this person's account, or throws why not. */
export function leaveForGood(me, ask) {
  return leaveBy(me, ask, 'account_deleted');
}

async function leaveBy(me, ask, notice = 'logged_out') {
  // The room may close my socket before this is answered; to leave then would lose the answer,
  // which is what takes the cookie away.
  leaving = true;
  try {
    await ask();
  } finally {
    leaving = false;
  }
  forget(me);
  tabs.postMessage({ type: 'signed_out', person: me.id });
  goOut(notice);
}

let store = null;

/** What this browser keeps for the viewer. */
export function storeOf(me) {
  return (store ??= new PersonStore(localStorage, me.id));
}

/** Nothing a person wrote stays in a browser they left. */
export function forget(me) {
  storeOf(me).clear();
  showBadge(0);
}

/** On the icon of an installed page, where the system has such a thing. */
export function showBadge(count) {
  const shown = count > 0 ? navigator.setAppBadge?.(count) : navigator.clearAppBadge?.();
  shown?.catch(() => {});
}

/** Whether somebody looks at this page right now. */
export function isLookedAt() {
  return !document.hidden && document.hasFocus();
}

/** Another tab logged this person out; the room's socket may take longer to say so. */
export function whenSignedOutElsewhere(me, act) {
  tabs.addEventListener('message', ({ data }) => {
    if (data?.type === 'signed_out' && data.person === me.id) act();
  });
}

/** Who enters by a room's link, or asks to join from a list, becomes a member on arrival. */
export function willJoin(room) {
  keep(sessionStorage, ARRIVING, room);
}

export function wantsToJoin(room) {
  if (kept(sessionStorage, ARRIVING) !== room) return false;
  take(ARRIVING);
  return true;
}

/** Runs now and then while somebody looks, and at once when they come back. */
export function whileSeen(act, every) {
  let last = Date.now();
  const run = () => {
    if (document.hidden) return;
    last = Date.now();
    act();
  };
  setInterval(run, every);
  document.addEventListener('visibilitychange', () => Date.now() - last > 1_000 && run());
}

function keep(storage, key, value) {
  try {
    storage.setItem(key, value);
  } catch {
    // Without storage the page still works; it only remembers less.
  }
}

function kept(storage, key) {
  try {
    return storage.getItem(key);
  } catch {
    return null;
  }
}

function take(key) {
  const value = kept(sessionStorage, key);
  try {
    sessionStorage.removeItem(key);
  } catch {
    // As above.
  }
  return value;
}
