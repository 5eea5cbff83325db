// The entrance: a name, one press, and below it the rooms that are alive. Logging in and the rest
// of what accounts need stand behind quiet links and change the form in place.

import '../elements/account-form.js';
import '../elements/preferences.js';
import '../i18n/more.js';
import { AccountApi } from '../account-api.js';
import { Accounts } from '../accounts.js';
import { entranceTo, inviteOf, roomAddress, roomOf, ROOM_LIST, safeNext } from '../addresses.js';
import { write } from '../dom.js';
import { GuestForm } from '../elements/guest-form.js';
import { showMe } from '../elements/me.js';
import { showRecoveryCode } from '../elements/recovery-code.js';
import { showRooms } from '../elements/room-rows.js';
import { siteName } from '../elements/site-words.js';
import { formatPerson } from '../format.js';
import { t } from '../i18n/index.js';
import { api, findViewer, forget, mayHaveEntered, startPage, takeNotice, whileSeen, willJoin } from '../page.js';
import { Rooms } from '../rooms.js';
import { site } from '../site.js';

const SHOWN = 6;
const REFRESH_MS = 30_000;
const TITLES = { login: 'login.title', register: 'register.title', recover: 'recover.title', reset: 'reset.title' };
const SENTENCES = { login: 'login.sentence', register: 'register.sentence', recover: 'recover.sentence', reset: 'reset.sentence' };
const hasPassword = (mode) => Object.hasOwn(TITLES, mode);

const next = safeNext(new URLSearchParams(location.search).get('next'), location.origin);
const room = roomOf(next);
const accounts = new Accounts(new AccountApi(api));
const guestForm = new GuestForm(document.querySelector('.guest-form'), enter);
const accountForm = document.querySelector('hihi-account-form');
const back = document.querySelector('.welcome-back');
const ways = document.querySelector('.ways');
const alive = new Rooms(api);
const touch = matchMedia('(hover: none) and (pointer: coarse)');

let notice = takeNotice();
let viewer = null;
/** Who may be known already is not asked for a name first. */
let looking = mayHaveEntered();
let invite = null;
/** The code of a new account is in sight, and nothing else matters. */
let keeping = false;

/** Which form the address asks for, as far as this site has it. */
function mode() {
  const [asked] = location.hash.slice(1).split('=');
  if (viewer?.kind === 'account' && asked !== 'reset') return 'back';
  if (asked === 'register' && !site().registration) return 'login';
  if (hasPassword(asked)) return asked;
  if (viewer) return 'back';
  return site().guests ? 'guest' : 'login';
}

function render() {
  if (looking) return;
  ways.hidden = false;
  const now = mode();
  const formed = hasPassword(now);
  document.title = keeping ? titled('code.title') : formed ? titled(TITLES[now]) : siteName();
  write(document.querySelector('.entrance__notice'), notice ? t(`notice.${notice}`) : '');
  write(document.querySelector('.entrance__sentence'), keeping ? '' : sentence(now));
  guestForm.hidden = now !== 'guest';
  back.hidden = now !== 'back' || keeping;
  accountForm.hidden = !formed && !keeping;
  if (formed && !keeping) accountForm.show(now, { act: acts[now], username: accountForm.username || nameSoFar(now) });
  if (now === 'back') showBack();
  guestForm.render();
  renderWays(now);
  renderRooms();
}

function titled(key) {
  return `${t(key)} – ${siteName()}`;
}

function sentence(now) {
  if (invite?.inviter) return t('entrance.invited', { name: formatPerson(invite.inviter), room: invite.room.name });
  if (invite?.bad) return t('entrance.bad_invite');
  if (viewer?.kind === 'guest' && now === 'login') return t('login.as_guest', { name: formatPerson(viewer) });
  if (viewer?.kind === 'guest' && now === 'register') return t('register.as_guest');
  if (hasPassword(now) && !(room && now === 'login')) return t(SENTENCES[now]);
  return room ? t('entrance.to_room', { room }) : t('app.description');
}

/** What was typed as a guest's name, or is one, is likely the name wanted. */
function nameSoFar(now) {
  return now === 'register' ? viewer?.name ?? guestForm.name : guestForm.name;
}

function showBack() {
  showMe(back.querySelector('.me'), viewer);
  write(back.querySelector('[data-act=continue]'), t('entrance.continue', { name: viewer.name }));
}

function renderWays(now) {
  const offered = {
    guest: site().guests && !viewer,
    login: viewer?.kind !== 'account',
    register: site().registration && viewer?.kind !== 'account',
    recover: now === 'login',
  };
  for (const link of ways.children) {
    const way = link.hash.slice(1);
    link.hidden = keeping || !offered[way] || way === now;
  }
}

function renderRooms() {
  const shown = alive.rooms.slice(0, SHOWN);
  const title = shown.some(({ online }) => online > 0) ? 'entrance.alive' : 'rooms.title';
  document.querySelector('.alive').hidden = keeping;
  write(document.querySelector('.alive__title'), t(title));
  const address = viewer ? roomAddress : (name) => entranceTo(roomAddress(name));
  showRooms(document.querySelector('.rooms'), shown, { address });
  const quiet = { loading: '', failed: t('entrance.rooms_failed'), ready: t('entrance.rooms_empty') };
  write(document.querySelector('.alive__quiet'), shown.length > 0 ? '' : quiet[alive.state]);
}

const acts = {
  async login(values) {
    await accounts.logIn(values);
    becomeSomebodyElse();
    goIn();
  },
  async register({ username, new_password: password, setup_token }) {
    const { recovery_code: code } = await accounts.register({ username, password, setup_token });
    keeping = true;
    notice = null;
    showRecoveryCode(accountForm, code, goIn);
    render();
  },
  async recover(values) {
    await accounts.recover(values);
    becomeSomebodyElse();
    goIn();
  },
  async reset({ new_password }) {
    await accounts.reset({ token: location.hash.split('=')[1] ?? '', new_password });
    notice = 'password_set';
    location.hash = 'login';
  },
};

/** The guest of before is gone, and leaves nothing in this browser. */
function becomeSomebodyElse() {
  if (viewer) forget(viewer);
}

async function enter(name) {
  await api.enter(name);
  goIn();
}

function goIn() {
  if (room) willJoin(room);
  location.assign(next);
}

/** Whoever chose another form by a link writes on in it. */
function changed() {
  const now = mode();
  render();
  if (hasPassword(now)) accountForm.focus();
  else if (now === 'guest') guestForm.focus();
}

async function lookAtInvite() {
  const token = inviteOf(next);
  if (!token) return;
  try {
    invite = await api.invite(room, token);
  } catch (error) {
    invite = error.status === 404 ? { bad: true } : null;
  }
  render();
}

back.querySelector('[data-act=continue]').addEventListener('click', goIn);
alive.addEventListener('change', () => looking || renderRooms());
addEventListener('hashchange', changed);

startPage(render);
alive.refresh();
lookAtInvite();
whileSeen(() => alive.refresh(), REFRESH_MS);

try {
  viewer = await findViewer();
} catch {
  // Entering will say what is wrong, if it still is.
}
looking = false;
if (viewer && location.pathname === '/' && !location.hash) location.replace(ROOM_LIST);
else {
  if (touch.matches || viewer) render();
  else changed();
}
