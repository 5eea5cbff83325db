// Accounts, private rooms and who may do what, on the real Worker.

import { expect, test } from './support/fixtures.mjs';
import {
  chooseLanguage, composer, createRoom, leaveRoom, logInAs, logOut, makeInvite, manage, messages, names, openRoom, peopleHere, readMessages,
  registerAs, roomPath, send, tryToLogIn,
} from './support/page.mjs';
import { sentence } from './support/sentences.mjs';
import { comeAs, haveAccount, hostAs, makeRoom, unique, whoIs } from './support/world.mjs';

const PASSWORD = 'correct horse 电池';
const said = (page) => expect.poll(async () => (await readMessages(page)).map(({ by, text }) => [by, text]));
const rows = (page, name) => page.getByRole('region', { name }).getByRole('listitem');

test('an account is made, left and entered again', async ({ visitor }) => {
  const name = unique('Ann');
  const ann = await visitor({ expected: [/401/] });
  const code = await registerAs(ann, name, PASSWORD);
  expect(code).toMatch(/^([0-9a-z]{4}-){5}[0-9a-z]{4}$/);
  expect(await whoIs(ann)).toMatchObject({ name, kind: 'account' });
  await logOut(ann);

  // A wrong password is told, and what was typed stays
  const at = await names(ann);
  await ann.getByRole('link', { name: at.toLogIn, exact: true }).click();
  await expect(ann).toHaveTitle(new RegExp(at.toLogIn));
  await tryToLogIn(ann, name, 'not the password');
  await expect(ann.getByText(await sentence(ann, 'error.wrong_login'))).toBeVisible();
  await expect(ann.getByRole('textbox', { name: at.username, exact: true })).toHaveValue(name);
  await expect(ann.getByLabel(at.password, { exact: true })).toHaveValue('not the password');
  await ann.getByRole('button', { name: at.showPassword }).click();
  await expect(ann.getByRole('textbox', { name: at.password, exact: true })).toBeVisible();

  // The right one leads in
  await tryToLogIn(ann, name.toUpperCase(), PASSWORD);
  await expect(ann.getByRole('heading', { level: 1, name: at.rooms })).toBeVisible();
  expect(await whoIs(ann)).toMatchObject({ name, kind: 'account' });
});

test('my sessions are listed, and each can be ended from another', async ({ visitor }) => {
  const name = unique('Ann');
  const ann = await visitor();
  await haveAccount(ann, name, PASSWORD);
  const phone = await visitor({ expected: [/401/] });
  await logInAs(phone, name, PASSWORD);
  const room = unique('on two devices');
  await makeRoom(phone, room);
  await expect(await composer(phone)).toBeFocused();

  await ann.goto('/roomlist');
  const at = await names(ann);
  await ann.getByRole('link', { name }).click();
  await expect(ann.getByRole('heading', { level: 1, name: at.account })).toBeVisible();
  const sessions = rows(ann, await sentence(ann, 'account.sessions'));
  await expect(sessions).toHaveCount(2);
  await expect(sessions.first()).toContainText('Chrome, Linux');
  await expect(sessions.filter({ hasText: await sentence(ann, 'account.this_one') })).toHaveCount(1);
  await sessions.getByRole('button').filter({ visible: true }).click();

  await expect(sessions).toHaveCount(1);
  await phone.waitForURL('**/login');
  await expect(phone.getByText(at.signedOut)).toBeVisible();

  // And everywhere means here too
  await ann.getByRole('button', { name: at.everywhere }).click();
  await ann.waitForURL('**/login');
  expect((await ann.request.get('/api/session')).status()).toBe(401);
});

test('a guest who makes an account keeps rooms and authorship', async ({ visitor }) => {
  const name = unique('Bob');
  const room = unique('kept');
  const bob = await visitor();
  await hostAs(bob, 'Bob', room);
  await send(bob, 'Said as a guest');
  const before = await whoIs(bob);
  const tab = await visitor.tab(bob);
  await openRoom(tab, room);

  const at = await names(bob);
  await bob.goto('/account');
  await bob.getByRole('link', { name: at.toRegister, exact: true }).click();
  await expect(bob.getByText(await sentence(bob, 'register.as_guest'))).toBeVisible();
  const form = bob.getByRole('form', { name: at.toRegister });
  await expect(form.getByRole('textbox', { name: at.username, exact: true })).toHaveValue('Bob');
  await form.getByRole('textbox', { name: at.username, exact: true }).fill(name);
  await form.getByLabel(at.password, { exact: true }).fill(PASSWORD);
  await form.getByRole('button', { name: at.register, exact: true }).click();
  await bob.getByRole('button', { name: at.codeIsKept }).click();
  await bob.waitForURL('**/account');
  expect(await whoIs(bob)).toMatchObject({ id: before.id, kind: 'account', name });

  // The other tab goes on without being asked
  await send(tab, 'Said as myself');
  await openRoom(bob, room);
  await said(bob).toEqual([[at.you, 'Said as a guest'], [at.you, 'Said as myself']]);
  await expect((await peopleHere(bob)).getByRole('listitem').filter({ hasText: at.owner })).toContainText(name);
});

test('the recovery code sets a new password and ends every session', async ({ visitor }) => {
  const name = unique('Ann');
  const ann = await visitor({ expected: [/401/] });
  const code = await registerAs(ann, name, PASSWORD);
  const other = await visitor({ expected: [/401/] });
  await other.goto('/login');
  const at = await names(other);
  await other.getByRole('link', { name: at.toLogIn, exact: true }).click();
  await other.getByRole('link', { name: at.toRecover }).click();
  const title = await sentence(other, 'recover.title');
  const form = other.getByRole('form', { name: title });
  await form.getByRole('textbox', { name: at.username, exact: true }).fill(name);
  await form.getByRole('textbox', { name: at.code }).fill('0000-0000-0000-0000-0000-0000');
  await form.getByLabel(at.newPassword, { exact: true }).fill('another password');
  await form.getByRole('button', { name: at.setPassword }).click();
  await expect(form.getByText(await sentence(other, 'error.wrong_login.code'))).toBeVisible();
  await form.getByRole('textbox', { name: at.code }).fill(code.toUpperCase().replaceAll('-', ' '));
  await form.getByRole('button', { name: at.setPassword }).click();
  await other.waitForURL('**/roomlist');
  expect(await whoIs(other)).toMatchObject({ name });

  await ann.goto('/account');
  await ann.waitForURL('**/login?**');
});

test('a changed password ends the other sessions, and this one goes on', async ({ visitor }) => {
  const name = unique('Ann');
  const ann = await visitor({ expected: [/401/] });
  await haveAccount(ann, name, PASSWORD);
  const phone = await visitor({ expected: [/401/] });
  await logInAs(phone, name, PASSWORD, '/login?next=/account');
  await ann.goto('/account');
  const at = await names(ann);
  const form = ann.getByRole('form', { name: at.changePassword });
  await form.getByLabel(at.currentPassword, { exact: true }).fill('not the password');
  await form.getByLabel(at.newPassword, { exact: true }).fill('another password');
  await form.getByRole('button', { name: at.changePassword }).click();
  await expect(form.getByText(await sentence(ann, 'error.wrong_login.password'))).toBeVisible();
  await form.getByLabel(at.currentPassword, { exact: true }).fill(PASSWORD);
  await form.getByRole('button', { name: at.changePassword }).click();
  await expect(ann.getByText(await sentence(ann, 'account.changed'))).toBeVisible();
  await expect(rows(ann, await sentence(ann, 'account.sessions'))).toHaveCount(1);

  await phone.reload();
  await phone.waitForURL('**/login?**');
  await phone.getByRole('link', { name: at.toLogIn, exact: true }).click();
  await tryToLogIn(phone, name, 'another password');
  await phone.waitForURL('**/account');
});

/** Ann, who has said something in a room where Bob is. */
async function annAndBob(visitor, { expected } = {}) {
  const [name, room] = [unique('Ann'), unique('farewell')];
  const ann = await visitor({ expected });
  await haveAccount(ann, name, PASSWORD);
  await makeRoom(ann, room);
  await send(ann, 'Said by Ann');
  const bob = await visitor();
  await comeAs(bob, 'Bob', room);
  await said(bob).toEqual([[name, 'Said by Ann']]);
  return { name, room, ann, bob };
}

test('NT8 K1 an account is deleted by keys alone, after it was said what will happen, and leaves nothing in this browser', async ({ visitor }) => {
  const { name, ann, bob } = await annAndBob(visitor, { expected: [/401/] });
  await (await composer(ann)).fill('A draft of hers');
  const { id } = await whoIs(ann);
  const left = () => ann.evaluate(() => JSON.stringify({ ...localStorage }));
  await expect.poll(left).toContain('A draft of hers');
  await ann.goto('/account');
  const at = await names(ann);
  const open = ann.getByRole('button', { name: at.deleteAccount });

  // Esc changes nothing and leads back
  await open.focus();
  await ann.keyboard.press('Enter');
  const dialog = ann.getByRole('dialog', { name: await sentence(ann, 'deletion.title') });
  await expect(dialog.getByText(await sentence(ann, 'deletion.name', { name }))).toBeVisible();
  await expect(dialog.getByText(await sentence(ann, 'deletion.undone'))).toBeVisible();
  await ann.keyboard.press('Escape');
  await expect(open).toBeFocused();

  // What becomes of the messages is chosen; the password has to be right
  await ann.keyboard.press('Enter');
  await expect(dialog.getByRole('button', { name: at.close })).toBeFocused();
  await ann.keyboard.press('Tab');
  await expect(dialog.getByRole('radio', { name: at.deleteMessages })).toBeFocused();
  await ann.keyboard.press('ArrowDown');
  await expect(dialog.getByRole('radio', { name: at.keepMessages })).toBeChecked();
  await ann.keyboard.press('Tab');
  await ann.keyboard.type('not the password');
  await ann.keyboard.press('Enter');
  await expect(dialog.getByText(await sentence(ann, 'error.wrong_login.password'))).toBeVisible();
  const password = dialog.getByLabel(at.password, { exact: true });
  await expect(password).toBeFocused();
  await password.press('ControlOrMeta+a');
  await ann.keyboard.type(PASSWORD);
  await ann.keyboard.press('Tab');
  await ann.keyboard.press('Tab');
  await expect(dialog.getByRole('button', { name: at.deleteForGood })).toBeFocused();
  await ann.keyboard.press('Enter');

  // Then she is out, it is said, and nothing of hers is in the browser
  await ann.waitForURL('**/login');
  await expect(ann.getByText(await sentence(ann, 'notice.account_deleted'))).toBeVisible();
  expect(await left()).not.toContain(id);
  expect(await ann.context().cookies()).toEqual([]);
  await ann.getByRole('link', { name: at.toLogIn, exact: true }).click();
  await tryToLogIn(ann, name, PASSWORD);
  await expect(ann.getByText(await sentence(ann, 'error.wrong_login'))).toBeVisible();

  // And what she said stays, without her name
  await said(bob).toEqual([[(await names(bob)).deletedAccount, 'Said by Ann']]);
  await expect((await peopleHere(bob)).getByRole('listitem')).toHaveCount(1);
});

test('the messages go with a deleted account, also in a room it has left', async ({ visitor }) => {
  const { ann, bob } = await annAndBob(visitor);
  await leaveRoom(ann);
  await ann.goto('/account');
  const at = await names(ann);
  await ann.getByRole('button', { name: at.deleteAccount }).click();
  const dialog = ann.getByRole('dialog');
  await expect(dialog.getByRole('radio', { name: at.deleteMessages })).toBeChecked();
  await dialog.getByLabel(at.password, { exact: true }).fill(PASSWORD);
  await dialog.getByRole('button', { name: at.deleteForGood }).click();
  await ann.waitForURL('**/login');
  await expect(bob.getByText('Said by Ann')).toHaveCount(0);
  await expect(messages(bob)).toHaveText(new RegExp((await names(bob)).tombstone));
  await bob.reload();
  await expect(messages(bob)).toHaveText(new RegExp((await names(bob)).tombstone));
});

test('ST7 a deletion that fails says why, and all is as it was', async ({ visitor }) => {
  const name = unique('Ann');
  const ann = await visitor({ expected: [/ERR_FAILED/] });
  await haveAccount(ann, name, PASSWORD);
  await ann.goto('/account');
  await ann.route('**/api/account', (route) => route.abort());
  const at = await names(ann);
  await ann.getByRole('button', { name: at.deleteAccount }).click();
  const dialog = ann.getByRole('dialog');
  await dialog.getByRole('button', { name: at.deleteForGood }).click();
  await expect(dialog.getByText(await sentence(ann, 'error.blank.password'))).toBeVisible();
  await dialog.getByLabel(at.password, { exact: true }).fill(PASSWORD);
  await dialog.getByRole('button', { name: at.deleteForGood }).click();
  await expect(dialog.getByText(await sentence(ann, 'error.unreachable'))).toBeVisible();
  expect(await whoIs(ann)).toMatchObject({ name, kind: 'account' });
});

test('a private room is known to those who are invited only', async ({ visitor }) => {
  // Given Ann in a private room of hers
  const name = unique('Ann');
  const room = unique('密室');
  const ann = await visitor();
  await haveAccount(ann, name, PASSWORD);
  await createRoom(ann, room, 'Behind the wall', { access: 'private' });
  await send(ann, 'Nobody hears this');
  const link = await makeInvite(ann);

  // When Bob, who never was here, opens her link
  const bob = await visitor();
  await bob.goto(link);
  await expect(bob.getByText(await sentence(bob, 'entrance.invited', { name, room }))).toBeVisible();
  const at = await names(bob);
  await bob.getByRole('textbox', { name: at.name }).fill('Bob');
  await bob.getByRole('button', { name: at.enter, exact: true }).click();

  // Then he stands in the room, and the link is gone from the address
  await expect(bob.getByRole('heading', { level: 1, name: room })).toBeVisible();
  await expect(await composer(bob)).toBeFocused();
  await said(bob).toEqual([[name, 'Nobody hears this']]);
  await expect(bob).toHaveURL(new RegExp(`\\?rname=[^&]+$`));
  await expect((await peopleHere(ann)).getByRole('listitem').filter({ hasText: 'Bob' })).toHaveCount(1);

  // And Cy, who is here as a guest, is asked first
  const cy = await visitor({ expected: [/404/] });
  await comeAs(cy, 'Cy');
  await openRoomOf(cy, link);
  await expect(cy.getByText(await sentence(cy, 'state.invited', { name, room }))).toBeVisible();
  await expect(cy.getByText('Behind the wall')).toBeVisible();
  await expect((await peopleHere(ann)).getByRole('listitem')).toHaveCount(2);
  await cy.getByRole('main').getByRole('button', { name: at.join, exact: true }).click();
  await said(cy).toEqual([[name, 'Nobody hears this']]);

  // And Dan, who has no link, finds no trace of it
  const dan = await visitor({ expected: [/404/] });
  await comeAs(dan, 'Dan');
  await expect(dan.getByRole('link', { name: room })).toHaveCount(0);
  await dan.goto(roomPath(room));
  await expect(dan.getByText(at.noRoom(room))).toBeVisible();

  // While it stands among Ann's own rooms, marked
  await ann.goto('/roomlist');
  await expect(rows(ann, at.yourRooms).filter({ hasText: room })).toContainText(at.private);
});

async function openRoomOf(page, link) {
  const { pathname, search } = new URL(link);
  await page.goto(pathname + search);
}

test('an invite that was revoked says so, signed in and signed out', async ({ visitor }) => {
  const room = unique('revoked');
  const ann = await visitor();
  await haveAccount(ann, unique('Ann'), PASSWORD);
  await makeRoom(ann, room, '', { access: 'private' });
  const link = await makeInvite(ann);
  const at = await names(ann);
  await ann.getByRole('button', { name: at.invite }).click();
  const dialog = ann.getByRole('dialog');
  await dialog.getByRole('button', { name: at.revoke }).click();
  await expect(dialog.getByText(await sentence(ann, 'invite.none'))).toBeVisible();
  await ann.keyboard.press('Escape');
  await expect(ann.getByRole('button', { name: at.invite })).toBeFocused();

  const bob = await visitor({ expected: [/404/] });
  await bob.goto(link);
  await expect(bob.getByText(await sentence(bob, 'entrance.bad_invite'))).toBeVisible();
  const cy = await visitor({ expected: [/404/] });
  await comeAs(cy, 'Cy');
  await openRoomOf(cy, link);
  await expect(cy.getByText(await sentence(cy, 'state.unknown_invite'))).toBeVisible();
  await expect(cy.getByRole('link', { name: at.allRooms }).filter({ hasText: at.allRooms })).toBeVisible();
});

test('whoever is removed is out and told, and comes back by a new invite only', async ({ visitor }) => {
  const room = unique('bouncer');
  const ann = await visitor();
  await haveAccount(ann, unique('Ann'), PASSWORD);
  await makeRoom(ann, room);
  const old = await makeInvite(ann);
  const bob = await visitor({ expected: [/403/, /404/] });
  await comeAs(bob, 'Bob', room);
  await send(bob, 'Bother');
  const at = await names(ann);
  const dialog = await manage(ann, 'Bob');
  await dialog.getByRole('button', { name: at.remove }).click();
  await ann.getByRole('dialog').last().getByRole('button', { name: at.removeNow, exact: true }).click();

  await expect(bob.getByText(await sentence(bob, 'state.removed'))).toBeVisible();
  await expect(await composer(bob)).toBeHidden();
  await expect((await peopleHere(ann)).getByRole('listitem')).toHaveCount(1);

  await openRoomOf(bob, old);
  await bob.getByRole('main').getByRole('button', { name: at.join, exact: true }).click();
  await expect(bob.getByText(await sentence(bob, 'state.unknown_invite'))).toBeVisible();
  await openRoomOf(bob, await makeInvite(ann));
  await bob.getByRole('main').getByRole('button', { name: at.join, exact: true }).click();
  await send(bob, 'Sorry');
  await expect(messages(ann).filter({ hasText: 'Sorry' })).toBeVisible();
});

test('what a room is about changes for everybody at once, and rights move with the room', async ({ visitor }) => {
  const room = unique('handed over');
  const bobsName = unique('Bob');
  const ann = await visitor();
  await haveAccount(ann, unique('Ann'), PASSWORD);
  await makeRoom(ann, room, 'Before');
  const bob = await visitor();
  await registerAs(bob, bobsName, PASSWORD, `/login?${new URLSearchParams({ next: roomPath(room) })}`);
  const at = await names(ann);
  await expect(bob.getByTitle('Before')).toBeVisible();
  await expect(bob.getByRole('button', { name: at.settings })).toBeHidden();
  await expect(bob.getByRole('button', { name: at.invite })).toBeVisible();

  await ann.getByRole('button', { name: at.settings }).click();
  const settings = ann.getByRole('dialog');
  await settings.getByRole('textbox', { name: at.description }).fill('After');
  await settings.getByRole('radio', { name: at.privateAccess }).check();
  await settings.getByRole('button', { name: at.save }).click();
  await expect(bob.getByTitle('After')).toBeVisible();
  await expect(bob.locator('.room-header').getByText(at.private, { exact: true })).toBeVisible();

  const dialog = await manage(ann, bobsName);
  await dialog.getByRole('button', { name: at.handOver }).click();
  await ann.getByRole('dialog').last().getByRole('button', { name: at.handOverNow, exact: true }).click();
  await expect(bob.getByRole('button', { name: at.settings })).toBeVisible();
  await expect(ann.getByRole('button', { name: at.settings })).toBeHidden();
  await expect((await peopleHere(ann)).getByRole('listitem').filter({ hasText: at.owner })).toContainText(bobsName);
});

test('a room that is closed says so to everybody in it, and is gone', async ({ visitor }) => {
  const room = unique('last orders');
  const ann = await visitor();
  await hostAs(ann, 'Ann', room);
  const bob = await visitor({ expected: [/404/] });
  await comeAs(bob, 'Bob', room);
  await send(bob, 'One more?');
  const at = await names(ann);
  await ann.getByRole('button', { name: at.settings }).click();
  await ann.getByRole('dialog').getByRole('button', { name: at.closeRoom }).click();
  await ann.getByRole('dialog').last().getByRole('button', { name: at.closeForGood }).click();

  await ann.waitForURL('**/roomlist');
  await expect(bob.getByText(await sentence(bob, 'state.room_closed'))).toBeVisible();
  await expect(ann.getByRole('link', { name: room })).toHaveCount(0);
  await bob.reload();
  await expect(bob.getByText(at.noRoom(room))).toBeVisible();
});

test('LG1 a change of language changes an account’s form at once, and what was typed stays', async ({ visitor }) => {
  const ann = await visitor();
  await ann.goto('/login#register');
  const at = await names(ann);
  await ann.getByRole('textbox', { name: at.username, exact: true }).fill('安');
  await ann.getByRole('button', { name: at.register, exact: true }).click();
  await expect(ann.getByText(await sentence(ann, 'error.blank.new_password'))).toBeVisible();
  await chooseLanguage(ann, at.register === '注册' ? 'English' : '中文');
  const now = await names(ann);
  await expect(ann.getByRole('textbox', { name: now.username, exact: true })).toHaveValue('安');
  await expect(ann.getByText(await sentence(ann, 'error.blank.new_password'))).toBeVisible();
  await expect(ann).toHaveTitle(new RegExp(now.toRegister));
});
