// The room page: opens rooms one after another without leaving, and ties the elements to the
// session that is open.

import '../elements/composer.js';
import '../elements/room-header.js';
import '../elements/timeline.js';
import { inviteOf, isEmbedded, roomAddress, roomOf } from '../addresses.js';
import { knownError } from '../api.js';
import { draftOf, openSession } from '../browser-session.js';
import { painted, say, setAttribute, write } from '../dom.js';
import { siteName } from '../elements/site-words.js';
import { formatCount } from '../format.js';
import { explain } from '../i18n/errors.js';
import { t } from '../i18n/index.js';
import { api, askToEnter, findViewer, forget, goOut, lazily, startPage, wantsToJoin, whenSignedOutElsewhere } from '../page.js';
import { rightsOf } from '../rights.js';
import { offersRooms } from '../site.js';

/** A room in a frame of somebody's own page: css/chat.css leaves out what leads elsewhere. */
const embed = isEmbedded(location.href);
/** A browser asks for leave only for the page it shows, not for frames in it. */
const notifies = 'Notification' in window && !embed;
const main = document.querySelector('main');
const composer = document.querySelector('hihi-composer');
const others = document.querySelectorAll('hihi-room-header, hihi-timeline');
const statePlace = document.querySelector('.room-state');

let viewer = null;
let session = null;
/** What stands round the conversation, once it is there. */
let around = null;
/** Who stands before a room with an invite: {name}, and then why not (code, error) or what it leads to (show). */
let arrival = null;
/** Shows why there is no room to see, and what: it comes with the first reason. */
let roomState = null;
let stateNow = [];
/** Whether it is known who comes, and whether that can't be learnt. */
let begun = false;
let lost = false;
/** What is wrong with the name in the address, when no room can have it. */
let misnamed = null;

function open(name) {
  session?.close();
  arrival = null;
  misnamed = null;
  // These two would make another address of a room's.
  const addressable = name && name !== '.' && name !== '..';
  session = addressable ? openSession(name, viewer) : null;
  around?.show(session);
  if (!session) {
    render();
    return name && explainName(name, session);
  }
  composer.show(session, draftOf(name, viewer));
  for (const element of others) element.show(session);
  const opened = session;
  const focused = document.activeElement;
  session.addEventListener('room', render);
  session.addEventListener('connection', render);
  session.addEventListener('ended', ({ detail }) => ended(detail));
  session.addEventListener('trouble', ({ detail }) => say(explain(detail)));
  session.addEventListener('failed', ({ detail }) => say(t('message.failed', { why: explain(detail ?? {}) }), { seen: false }));
  session.addEventListener('reading', renderCounts);
  session.addEventListener('live', ({ detail }) => tellOf(opened, detail));
  if (wantsToJoin(name)) joinWhenConnected(opened);
  render();
  return session.start().then(() => {
    if (opened !== session) return undefined;
    if (opened.error?.code === 'unknown_room') return explainName(name, opened);
    if (opened.state !== 'ready') return undefined;
    // Who went on by keys while the room opened is not called back.
    if (document.activeElement === focused) composer.focusUnlessTouch();
  });
}

/** A room that isn't there may have a name that no room can have. */
async function explainName(name, asked) {
  const [{ parseRoomName }] = await Promise.all([import('../text.js'), import('../i18n/more.js')]);
  const parsed = parseRoomName(name);
  if (asked !== session || parsed.ok) return;
  misnamed = { ...parsed, field: 'name' };
  render();
}

/** Who said at the entrance that they come by this invite joins; anybody else is asked. */
async function arrive(name, token) {
  session?.close();
  session = null;
  arrival = { name };
  around?.show(null);
  render();
  const refused = (error) => {
    const known = knownError(error);
    arrival = { name, code: known.code, error: known };
    render();
  };
  const join = async () => {
    try {
      await api.join(name, token);
    } catch (error) {
      // What may work the next time leaves the invite where it is.
      if (knownError(error).passing && arrival?.show) throw error;
      return refused(error);
    }
    history.replaceState(null, '', roomAddress(name, { embed }));
    return open(name);
  };
  try {
    if (wantsToJoin(name)) return await join();
    const { lookAtInvite } = await import('../arrival.js');
    const seen = await lookAtInvite(api, name, token);
    if (seen.inside) return open(name);
    const showInvited = seen.invite && (await import('../elements/invited.js')).showInvited;
    arrival = { name, code: seen.code, show: showInvited && (() => showInvited(statePlace, seen.invite, join)) };
  } catch (error) {
    return refused(error);
  }
  return render();
}

function joinWhenConnected(arriving) {
  const join = () => {
    if (arriving.connection.state !== 'online') return;
    arriving.removeEventListener('connection', join);
    if (!arriving.joined) arriving.join().catch((error) => say(explain(error)));
  };
  arriving.addEventListener('connection', join);
}

function ended(code) {
  if (code === 'signed_out') {
    forget(viewer);
    goOut('signed_out');
  } else if (['session_expired', 'session_ended', 'not_signed_in'].includes(code)) {
    goOut('session_ended', { andBack: true });
  } else {
    render();
    around?.refresh();
  }
}

function render() {
  const code = lost ? 'unreachable' : misnamed ? 'no_room' : session ? session.error?.code ?? session.connection.reason : arrival ? arrival.code : 'no_room';
  setAttribute(main, 'aria-busy', session?.state === 'loading' || (arrival && !arrival.code && !arrival.show) ? 'true' : null);
  main.classList.toggle('room--failed', Boolean(code || arrival?.show));
  if (!arrival?.show) {
    const retry = () => (lost ? location.reload() : arrival ? arrive(arrival.name, inviteOf(location.href)) : open(session?.name));
    const why = misnamed && explain(misnamed, 'room');
    showState(begun || lost ? code : null, session ?? arrival ?? { name: roomOf(location.href) }, { create: offersRooms(viewer) ? create : null, retry, why });
  } else arrival.show();
  if (!session) write(document.querySelector('h1'), (lost ? roomOf(location.href) : arrival?.name) ?? siteName());
  const { room, joined } = session ?? {};
  const when = { joined, notices: joined && notifies, open: room?.access !== 'private', ...rightsOf(room?.role) };
  for (const button of document.querySelectorAll('[data-when]')) button.hidden = !when[button.dataset.when];
  renderCounts();
}

/** Why there is no room to see, as elements/room-state.js has it. */
function showState(...state) {
  stateNow = state;
  if (roomState) return roomState(statePlace, ...stateNow);
  return state[0] && lazily(() => import('../elements/room-state.js'), ({ showRoomState }) => {
    roomState = showRoomState;
    roomState(statePlace, ...stateNow);
  });
}

function renderCounts() {
  const room = session?.room?.name ?? session?.name ?? arrival?.name;
  const unread = session?.reading?.unread ?? 0;
  const names = { n: formatCount(unread), room, app: siteName() };
  if (!room) document.title = siteName();
  else document.title = unread > 0 ? t('chat.title_unread', names) : t('chat.title', names);
  around?.render();
}

async function create(name) {
  try {
    await api.createRoom(name, '');
  } catch (error) {
    if (error.code !== 'name_taken') return say(explain(error, 'room'));
  }
  return open(name);
}

/** Of what isn't in view. Without the script for it there is still the number in the title. */
function tellOf({ name, room, me }, message) {
  if (!document.hidden || !notifies || Notification.permission !== 'granted') return;
  import('../elements/notifier.js').then(({ notify }) => notify({ name, room, me }, message)).catch(() => {});
}

const timeline = document.querySelector('hihi-timeline');
document.addEventListener('click', ({ target }) => {
  const button = target.closest('[data-act]');
  // What can be done with a message is the timeline's.
  if (button && !timeline.contains(button)) lazily(() => coming, () => around?.act(button));
});
timeline.addEventListener('leave', () => composer.focusUnlessTouch());
timeline.addEventListener('reply', ({ detail: item }) => composer.answer(item));
composer.addEventListener('edit-last', () => timeline.editLast());
addEventListener('popstate', () => open(roomOf(location.href)));
for (const type of ['online', 'offline']) addEventListener(type, () => session?.check());
document.addEventListener('visibilitychange', () => {
  if (document.hidden) return session?.reading?.flush();
  session?.reading?.check();
  return session?.check();
});
addEventListener('focus', () => session?.reading?.check());
addEventListener('pagehide', () => session?.reading?.flush());

startPage(render);
const finding = findViewer();
const coming = comeAround();
// Whoever waits for it is told; that there is no viewer is begin's to tell.
coming.catch(() => {});

async function comeAround() {
  const [{ Around }, found] = await Promise.all([painted().then(() => import('../elements/around.js')), finding]);
  if (!found) return;
  around = new Around({ viewer: found, open, reveal: (seq) => timeline.reveal(seq), embed });
  around.show(session);
  render();
}

async function begin() {
  viewer = await finding;
  begun = true;
  if (!viewer) return askToEnter();
  whenSignedOutElsewhere(viewer, () => ended('signed_out'));
  lazily(() => coming, () => {});
  const token = inviteOf(location.href);
  return token ? arrive(roomOf(location.href), token) : open(roomOf(location.href));
}

begin().catch(() => {
  lost = true;
  render();
});
