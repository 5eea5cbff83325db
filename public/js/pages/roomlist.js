// The room list: what there is, who is there, and a new room opened in place.

import '../elements/new-room.js';
import '../elements/preferences.js';
import { roomAddress } from '../addresses.js';
import { write } from '../dom.js';
import { showMe } from '../elements/me.js';
import { showRooms } from '../elements/room-rows.js';
import { explain } from '../i18n/errors.js';
import { t } from '../i18n/index.js';
import { api, askToEnter, findViewer, forget, goOut, siteName, startPage, whenSignedOutElsewhere, whileSeen, willJoin } from '../page.js';
import { Rooms } from '../rooms.js';

const REFRESH_MS = 30_000;
const SEARCH_FROM = 10;

const rooms = new Rooms(api);
const list = document.querySelector('.rooms');
const newRoom = document.querySelector('hihi-new-room');
const newButton = document.querySelector('[data-act=new]');
const search = document.querySelector('[type=search]');
const moreButton = document.querySelector('[data-act=more]');
let viewer = null;

function render() {
  document.title = `${t('rooms.title')} – ${siteName()}`;
  if (viewer) showMe(document.querySelector('.me'), viewer);
  search.closest('.search').hidden = rooms.rooms.length <= SEARCH_FROM && !rooms.hasMore && search.value === '';
  const shown = search.value.trim() ? rooms.matching(search.value) : rooms.rooms;
  showRooms(list, shown);
  list.hidden = shown.length === 0;
  moreButton.hidden = !rooms.hasMore;
  write(document.querySelector('.roomlist__state'), sentence(shown));
}

function sentence(shown) {
  if (rooms.state === 'loading') return '';
  if (rooms.state === 'failed') {
    return t(rooms.rooms.length > 0 ? 'rooms.stale' : 'rooms.failed', { reason: explain(rooms.error) });
  }
  if (rooms.rooms.length === 0) return t('rooms.empty');
  return shown.length === 0 ? t('rooms.no_match', { query: search.value.trim() }) : '';
}

function openNewRoom(open) {
  newButton.hidden = open;
  newButton.setAttribute('aria-expanded', open);
  if (open) newRoom.open();
  else {
    newRoom.hidden = true;
    newButton.focus();
  }
}

rooms.addEventListener('change', render);
search.addEventListener('input', render);
moreButton.addEventListener('click', () => rooms.more());
newButton.addEventListener('click', () => openNewRoom(true));
newRoom.addEventListener('cancel', () => openNewRoom(false));
newRoom.addEventListener('created', ({ detail: name }) => location.assign(roomAddress(name)));
newRoom.addEventListener('join', ({ detail: name }) => {
  willJoin(name);
  location.assign(roomAddress(name));
});

startPage(render);
rooms.refresh();
whileSeen(() => rooms.refresh(), REFRESH_MS);

try {
  viewer = await findViewer();
  if (viewer) {
    whenSignedOutElsewhere(viewer, () => {
      forget(viewer);
      goOut('signed_out');
    });
    render();
    if (location.hash === '#new') openNewRoom(true);
  } else askToEnter();
} catch {
  // The list says that the server can't be reached, and keeps trying.
}
