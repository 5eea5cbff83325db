// The account: who I am, my password, where I am logged in, and the end of it.

import '../elements/account-form.js';
import '../elements/preferences.js';
import '../i18n/more.js';
import { AccountApi } from '../account-api.js';
import { Accounts } from '../accounts.js';
import { say, write } from '../dom.js';
import { showAvatar } from '../elements/avatar.js';
import { showMe } from '../elements/me.js';
import { nameOf, showSessions } from '../elements/sessions.js';
import { siteName } from '../elements/site-words.js';
import { formatMark } from '../format.js';
import { explain } from '../i18n/errors.js';
import { t } from '../i18n/index.js';
import { api, askToEnter, findViewer, forget, goOut, lazily, logOutEverywhere, startPage, whenSignedOutElsewhere, whileSeen } from '../page.js';
import { site } from '../site.js';

const REFRESH_MS = 60_000;

const accountApi = new AccountApi(api);
const accounts = new Accounts(accountApi);
const form = document.querySelector('hihi-account-form');
const everywhere = document.querySelector('[data-act=everywhere]');
let viewer = null;
let sessions = [];
let trouble = null;

function render() {
  document.title = `${t('account.title')} – ${siteName()}`;
  if (!viewer) return write(document.querySelector('[data-sessions-state]'), trouble ? explain(trouble) : '');
  showMe(document.querySelector('.me'), viewer);
  showAvatar(document.querySelector('.account__who .avatar'), viewer.avatar);
  write(document.querySelector('.account__name'), viewer.name);
  write(document.querySelector('.account__mark'), formatMark(viewer));
  const isGuest = viewer.kind === 'guest';
  document.querySelector('.account__guest').hidden = !isGuest;
  document.querySelector('.account__guest a').hidden = !site().registration;
  for (const part of document.querySelectorAll('[data-of=account]')) part.hidden = isGuest;
  if (isGuest) return undefined;
  form.show('change', { act: change, username: viewer.name });
  showSessions(document.querySelector('.sessions'), sessions, end);
  const state = trouble ? t('account.sessions_failed', { reason: explain(trouble) }) : '';
  return write(document.querySelector('[data-sessions-state]'), state);
}

async function change(values) {
  await accounts.changePassword({ username: viewer.name, ...values });
  form.clear();
  say(t('account.changed'));
  await lookAround();
}

async function lookAround() {
  if (viewer.kind === 'guest') return;
  try {
    ({ sessions } = await accountApi.sessions());
    trouble = null;
  } catch (error) {
    if (error.status === 401) return goOut('session_ended', { andBack: true });
    trouble = error;
  }
  render();
}

async function end(session) {
  try {
    await accountApi.endSession(session.id);
    say(t('account.ended', { device: nameOf(session) }));
  } catch (error) {
    // Another one was quicker: it has ended all the same.
    if (error.code !== 'not_found') say(explain(error));
  }
  document.getElementById('sessions-title').focus();
  await lookAround();
}

everywhere.addEventListener('click', async () => {
  try {
    await logOutEverywhere(viewer);
  } catch (error) {
    say(explain(error));
  }
});

document.querySelector('[data-act=delete]').addEventListener('click', () => {
  lazily(() => import('../elements/deletion-dialog.js'), ({ openDeletion }) => openDeletion(viewer, accounts));
});

startPage(render);

try {
  viewer = await findViewer();
  if (viewer) {
    whenSignedOutElsewhere(viewer, () => {
      forget(viewer);
      goOut('signed_out');
    });
    render();
    await lookAround();
    whileSeen(lookAround, REFRESH_MS);
  } else askToEnter();
} catch (error) {
  trouble = error;
  render();
}
