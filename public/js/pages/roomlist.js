// The room list: mine, the open ones, who is there, and a new room opened in place.

import '../elements/new-room.js';
import '../elements/preferences.js';
import { roomAddress } from '../addresses.js';
import { write } from '../dom.js';
import { showMe } from '../elements/me.js';
import { showRooms } from '../elements/room-rows.js';
import { siteName } from '../elements/site-words.js';
import { explain } from '../i18n/errors.js';
import { t } from '../i18n/index.js';
import { api, askToEnter, findViewer, forget, goOut, startPage, whenSignedOutElsewhere, whileSeen, willJoin } from '../page.js';
import { Rooms } from '../rooms.js';
import { offersRooms } from '../site.js';

const REFRESH_MS = 30_000;
const SEARCH_FROM = 10;

const rooms = new Rooms(api);
const mine = new Rooms({ rooms: () => api.myRooms() });
const shelves = { mine: document.querySelector('.shelf--mine'), open: document.querySelector('.shelf--open') };
const newRoom = document.querySelector('hihi-new-room');
const newButton = document.querySelector('[data-act=new]');
const search = document.querySelector('[type=search]');
const moreButton = document.querySelector('[data-act=more]');
let viewer = null;

function render() {
  document.title = `${t('rooms.title')} – ${siteName()}`;
  if (viewer) showMe(document.querySelector('.me'), viewer);
  const others = rooms.without(mine.rooms);
  const query = search.value.trim();
  search.closest('.search').hidden = mine.rooms.length + others.length <= SEARCH_FROM && !rooms.hasMore && search.value === '';
  const shown = {
    mine: query ? mine.matching(query) : mine.rooms,
    open: query ? rooms.matching(query).filter((room) => others.includes(room)) : others,
  };
  for (const [key, shelf] of Object.entries(shelves)) {
    shelf.hidden = shown[key].length === 0;
    showRooms(shelf.querySelector('.rooms'), shown[key]);
  }
  // Who has no rooms yet sees one list, which needs no name of its own.
  shelves.open.querySelector('h2').classList.toggle('visually-hidden', shown.mine.length === 0);
  newButton.hidden = !newRoom.hidden || !offersRooms(viewer);
  moreButton.hidden = !rooms.hasMore;
  write(document.querySelector('.roomlist__state'), sentence(shown.mine.length + shown.open.length));
}

function sentence(count) {
  if (rooms.state === 'loading') return '';
  const failed = [rooms, mine].find(({ state }) => state === 'failed');
  const any = rooms.rooms.length + mine.rooms.length > 0;
  if (failed) return t(any ? 'rooms.stale' : 'rooms.failed', { reason: explain(failed.error) });
  if (!any) return t('rooms.empty');
  return count === 0 ? t('rooms.no_match', { query: search.value.trim() }) : '';
}

function refresh() {
  rooms.refresh();
  if (viewer) mine.refresh();
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

for (const list of [rooms, mine]) list.addEventListener('change', render);
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
refresh();
whileSeen(refresh, REFRESH_MS);

try {
  viewer = await findViewer();
  if (viewer) {
    whenSignedOutElsewhere(viewer, () => {
      forget(viewer);
      goOut('signed_out');
    });
    mine.refresh();
    render();
    if (location.hash === '#new' && offersRooms(viewer)) openNewRoom(true);
  } else askToEnter();
} catch {
  // The list says that the server can't be reached, and keeps trying.
}
