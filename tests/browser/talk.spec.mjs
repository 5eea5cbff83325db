// People talking, on the real Worker.

import { expect, test } from './support/fixtures.mjs';
import { composer, createRoom, enterAs, leaveRoom, logOut, messages, names, openRoom, peopleHere, readMessages, send } from './support/page.mjs';
import { sentence } from './support/sentences.mjs';
import { comeAs, counted, guestMark, hostAs, makeRoom, saidBy, saidIn, saySo, unique, whoIs } from './support/world.mjs';

const said = (page) => expect.poll(async () => (await readMessages(page)).map(({ by, text }) => [by, text]));

async function copiedLink(page) {
  const at = await names(page);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: at.copyLink, exact: true }).click();
  await expect(page.getByRole('status').filter({ hasText: await sentence(page, 'chat.copied') })).toBeVisible();
  return page.evaluate(() => navigator.clipboard.readText());
}

test('two people meet by a copied link and talk', async ({ visitor }) => {
  // Given Ann in a room she made
  const room = unique('你好 lobby');
  const ann = await visitor();
  await enterAs(ann, 'Ann');
  await createRoom(ann, room, 'Anything goes');
  await expect(await composer(ann)).toBeFocused();
  const link = await copiedLink(ann);

  // When Bob, who never was here, opens the link
  const bob = await visitor();
  await bob.goto(link);
  const at = await names(bob);
  await expect(bob.getByRole('textbox', { name: at.name })).toBeVisible();
  expect(new URL(bob.url()).pathname).toBe('/login');
  await expect(bob.getByText(room).first()).toBeVisible();
  await bob.getByRole('textbox', { name: at.name }).fill('Bob');
  await bob.getByRole('button', { name: at.enter, exact: true }).click();

  // Then he stands in the room, and Ann sees him come
  await expect(bob.getByRole('heading', { level: 1, name: room })).toBeVisible();
  await expect(bob.getByTitle('Anything goes')).toBeVisible();
  const bobsName = await guestMark(bob);
  const annsName = await guestMark(ann);
  const { tag } = await whoIs(bob);
  await expect((await peopleHere(ann)).getByRole('listitem').filter({ hasText: 'Bob' })).toContainText(at.guest(tag));

  // And both read the same talk, each with their own "you"
  await send(ann, 'Hello Bob');
  await said(bob).toEqual([[annsName, 'Hello Bob']]);
  await send(bob, '你好，Ann');
  await said(ann).toEqual([[at.you, 'Hello Bob'], [bobsName, '你好，Ann']]);
  await send(ann, 'How are you?');
  await send(ann, '今天天气不错');
  await said(ann).toEqual([[at.you, 'Hello Bob'], [bobsName, '你好，Ann'], [at.you, 'How are you?'], [at.you, '今天天气不错']]);
  await said(bob).toEqual([[annsName, 'Hello Bob'], [at.you, '你好，Ann'], [annsName, 'How are you?'], [annsName, '今天天气不错']]);

  // And it is still there after a reload
  await bob.reload();
  await said(bob).toEqual([[annsName, 'Hello Bob'], [at.you, '你好，Ann'], [annsName, 'How are you?'], [annsName, '今天天气不错']]);
});

test('times are in the reader’s zone and language, not in the server’s', async ({ visitor, locale, timezoneId }) => {
  const room = unique('clock');
  const ann = await visitor();
  await hostAs(ann, 'Ann', room);
  await send(ann, 'What time is it?');
  await said(ann).toHaveLength(1);
  await expect.poll(async () => (await saidIn(ann, room)).length).toBe(1);

  const [{ at }] = await saidIn(ann, room);
  const here = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit', timeZone: timezoneId }).format(at);
  const time = messages(ann).getByRole('time');
  await expect(time).toHaveText(here);
  await expect(time).toHaveAttribute('datetime', new Date(at).toISOString());
});

test('markup stays text', async ({ visitor }) => {
  const room = unique('<b>bold</b>');
  const markup = ['<img src=x onerror="document.title = \'caught\'">', '<script>document.title = "caught"</script>', '&lt;b&gt; &amp; <a href="javascript:alert(1)">here</a>'];
  const ann = await visitor();
  await comeAs(ann, '<i>Ann</i>');
  await createRoom(ann, room, '<svg onload=alert(1)>');
  for (const text of markup) await send(ann, text);
  const bob = await visitor();
  await comeAs(bob, 'Bob', room);

  await said(bob).toEqual(markup.map((text) => [expect.stringContaining('<i>Ann</i> · '), text]));
  await expect(bob.getByRole('heading', { level: 1, name: room, exact: true })).toBeVisible();
  await expect(bob.getByTitle('<svg onload=alert(1)>')).toBeVisible();
  await expect(messages(bob).getByRole('img')).toHaveCount(0);
  await expect(messages(bob).getByRole('link')).toHaveCount(0);
  await expect(bob).not.toHaveTitle(/caught/);
});

test('what is said in one room is heard in no other', async ({ visitor }) => {
  const [here, there] = [unique('here'), unique('there')];
  const ann = await visitor();
  await hostAs(ann, 'Ann', there);
  const cat = await visitor();
  await comeAs(cat, 'Cat', there);
  await expect((await peopleHere(cat)).getByRole('listitem')).toHaveCount(2);
  await makeRoom(ann, here);

  await send(ann, 'Only for here');
  await said(ann).toHaveLength(1);
  await openRoom(ann, there);
  await send(ann, 'Only for there');

  await said(cat).toEqual([[await guestMark(ann), 'Only for there']]);
});

test('logging out takes a guest out of every room and every tab', async ({ visitor }) => {
  // Given Bob in two rooms, in two tabs and in another browser with the same session
  const [first, second] = [unique('first'), unique('second')];
  const ann = await visitor();
  await hostAs(ann, 'Ann', first);
  const annToo = await visitor.tab(ann);
  await makeRoom(annToo, second);
  const bob = await visitor();
  await comeAs(bob, 'Bob', first);
  // What a page asks on while it is signed out is refused.
  const bobsTab = await visitor.tab(bob, { expected: [/401/] });
  await openRoom(bobsTab, second);
  const elsewhere = await visitor({ storageState: await bob.context().storageState(), expected: [/401/] });
  await openRoom(elsewhere, first);
  // Who is still on the way in learns only that there is no session any more.
  for (const page of [bobsTab, elsewhere]) {
    await send(page, 'I am here too');
    await expect(messages(page).last()).toHaveAccessibleDescription('I am here too');
  }
  for (const page of [ann, annToo]) {
    await expect((await peopleHere(page)).getByRole('listitem').filter({ hasText: 'Bob' })).toHaveCount(1);
  }

  // When he logs out in one of them
  await logOut(bob);

  // Then all of them stand at the entrance, which says why
  const at = await names(bob);
  await expect(bob.getByText(at.loggedOut)).toBeVisible();
  for (const page of [bobsTab, elsewhere]) {
    await page.waitForURL('**/login');
    await expect(page.getByText(at.signedOut)).toBeVisible();
  }
  await expect(bobsTab.getByRole('textbox', { name: at.name })).toBeVisible();
  // And he is a member nowhere
  for (const page of [ann, annToo]) {
    await expect((await peopleHere(page)).getByRole('listitem')).toHaveText([/Ann/]);
  }
  await ann.reload();
  await expect((await peopleHere(ann)).getByRole('listitem')).toHaveText([/Ann/]);
  // And the rooms know his old session no more
  const { status } = await elsewhere.evaluate((path) => fetch(path).then(({ status }) => ({ status })), `/api/rooms/${encodeURIComponent(first)}`);
  expect(status).toBe(401);
});

test('leaving a room takes me off its list, and I can come back', async ({ visitor }) => {
  const room = unique('revolving door');
  const ann = await visitor();
  await hostAs(ann, 'Ann', room);
  const bob = await visitor();
  await comeAs(bob, 'Bob', room);
  await expect((await peopleHere(ann)).getByRole('listitem')).toHaveCount(2);

  await leaveRoom(bob);
  await expect((await peopleHere(ann)).getByRole('listitem')).toHaveText([/Ann/]);

  // Whoever comes back reads along until saying something
  await bob.getByRole('link', { name: room }).click();
  const at = await names(bob);
  await expect(bob.getByText(at.reading)).toBeVisible();
  await send(bob, 'Back again');
  await expect(bob.getByText(at.reading)).toBeHidden();
  await said(ann).toEqual([[await guestMark(bob), 'Back again']]);
});

test('a name that is taken offers to join that room', async ({ visitor }) => {
  const room = unique('Taken');
  const ann = await visitor();
  await hostAs(ann, 'Ann', room);
  const bob = await visitor({ expected: [/409/] });
  await comeAs(bob, 'Bob');
  const at = await names(bob);
  await bob.getByRole('button', { name: at.newRoom }).click();
  await bob.getByRole('textbox', { name: at.roomName }).fill(room.toUpperCase());
  await bob.getByRole('textbox', { name: at.roomDescription }).fill('My own');
  await bob.getByRole('button', { name: at.createRoom }).click();

  await expect(bob.getByText(await sentence(bob, 'error.name_taken'))).toBeVisible();
  await expect(bob.getByRole('textbox', { name: at.roomName })).toHaveValue(room.toUpperCase());
  await expect(bob.getByRole('textbox', { name: at.roomDescription })).toHaveValue('My own');
  await bob.getByRole('button', { name: at.joinRoom(room.toUpperCase()) }).click();
  await expect(bob.getByRole('heading', { level: 1, name: room, exact: true })).toBeVisible();
  await expect((await peopleHere(ann)).getByRole('listitem').filter({ hasText: 'Bob' })).toHaveCount(1);
});

test('three tabs are one person', async ({ visitor }) => {
  const room = unique('one of me');
  const ann = await visitor();
  await hostAs(ann, 'Ann', room);
  const tabs = [await visitor.tab(ann), await visitor.tab(ann)];
  for (const tab of tabs) await openRoom(tab, room);
  const bob = await visitor();
  await comeAs(bob, 'Bob', room);

  await expect((await peopleHere(bob)).getByRole('listitem')).toHaveCount(2);
  // All tabs agree on what was said in one of them
  await send(tabs[0], 'From one of three');
  const at = await names(ann);
  for (const page of [ann, ...tabs]) await said(page).toEqual([[at.you, 'From one of three']]);
  // And she is here as long as one of them is
  await tabs[0].close();
  await tabs[1].close();
  await send(bob, 'Still there?');
  await said(ann).toHaveLength(2);
  await expect((await peopleHere(bob)).getByRole('listitem')).toHaveCount(2);
});

test('older pages come when the reader scrolls up to them', async ({ visitor }) => {
  const room = unique('long story');
  const ann = await visitor();
  await hostAs(ann, 'Ann', room);
  await saySo(ann, room, counted('Line', 1, 120));
  const bob = await visitor();
  await comeAs(bob, 'Bob', room);
  const at = await names(bob);

  await expect(messages(bob).last()).toContainText('Line 120');
  await expect(messages(bob).last()).toBeInViewport();
  await expect(messages(bob).filter({ hasText: 'Line 1' }).first()).not.toContainText(/Line 1$/);
  const timeline = bob.getByRole('region', { name: at.messages(room) });
  await timeline.hover();
  await expect(async () => {
    await bob.mouse.wheel(0, -4_000);
    await expect(bob.getByText(at.beginning(room))).toBeInViewport({ timeout: 200 });
  }).toPass();
  await said(bob).toEqual(counted('Line', 1, 120).map((line) => [expect.any(String), line]));
});

test('a room with fifty authors asks for no picture', async ({ visitor }) => {
  const room = unique('crowd');
  const ann = await visitor();
  await hostAs(ann, 'Ann', room);
  await saidBy(counted('Author', 1, 50), room, (name) => `I am ${name}`);
  const asked = [];
  ann.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await openRoom(ann, room);
  await expect(messages(ann)).toHaveCount(50);
  await expect(ann.getByText('I am Author 50', { exact: true })).toBeVisible();
  expect(asked.filter((path) => path.startsWith('/avatar') || /\.(png|jpe?g|gif|webp)$/.test(path))).toEqual([]);
});
