// The room page: opens rooms one after another without leaving, and ties the elements to the
// session that is open.

import '../elements/announcer.js';
import '../elements/banner.js';
import '../elements/composer.js';
import '../elements/members.js';
import '../elements/preferences.js';
import '../elements/room-header.js';
import '../elements/timeline.js';
import '../elements/typing-line.js';
import { inviteOf, isEmbedded, ROOM_LIST, roomAddress, roomOf } from '../addresses.js';
import { knownError } from '../api.js';
import { lookAtInvite } from '../arrival.js';
import { draftOf, openSession } from '../browser-session.js';
import { copyText } from '../copy.js';
import { say, setAttribute, write } from '../dom.js';
import { MembersPane } from '../elements/members-pane.js';
import { showMe } from '../elements/me.js';
import { showRooms } from '../elements/room-rows.js';
import { showRoomState } from '../elements/room-state.js';
import { siteName } from '../elements/site-words.js';
import { explain } from '../i18n/errors.js';
import { t } from '../i18n/index.js';
import { api, askToEnter, findViewer, forget, goOut, startPage, wantsToJoin, whenSignedOutElsewhere, whileSeen } from '../page.js';
import { rightsOf } from '../rights.js';
import { Rooms } from '../rooms.js';
import { offersRooms } from '../site.js';
import { parseRoomName } from '../text.js';

const REFRESH_MS = 30_000;

/** A room in a frame of somebody's own page: css/chat.css leaves out what leads elsewhere. */
const embed = isEmbedded(location.href);
/** A browser asks for leave only for the page it shows, not for frames in it. */
const notifies = 'Notification' in window && !embed;
const main = document.querySelector('main');
const composer = document.querySelector('hihi-composer');
const members = document.querySelector('hihi-members');
const others = document.querySelectorAll('hihi-room-header, hihi-timeline, hihi-banner, hihi-typing, hihi-announcer');
const leaveDialog = document.querySelector('.leave');
const membersPane = new MembersPane(members);
const wide = matchMedia('(min-width: 45rem)');
const rooms = new Rooms(api);
const mine = new Rooms({ rooms: () => api.myRooms() });
const statePlace = document.querySelector('.room-state');

let viewer = null;
let session = null;
/** Who stands before a room with an invite: {name}, and then why not or what it leads to. */
let arrival = null;
/** What is wrong with the name in the address, when no room can have it. */
let misnamed = null;
let unseen = 0;

function open(name) {
  session?.close();
  arrival = null;
  const parsed = name ? parseRoomName(name) : null;
  misnamed = parsed?.ok === false ? { ...parsed, field: 'name' } : null;
  session = parsed?.ok ? openSession(name, viewer) : null;
  unseen = 0;
  if (!session) {
    lookAround();
    return render();
  }
  composer.show(session, draftOf(name, viewer));
  members.show(session);
  for (const element of others) element.show(session);
  membersPane.close();
  const opened = session;
  const focused = document.activeElement;
  session.addEventListener('room', render);
  session.addEventListener('connection', render);
  session.addEventListener('people', renderRooms);
  session.addEventListener('ended', ({ detail }) => ended(detail));
  session.addEventListener('trouble', ({ detail }) => say(explain(detail)));
  session.addEventListener('failed', ({ detail }) => say(t('message.failed', { why: explain(detail ?? {}) }), { seen: false }));
  session.addEventListener('live', ({ detail }) => {
    unseen += document.hidden ? 1 : 0;
    renderTitle();
    tellOf(opened, detail);
  });
  if (wantsToJoin(name)) joinWhenConnected(opened);
  render();
  return session.start().then(() => {
    if (opened !== session) return;
    lookAround();
    if (opened.state !== 'ready') return;
    membersPane.opened();
    // Who went on by keys while the room opened is not called back.
    if (document.activeElement === focused) composer.focusUnlessTouch();
  });
}

/** Who said at the entrance that they come by this invite joins; anybody else is asked. */
async function arrive(name, token) {
  session?.close();
  session = null;
  arrival = { name };
  render();
  const refused = (error) => {
    arrival = { name, code: knownError(error).code };
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
    const seen = await lookAtInvite(api, name, token);
    if (seen.inside) return open(name);
    const showInvited = seen.invite && (await import('../elements/invited.js')).showInvited;
    arrival = { name, code: seen.code, show: showInvited && (() => showInvited(statePlace, seen.invite, join)) };
    lookAround();
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
    lookAround();
  }
}

function render() {
  const code = session ? session.error?.code ?? session.connection.reason : arrival ? arrival.code : 'no_room';
  setAttribute(main, 'aria-busy', session?.state === 'loading' || (arrival && !arrival.code && !arrival.show) ? 'true' : null);
  main.classList.toggle('room--failed', Boolean(code || arrival?.show));
  if (!arrival?.show) {
    const retry = () => (arrival ? arrive(arrival.name, inviteOf(location.href)) : open(session?.name));
    const why = misnamed && explain(misnamed, 'room');
    showRoomState(statePlace, code, session ?? arrival, { create: offersRooms(viewer) ? create : null, retry, why });
  } else arrival.show();
  if (!session) write(document.querySelector('h1'), arrival?.name ?? siteName());
  const { room, joined } = session ?? {};
  const when = { joined, notices: joined && notifies, open: room?.access !== 'private', ...rightsOf(room?.role) };
  for (const button of document.querySelectorAll('[data-when]')) button.hidden = !when[button.dataset.when];
  renderTitle();
  renderRooms();
  if (viewer) showMe(document.querySelector('.me'), viewer);
}

function renderTitle() {
  const room = session?.room?.name ?? session?.name ?? arrival?.name;
  const names = { n: unseen, room, app: siteName() };
  if (!room) document.title = siteName();
  else document.title = unseen > 0 ? t('chat.title_unread', names) : t('chat.title', names);
}

function renderRooms() {
  const current = session?.room?.name;
  const shown = [...mine.rooms, ...rooms.without(mine.rooms)].map((room) => (room.name === current ? { ...room, ...session.people.here } : room));
  showRooms(document.querySelector('.rooms'), shown, { current, faces: 3 });
  write(document.querySelector('.rooms-pane__quiet'), rooms.state === 'failed' && shown.length === 0 ? t('entrance.rooms_failed') : '');
}

/** The other rooms, where there is a place to show them. */
function lookAround() {
  if (!wide.matches || !viewer || embed) return;
  rooms.refresh();
  mine.refresh();
}

async function create(name) {
  try {
    await api.createRoom(name, '');
  } catch (error) {
    if (error.code !== 'name_taken') return say(explain(error, 'room'));
  }
  return open(name);
}

/** Rooms beside this one open without leaving the page, unless a new tab is asked for. */
function clicked(event) {
  const link = event.target.closest('.rooms a');
  if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const name = roomOf(link.href);
  if (name === session?.name) return;
  history.pushState(null, '', link.href);
  open(name);
}

async function copyLink() {
  membersPane.close();
  const address = new URL(roomAddress(session.room?.name ?? session.name), location.href).href;
  say(await copyText(address) ? t('chat.copied') : t('chat.copy_failed', { address }));
}

async function leave() {
  leaveDialog.close();
  try {
    await session.leave();
    if (embed) open(session.name);
    else location.assign(ROOM_LIST);
  } catch (error) {
    say(explain(error));
  }
}

/** Of what isn't in view. Without the script for it there is still the number in the title. */
function tellOf({ name, room, me }, message) {
  if (!document.hidden || !notifies || Notification.permission !== 'granted') return;
  import('../elements/notifier.js').then(({ notify }) => notify({ name, room, me }, message)).catch(() => {});
}

/** Dialogs come when they are wanted: `load` imports one, `show` opens it. */
async function lazily(load, show) {
  try {
    show(await load());
  } catch {
    say(explain({ code: 'unreachable' }));
  }
}

const acts = {
  'copy-link': copyLink,
  invite: () => lazily(() => import('../elements/invite-dialog.js'), ({ openInvites }) => openInvites(session)),
  settings: () => lazily(() => import('../elements/settings-dialog.js'), ({ openSettings }) => openSettings(session)),
  members: () => membersPane.open(),
  notices: () => lazily(() => import('../elements/notices-dialog.js'), ({ openNotices }) => openNotices(session)),
  leave: () => {
    membersPane.close();
    leaveDialog.querySelector('h2').textContent = t('chat.leave_title', { room: session.room?.name ?? session.name });
    leaveDialog.showModal();
  },
  'leave-now': leave,
  close: (button) => button.closest('dialog').close(),
};

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-act]');
  acts[button?.dataset.act]?.(button);
});
document.querySelector('.rooms').addEventListener('click', clicked);
members.addEventListener('manage', ({ detail: person }) => {
  lazily(() => import('../elements/person-dialog.js'), ({ openPerson }) => openPerson(session, person));
});
document.querySelector('hihi-timeline').addEventListener('leave', () => composer.focusUnlessTouch());
document.querySelector('hihi-banner').addEventListener('back', () => say(t('connection.back')));
for (const list of [rooms, mine]) list.addEventListener('change', renderRooms);
addEventListener('popstate', () => open(roomOf(location.href)));
for (const type of ['online', 'offline']) addEventListener(type, () => session?.connection.check());
document.addEventListener('visibilitychange', () => {
  if (document.hidden) return;
  unseen = 0;
  renderTitle();
  session?.connection.check();
});

startPage(render);

async function begin() {
  viewer = await findViewer();
  if (!viewer) return askToEnter();
  whenSignedOutElsewhere(viewer, () => ended('signed_out'));
  whileSeen(lookAround, REFRESH_MS);
  wide.addEventListener('change', lookAround);
  const token = inviteOf(location.href);
  return token ? arrive(roomOf(location.href), token) : open(roomOf(location.href));
}

begin().catch(() => {
  write(document.querySelector('h1'), roomOf(location.href) ?? siteName());
  showRoomState(statePlace, 'unreachable', { name: roomOf(location.href) }, { retry: () => location.reload() });
  main.classList.add('room--failed');
});
