// The room list: mine, the open ones, who is there, and a new room opened in place.

import '../elements/new-room.js';
import '../elements/preferences.js';
import '../i18n/more.js';
import { roomAddress } from '../addresses.js';
import { write } from '../dom.js';
import { showMe } from '../elements/me.js';
import { showRooms } from '../elements/room-rows.js';
import { siteName } from '../elements/site-words.js';
import { formatCount } from '../format.js';
import { explain } from '../i18n/errors.js';
import { t } from '../i18n/index.js';
import { api, askToEnter, findViewer, forget, goOut, showBadge, startPage, storeOf, whenSignedOutElsewhere, whileSeen, willJoin } from '../page.js';
import { Rooms } from '../rooms.js';
import { offersRooms } from '../site.js';
import { isOfReading, ReadStore, sumOf } from '../unread.js';

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
/** My rooms stand above the open ones, which would be pushed down if they came first. */
let waiting = true;

function render() {
  const read = viewer && new ReadStore(storeOf(viewer));
  const counted = (list) => (read ? list.map((room) => read.counted(room)) : list);
  const unread = sumOf(counted(mine.rooms), 'unread');
  const names = { n: formatCount(unread), room: t('rooms.title'), app: siteName() };
  document.title = t(unread > 0 ? 'chat.title_unread' : 'chat.title', names);
  if (mine.state === 'ready') showBadge(unread);
  if (viewer) showMe(document.querySelector('.me'), viewer);
  newButton.hidden = !newRoom.hidden || !offersRooms(viewer);
  if (waiting || rooms.state === 'loading') return;
  const others = rooms.without(mine.rooms);
  const query = search.value.trim();
  search.closest('.search').hidden = mine.rooms.length + others.length <= SEARCH_FROM && !rooms.hasMore && search.value === '';
  const shown = {
    mine: counted(query ? mine.matching(query) : mine.rooms),
    open: query ? rooms.matching(query).filter((room) => others.includes(room)) : others,
  };
  for (const [key, shelf] of Object.entries(shelves)) {
    shelf.hidden = shown[key].length === 0;
    showRooms(shelf.querySelector('.rooms'), shown[key]);
  }
  // Who has no rooms yet sees one list, which needs no name of its own.
  shelves.open.querySelector('h2').classList.toggle('visually-hidden', shown.mine.length === 0);
  moreButton.hidden = !rooms.hasMore;
  write(document.querySelector('.roomlist__state'), sentence(shown.mine.length + shown.open.length));
}

function sentence(count) {
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
addEventListener('storage', ({ key }) => isOfReading(key) && render());
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
    render();
    if (location.hash === '#new' && offersRooms(viewer)) openNewRoom(true);
    await mine.refresh();
  } else askToEnter();
} catch {
  // The list says that the server can't be reached, and keeps trying.
}
waiting = false;
render();
