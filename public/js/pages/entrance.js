// The entrance: a name, one press, and below it the rooms that are alive.

import '../elements/preferences.js';
import { entranceTo, roomAddress, roomOf, ROOM_LIST, safeNext } from '../addresses.js';
import { avatarHash } from '../avatar.js';
import { setAttribute, write } from '../dom.js';
import { showAvatar } from '../elements/avatar.js';
import { showProblem } from '../elements/field.js';
import { showMe } from '../elements/me.js';
import { showRooms } from '../elements/room-rows.js';
import { explain } from '../i18n/errors.js';
import { t } from '../i18n/index.js';
import { api, findViewer, siteName, startPage, takeNotice, whileSeen, willJoin } from '../page.js';
import { Rooms } from '../rooms.js';
import { parseName } from '../text.js';

const SHOWN = 6;
const REFRESH_MS = 30_000;

const next = safeNext(new URLSearchParams(location.search).get('next'), location.origin);
const room = roomOf(next);
const form = document.querySelector('.enter');
const back = document.querySelector('.welcome-back');
const goOn = back.querySelector('[data-act=continue]');
const nameField = form.elements.name;
const alive = new Rooms(api);
const notice = takeNotice();

let viewer = null;
let problem = null;
let trouble = null;
let busy = false;

function render() {
  document.title = siteName();
  write(document.querySelector('.entrance__notice'), notice ? t(`notice.${notice}`) : '');
  write(document.querySelector('.entrance__sentence'), room ? t('entrance.to_room', { room }) : t('app.description'));
  form.hidden = viewer !== null;
  back.hidden = viewer === null;
  if (viewer) {
    showMe(back.querySelector('.me'), viewer);
    write(goOn, t('entrance.continue', { name: viewer.name }));
  }
  showProblem(nameField, problem, 'person');
  write(form.querySelector('.enter__trouble'), trouble ? explain(trouble, 'person') : '');
  const submit = form.querySelector('[type=submit]');
  write(submit, t(busy ? 'entrance.entering' : 'entrance.enter'));
  setAttribute(submit, 'aria-disabled', busy ? 'true' : null);
  renderRooms();
}

function renderRooms() {
  const shown = alive.rooms.slice(0, SHOWN);
  const title = shown.some(({ online }) => online > 0) ? 'entrance.alive' : 'rooms.title';
  write(document.querySelector('.alive__title'), t(title));
  const address = viewer ? roomAddress : (name) => entranceTo(roomAddress(name));
  showRooms(document.querySelector('.rooms'), shown, { address });
  const quiet = { loading: '', failed: t('entrance.rooms_failed'), ready: t('entrance.rooms_empty') };
  write(document.querySelector('.alive__quiet'), shown.length > 0 ? '' : quiet[alive.state]);
}

async function drawAvatar() {
  const name = parseName(nameField.value);
  const box = form.querySelector('.avatar');
  if (!name.ok) {
    delete box.dataset.hash;
    box.replaceChildren();
    return;
  }
  const hash = await avatarHash(name.value);
  // Typing went on while this was reckoned.
  const now = parseName(nameField.value);
  if (now.ok && now.value === name.value) showAvatar(box, hash);
}

async function enter(event) {
  event.preventDefault();
  if (busy) return;
  const name = parseName(nameField.value);
  problem = name.ok ? null : name;
  trouble = null;
  if (name.ok) {
    busy = true;
    render();
    try {
      await api.enter(name.value);
      if (room) willJoin(room);
      location.assign(next);
      return;
    } catch (error) {
      if (error.field === 'name') problem = error;
      else trouble = error;
    }
    busy = false;
  }
  render();
  nameField.focus();
}

form.addEventListener('submit', enter);
nameField.addEventListener('input', () => {
  drawAvatar();
  if (!problem && !trouble) return;
  problem = trouble = null;
  render();
});
goOn.addEventListener('click', () => {
  if (room) willJoin(room);
  location.assign(next);
});
alive.addEventListener('change', renderRooms);

startPage(render);
alive.refresh();
whileSeen(() => alive.refresh(), REFRESH_MS);
drawAvatar();

try {
  viewer = await findViewer();
} catch {
  // Entering will say what is wrong, if it still is.
}
if (viewer && location.pathname === '/') location.replace(ROOM_LIST);
else {
  render();
  if (!viewer && matchMedia('(hover: hover)').matches) nameField.focus();
}
