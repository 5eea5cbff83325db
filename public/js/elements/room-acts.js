// What the buttons round a room do. Their dialogs come when they are wanted.

import '../i18n/more.js';
import { ROOM_LIST, roomAddress } from '../addresses.js';
import { copyText } from '../copy.js';
import { say } from '../dom.js';
import { explain } from '../i18n/errors.js';
import { t } from '../i18n/index.js';
import { lazily } from '../page.js';

const leaveDialog = document.querySelector('.leave');

/** By the name in `data-act`: act(around, button), where `around` knows the session and the rest of the page. */
const ACTS = {
  async 'copy-link'(around) {
    around.closeMembers();
    const address = new URL(roomAddress(nameOf(around)), location.href).href;
    say(await copyText(address) ? t('chat.copied') : t('chat.copy_failed', { address }));
  },
  invite: ({ session }) => lazily(() => import('./invite-dialog.js'), ({ openInvites }) => openInvites(session)),
  search: ({ session, reveal }) => lazily(() => import('./search-dialog.js'), ({ openSearch }) => openSearch(session, reveal)),
  settings: ({ session }) => lazily(() => import('./settings-dialog.js'), ({ openSettings }) => openSettings(session)),
  notices: ({ session }) => lazily(() => import('./notices-dialog.js'), ({ openNotices }) => openNotices(session)),
  members: (around) => around.openMembers(),
  shortcuts: () => lazily(() => import('./shortcuts-dialog.js'), ({ openShortcuts }) => openShortcuts()),
  leave(around) {
    around.closeMembers();
    leaveDialog.querySelector('h2').textContent = t('chat.leave_title', { room: nameOf(around) });
    leaveDialog.showModal();
  },
  async 'leave-now'({ session, embed, open }) {
    leaveDialog.close();
    try {
      await session.leave();
      if (embed) open(session.name);
      else location.assign(ROOM_LIST);
    } catch (error) {
      say(explain(error));
    }
  },
  close: (_, button) => button.closest('dialog').close(),
};

function nameOf({ session }) {
  return session.room?.name ?? session.name;
}

export function act(name, around, button) {
  return ACTS[name]?.(around, button);
}
