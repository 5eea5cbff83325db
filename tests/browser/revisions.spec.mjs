// What becomes of a message after it was said: it is changed, deleted, answered and reacted to.

import { expect, test } from './support/fixtures.mjs';
import { actionsOf, composer, messages, names, peopleHere, readMessages, send } from './support/page.mjs';
import { enterScripted } from './support/scripted-story.mjs';
import { sentence } from './support/sentences.mjs';
import { comeAs, guestMark, haveAccount, hostAs, makeRoom, saidIn, unique } from './support/world.mjs';

const texts = (page) => expect.poll(async () => (await readMessages(page)).map(({ text }) => text));
const said = (page, text) => messages(page).filter({ hasText: text });

/** Does one of the things that can be done with a message. */
async function act(page, message, name) {
  await (await actionsOf(page, message)).getByRole('button', { name, exact: true }).click();
}

async function remove(page, message) {
  const at = await names(page);
  await act(page, message, at.delete);
  await page.getByRole('dialog').getByRole('button', { name: at.delete, exact: true }).click();
}

async function editing(page) {
  return page.getByRole('textbox', { name: (await names(page)).editing });
}

/** Ann, who made a room and said these, and Bo, who came to it; both in browsers of their own. */
async function together(visitor, texts = []) {
  const room = unique('two of us');
  const [ann, bo] = [await visitor(), await visitor()];
  await hostAs(ann, 'Ann', room);
  for (const text of texts) await send(ann, text);
  await expect(messages(ann)).toHaveCount(texts.length);
  await comeAs(bo, 'Bo', room);
  await expect(messages(bo)).toHaveCount(texts.length);
  return { ann, bo, room };
}

test('MS9 an edit in place is seen by everybody, with its time, and after a reload', async ({ visitor }) => {
  const { ann, bo } = await together(visitor, ['Helo', 'Next']);
  const at = await names(ann);
  await act(ann, said(ann, 'Helo'), at.edit);
  await expect(await editing(ann)).toBeFocused();
  await expect(await editing(ann)).toHaveValue('Helo');
  await (await editing(ann)).fill('Hello');
  await ann.getByRole('button', { name: at.editNow }).click();
  for (const page of [ann, bo]) {
    await texts(page).toEqual(['Hello', 'Next']);
    await expect(said(page, 'Hello').getByText(at.edited)).toBeVisible();
    await expect(said(page, 'Next').getByText(at.edited)).toHaveCount(0);
  }
  await bo.reload();
  await texts(bo).toEqual(['Hello', 'Next']);
  await expect(said(bo, 'Hello').getByText(at.edited)).toBeVisible();
});

test('MS9 Esc, and saving the same again, leave the message as it was', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, me } = await enterScripted(server, ann);
  const at = await names(ann);
  room.say(me, 'As it was');
  await act(ann, said(ann, 'As it was'), at.edit);
  await (await editing(ann)).fill('Otherwise');
  await ann.keyboard.press('Escape');
  await texts(ann).toEqual(['As it was']);
  await act(ann, said(ann, 'As it was'), at.edit);
  await expect(await editing(ann)).toHaveValue('As it was');
  await ann.keyboard.press('Enter');
  await expect(await editing(ann)).toHaveCount(0);
  await act(ann, said(ann, 'As it was'), at.edit);
  await (await editing(ann)).fill('  ');
  await ann.keyboard.press('Enter');
  await expect(ann.getByText(await sentence(ann, 'edit.blank'))).toBeVisible();
  expect(room.changes).toEqual([]);
});

test('MS9 who edits what is deleted or changed meanwhile is told, and keeps the words', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, olga, me } = await enterScripted(server, ann);
  const at = await names(ann);
  for (const text of ['One', 'Two']) room.say(me, text);
  await act(ann, said(ann, 'One'), at.edit);
  await (await editing(ann)).fill('My one');
  room.change(me, 1, { type: 'edited', text: 'One from another tab' });
  await expect(ann.getByText(await sentence(ann, 'edit.changed'))).toBeVisible();
  await expect(await editing(ann)).toHaveValue('My one');
  await ann.keyboard.press('Enter');
  await texts(ann).toEqual(['My one', 'Two']);

  await act(ann, said(ann, 'Two'), at.edit);
  await (await editing(ann)).fill('My two');
  room.change(olga, 2, { type: 'deleted' });
  await expect(ann.getByText(await sentence(ann, 'edit.deleted'))).toBeVisible();
  await expect(await editing(ann)).toHaveValue('My two');
  await ann.keyboard.press('Escape');
  await texts(ann).toEqual(['My one', at.tombstone]);
});

test('NT6 what was typed into an edit is there after a reload, in its message only, and gone when it is saved', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, me } = await enterScripted(server, ann);
  const at = await names(ann);
  for (const text of ['One', 'Two']) room.say(me, text);
  await act(ann, said(ann, 'One'), at.edit);
  await (await editing(ann)).fill('One, half');
  await ann.reload();
  await texts(ann).toEqual(['One', 'Two']);
  await expect(await composer(ann)).toHaveValue('');
  await act(ann, said(ann, 'Two'), at.edit);
  await expect(await editing(ann)).toHaveValue('Two');
  await ann.keyboard.press('Escape');
  await act(ann, said(ann, 'One'), at.edit);
  await expect(await editing(ann)).toHaveValue('One, half');
  await ann.keyboard.press('Enter');
  await texts(ann).toEqual(['One, half', 'Two']);
  await expect.poll(() => ann.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('draft')))).toEqual([]);
});

test('MS10 deleting asks once; a tombstone stays for everybody, and nothing of what was said', async ({ visitor }) => {
  const { ann, bo, room } = await together(visitor, ['Rash', 'Wise']);
  const at = await names(ann);
  await act(ann, said(ann, 'Rash'), at.delete);
  await ann.getByRole('dialog').getByRole('button', { name: at.cancel }).click();
  await texts(bo).toEqual(['Rash', 'Wise']);
  await remove(ann, said(ann, 'Rash'));
  await expect(ann.getByRole('status').filter({ hasText: await sentence(ann, 'message.deleted') })).toBeVisible();
  for (const page of [ann, bo]) await texts(page).toEqual([at.tombstone, 'Wise']);
  expect((await saidIn(bo, room)).map(({ text }) => text)).toEqual(['', 'Wise']);
  await messages(ann).first().hover();
  await expect(ann.getByRole('toolbar')).toHaveCount(0);
});

test('MS11 an answer shows whom and what it answers, to everybody, and follows that', async ({ visitor }) => {
  const { ann, bo } = await together(visitor, ['Who has\nthe folder?', 'Anybody?']);
  const at = await names(ann);
  const asked = await guestMark(ann);
  await act(bo, said(bo, 'folder'), at.reply);
  await expect(await composer(bo)).toBeFocused();
  await expect(bo.getByText(await sentence(bo, 'composer.replying', { name: asked }))).toBeVisible();
  await send(bo, 'I have');
  await expect(bo.getByRole('button', { name: at.noReply })).toHaveCount(0);
  const line = (page, name, text) => said(page, 'I have').getByRole('button', { name: at.answering(name) }).filter({ hasText: text });
  await expect(line(bo, asked, 'Who has the folder?')).toBeVisible();
  await expect(line(ann, at.you, 'Who has the folder?')).toBeVisible();
  await line(bo, asked, 'folder').click();
  await expect(messages(bo).first()).toBeFocused();

  await act(ann, messages(ann).first(), at.edit);
  await (await editing(ann)).fill('Who has the blue folder?');
  await ann.keyboard.press('Enter');
  await expect(line(bo, asked, 'Who has the blue folder?')).toBeVisible();
  await remove(ann, messages(ann).first());
  for (const [page, name] of [[ann, at.you], [bo, asked]]) await expect(line(page, name, at.tombstone)).toBeVisible();
  await bo.reload();
  await expect(line(bo, asked, at.tombstone)).toBeVisible();
});

test('MS11 SE5 an answer that waits keeps what it answers over a reload, and so does one that is only begun', async ({ visitor, server }) => {
  const ann = await visitor({ expected: [/WebSocket/] });
  const { room } = await enterScripted(server, ann, { texts: ['Question', 'Other'] });
  const at = await names(ann);
  await act(ann, said(ann, 'Question'), at.reply);
  await (await composer(ann)).fill('Half an ans');
  await expect.poll(() => ann.evaluate(() => Object.values(localStorage).some((value) => value.includes('Half an ans')))).toBe(true);
  await ann.reload();
  await expect(await composer(ann)).toHaveValue('Half an ans');
  await expect(ann.getByRole('button', { name: at.noReply })).toBeVisible();

  server.faults.push({ path: /live/ });
  room.terminate();
  await send(ann, 'Answer');
  await expect(said(ann, 'Answer').getByRole('button', { name: at.answering('Olga') })).toBeVisible();
  await ann.reload();
  await expect(said(ann, 'Answer').getByRole('button', { name: at.answering('Olga') })).toBeVisible();
  server.faults.length = 0;
  await ann.evaluate(() => dispatchEvent(new Event('online')));
  await expect.poll(() => room.messages.at(-1)).toMatchObject({ text: 'Answer', reply: { seq: 1 } });
});

test('MS12 reactions are toggles that count, and tell who', async ({ visitor }) => {
  const { ann, bo } = await together(visitor, ['Lunch?']);
  const at = await names(ann);
  const react = async (page, reaction) => {
    await act(page, messages(page).first(), at.react);
    await messages(page).first().getByRole('toolbar').getByRole('button', { name: reaction }).click();
  };
  await react(bo, '👍');
  const group = await sentence(ann, 'message.reactions');
  const pill = (page, name) => messages(page).first().getByRole('group', { name: group }).getByRole('button', { name, exact: true });
  await expect(pill(bo, at.reacted('👍', 1))).toHaveAttribute('aria-pressed', 'true');
  await expect(pill(ann, '👍 1')).toHaveAttribute('aria-pressed', 'false');
  await pill(ann, '👍 1').click();
  await react(ann, '🎉');
  await expect(pill(bo, at.reacted('👍', 2))).toBeVisible();
  await expect(pill(bo, '🎉 1')).toBeVisible();

  // Names by pointing, which one can go over; Esc puts them away, and focus shows them as well
  const who = ann.getByRole('tooltip');
  await pill(ann, at.reacted('👍', 2)).hover();
  await expect(who).toHaveText(new Intl.ListFormat(await ann.evaluate(() => document.documentElement.lang)).format(['Bo', at.you]));
  await who.hover();
  await expect(who).toBeVisible();
  await ann.keyboard.press('Escape');
  await expect(who).toHaveCount(0);
  await pill(ann, at.reacted('🎉', 1)).focus();
  await expect(who).toHaveText(at.you);
  await expect(pill(ann, at.reacted('🎉', 1))).toHaveAccessibleDescription(at.you);
  await messages(ann).first().locator('time').hover();
  await expect(who).toHaveText(at.you);

  await pill(ann, at.reacted('🎉', 1)).click();
  await pill(bo, at.reacted('👍', 2)).click();
  for (const page of [ann, bo]) await expect(messages(page).first().getByRole('group').getByRole('button')).toHaveCount(1);
  await expect(pill(ann, at.reacted('👍', 1))).toBeVisible();
});

test('K13 of a message that begins above the view the toolbar is in view', async ({ visitor, server }) => {
  const ann = await visitor();
  await enterScripted(server, ann, { texts: ['First', Array.from({ length: 18 }, (_, line) => `Line ${line}`).join('\n'), ...Array.from({ length: 8 }, (_, line) => `After ${line}`)] });
  const tall = said(ann, 'Line 17');
  await expect(tall).toBeInViewport();
  await expect(tall).not.toBeInViewport({ ratio: 1 });
  const { y, height } = await tall.boundingBox();
  await ann.mouse.move(700, y + height - 10);
  await expect(tall.getByRole('toolbar')).toBeInViewport({ ratio: 1 });
});

test('MS9 an edit mentions whom its words name', async ({ visitor }) => {
  const { ann, bo, room } = await together(visitor, ['Who is here?']);
  const at = await names(ann);
  // Her page can name him when it has heard that he came, which may be after his shows the room.
  await expect((await peopleHere(ann)).getByText('Bo', { exact: true })).toBeVisible();
  await act(ann, messages(ann).first(), at.edit);
  await (await editing(ann)).fill('Is @Bo here?');
  await ann.keyboard.press('Enter');
  await expect(messages(bo).first()).toContainText('@Bo');
  await expect.poll(async () => (await saidIn(bo, room))[0].mentions?.map(({ name }) => name)).toEqual(['Bo']);
});

test('MS13 each is offered what they may do: mine to me, everything of everybody to the owner, nothing to who reads along', async ({ visitor }) => {
  const room = unique('roles');
  const [owner, guest, visiting] = [await visitor(), await visitor(), await visitor()];
  await haveAccount(owner, unique('Olga'), 'long enough to keep');
  await makeRoom(owner, room);
  await send(owner, 'Of the owner');
  await comeAs(guest, 'Gus', room);
  await send(guest, 'Of the guest');
  await comeAs(visiting, 'Val');
  await visiting.goto(guest.url());
  const at = await names(owner);
  const offered = async (page, text) => (await actionsOf(page, said(page, text))).getByRole('button').evaluateAll((all) => all.map(({ ariaLabel }) => ariaLabel));
  for (const page of [owner, guest, visiting]) await expect(messages(page)).toHaveCount(2);
  const unread = await sentence(owner, 'message.unread');
  await expect.poll(() => offered(guest, 'Of the guest')).toEqual([at.react, at.reply, at.edit, at.delete]);
  await expect.poll(() => offered(guest, 'Of the owner')).toEqual([at.react, at.reply, unread]);
  await expect.poll(() => offered(owner, 'Of the guest')).toEqual([at.react, at.reply, unread, at.delete]);
  await said(visiting, 'Of the guest').hover();
  await expect(visiting.getByRole('toolbar')).toHaveCount(0);
  await remove(owner, said(owner, 'Of the guest'));
  await texts(guest).toEqual(['Of the owner', at.tombstone]);
});

test('MS13 what the room refuses goes back, and the page says why', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, me } = await enterScripted(server, ann);
  const at = await names(ann);
  room.say(me, 'As it was');
  room.holdsAcks = true;
  await act(ann, said(ann, 'As it was'), at.edit);
  await (await editing(ann)).fill('Otherwise');
  await ann.keyboard.press('Enter');
  await texts(ann).toEqual(['Otherwise']);
  room.broadcast({ type: 'error', id: room.changes.at(-1).id, code: 'busy' });
  await texts(ann).toEqual(['As it was']);
  await expect(ann.getByRole('status').filter({ hasText: await sentence(ann, 'error.busy') })).toBeVisible();
  // The words are kept for another try
  await act(ann, said(ann, 'As it was'), at.edit);
  await expect(await editing(ann)).toHaveValue('Otherwise');
  await ann.keyboard.press('Escape');
});

test('CO4 what was changed while I was away is there when I am back', async ({ visitor, server }) => {
  const ann = await visitor({ expected: [/WebSocket/] });
  const { room, olga } = await enterScripted(server, ann, { texts: ['One', 'Two', 'Three'] });
  const at = await names(ann);
  server.faults.push({ path: /live/ });
  room.terminate();
  room.change(olga, 1, { type: 'edited', text: 'Changed' });
  room.change(olga, 2, { type: 'deleted' });
  room.change(olga, 3, { type: 'reacted', reaction: '👍', on: true });
  server.faults.length = 0;
  await ann.evaluate(() => dispatchEvent(new Event('online')));
  await texts(ann).toEqual(['Changed', at.tombstone, 'Three']);
  await expect(messages(ann).last().getByRole('button', { name: '👍 1' })).toBeVisible();
});

for (const fate of ['kept', 'deleted']) {
  test(`an account that is gone leaves no name behind, and its messages ${fate}`, async ({ visitor, server }) => {
    const ann = await visitor();
    const { room, olga, me } = await enterScripted(server, ann, { texts: ['Of hers'] });
    room.say(me, 'An answer', { replyTo: 1 });
    room.change(olga, 2, { type: 'reacted', reaction: '👍', on: true });
    await expect(messages(ann).last().getByRole('button', { name: '👍 1' })).toBeVisible();
    room.broadcast({ type: 'erased', seq: (room.seq += 1), at: Date.now(), id: `erased-${olga.id}`, person: olga.id, messages: fate });
    const nobody = await sentence(ann, 'person.deleted');
    const left = fate === 'kept' ? 'Of hers' : (await names(ann)).tombstone;
    await expect(messages(ann).first()).toHaveAccessibleName(new RegExp(`^${nobody} `));
    await texts(ann).toEqual([left, 'An answer']);
    await expect(messages(ann).last().getByRole('button', { name: (await names(ann)).answering(nobody) })).toContainText(left);
    await expect(messages(ann).last().getByRole('button', { name: '👍' })).toHaveCount(0);
  });
}
