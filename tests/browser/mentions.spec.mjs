// Naming people: the list that @ opens, what is sent, and how it shows and is told to whom it names.

import { expect, test } from './support/fixtures.mjs';
import { expectAccessible } from './support/accessible.mjs';
import { inputMethod } from './support/ime.mjs';
import { announced, composer, expectStored, messages, names, send } from './support/page.mjs';
import { enterScripted } from './support/scripted-story.mjs';
import { sentence } from './support/sentences.mjs';

const list = (page) => page.getByRole('main').getByRole('listbox');
const options = (page) => list(page).getByRole('option');
const chosen = (page) => list(page).getByRole('option', { selected: true });

/** Ann in a room with Olga, two guests called Bo, and Cy. */
async function inCompany(server, page, story = {}) {
  const entered = await enterScripted(server, page, { texts: ['Hello'], ...story });
  const [bo, other, cy] = ['Bo', 'Bo', '小明'].map((name) => server.person(name));
  for (const person of [bo, other, cy]) entered.room.join(person);
  await (await composer(page)).click();
  return { ...entered, bo, other, cy };
}

const mark = async (page, { tag }) => (await names(page)).guest(tag);
const said = (room) => room.messages.at(-1);
const ids = (room) => said(room).mentions?.map(({ id }) => id);

test('K1 A8 @ opens a named list of people: arrows move, Enter takes, and the next Enter sends with who was named', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, other } = await inCompany(server, ann);
  const field = await composer(ann);
  await field.pressSequentially('look @b');
  await expect(list(ann)).toHaveAccessibleName(await sentence(ann, 'mention.label'));
  await expect(options(ann)).toHaveCount(2);
  await expect(options(ann).first()).toContainText('Bo');
  await expect(field).toHaveAttribute('aria-activedescendant', await chosen(ann).getAttribute('id'));
  await expect(field).toHaveAttribute('aria-controls', await list(ann).getAttribute('id'));
  await expectAccessible(ann);

  // Two guests of one name are told apart by their tags.
  await expect(list(ann)).toContainText(await mark(ann, other));
  while (!(await chosen(ann).textContent()).includes(await mark(ann, other))) await field.press('ArrowDown');
  await field.press('Enter');
  await expect(list(ann)).toBeHidden();
  await expect(field).toHaveValue('look @Bo ');
  await expect(field).not.toHaveAttribute('aria-activedescendant');
  expect(said(room).text).toBe('Hello');
  await field.press('Enter');
  await expect.poll(() => said(room).text).toBe('look @Bo');
  expect(ids(room)).toEqual([other.id]);
  await expect(messages(ann).last().locator('bdi', { hasText: '@Bo' })).toBeVisible();
});

test('K8 Esc closes only the list, Tab takes, and a name that is gone from the text is nobody’s mention', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, cy } = await inCompany(server, ann);
  const field = await composer(ann);
  await field.pressSequentially('@小');
  await expect(chosen(ann)).toContainText('小明');
  await field.press('Escape');
  await expect(list(ann)).toBeHidden();
  await expect(field).toBeFocused();
  await expect(field).toHaveValue('@小');
  await field.fill('');
  await field.pressSequentially('@小');
  await field.press('Tab');
  await expect(field).toBeFocused();
  await expect(field).toHaveValue('@小明 ');
  await field.pressSequentially('和 @Ol');
  await field.press('Enter');
  await expect(field).toHaveValue('@小明 和 @Olga ');
  await field.fill('@小明 来');
  await field.press('Enter');
  await expect.poll(() => said(room).text).toBe('@小明 来');
  expect(ids(room)).toEqual([cy.id]);

  // The next message begins anew: at the same place the list opens again.
  await field.pressSequentially('@小');
  await expect(chosen(ann)).toContainText('小明');
});

test('a name typed out by hand is a mention as well, and one of nobody here is only words', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, olga, cy } = await inCompany(server, ann);
  const field = await composer(ann);
  await field.pressSequentially('@o');
  await expect(chosen(ann)).toContainText('Olga');
  await field.pressSequentially('lga, @Zoe, @小明你好');
  await expect(list(ann)).toBeHidden();
  await field.press('Enter');
  await expect.poll(() => said(room).text).toBe('@olga, @Zoe, @小明你好');
  expect(ids(room).toSorted()).toEqual([olga.id, cy.id].toSorted());
});

test('K5 LG5 keys of an input method neither take a name nor send', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room } = await inCompany(server, ann);
  const field = await composer(ann);
  const method = await inputMethod(ann);
  await field.pressSequentially('@');
  await expect(options(ann)).not.toHaveCount(0);
  await method.compose('xiao');
  for (const key of ['Enter', 'ArrowDown', 'Tab', 'Escape']) await method.press(key);
  await expect(field).toHaveValue('@xiao');
  await method.commit('小');
  await expect(chosen(ann)).toContainText('小明');
  expect(said(room).text).toBe('Hello');
  await field.press('Enter');
  await expect(field).toHaveValue('@小明 ');
});

test('VP6 a tap takes a name and leaves the keyboard where it is', async ({ visitor, server }) => {
  const ann = await visitor({ hasTouch: true, isMobile: true, viewport: { width: 360, height: 640 } });
  await inCompany(server, ann);
  const field = await composer(ann);
  await field.pressSequentially('@');
  await expect(list(ann)).toBeInViewport({ ratio: 1 });
  await options(ann).filter({ hasText: 'Olga' }).tap();
  await expect(field).toHaveValue('@Olga ');
  await expect(field).toBeFocused();
});

test('of a large room those are found whom the page doesn’t know', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room } = await inCompany(server, ann);
  for (let number = 1; number <= 120; number += 1) room.members.set(`member${number}`, { ...server.person(`Member ${number}`), id: `member${number}`, role: 'guest_member', joined: number });
  const field = await composer(ann);
  await field.pressSequentially('@Member 117');
  await expect(options(ann)).toHaveCount(1);
  await field.press('Enter');
  await field.press('Enter');
  await expect.poll(() => ids(room)).toEqual(['member117']);
});

test('names can be added to a message that is being changed', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, olga } = await inCompany(server, ann);
  await send(ann, 'Ready');
  await expectStored(ann, 'Ready');
  await (await composer(ann)).press('ArrowUp');
  const field = ann.getByRole('textbox', { name: await sentence(ann, 'edit.label') });
  await field.pressSequentially(' @Ol');
  await expect(chosen(ann)).toContainText('Olga');
  await field.press('Enter');
  await expect(field).toHaveValue('Ready @Olga ');
  await field.press('Enter');
  await expect.poll(() => room.changes.at(-1)?.text).toBe('Ready @Olga');
  expect(room.changes.at(-1).mentions).toEqual([{ id: olga.id, name: 'Olga' }]);
  await expect(messages(ann).last().getByText('@Olga', { exact: true })).toBeVisible();
});

for (const colorScheme of ['light', 'dark']) {
  test(`LK2 names stand out, mine more, and both can be read in the ${colorScheme} theme`, async ({ visitor, server }) => {
    const ann = await visitor({ colorScheme });
    const { room, olga, bo, me } = await inCompany(server, ann);
    room.say(olga, 'For @Bo and @Ann, not @Cy', { mentions: [bo, me].map(({ id, name }) => ({ id, name })) });
    const said = messages(ann).last();
    const weight = async (text) => Number(await said.getByText(text, { exact: true }).evaluate((element) => getComputedStyle(element).fontWeight));
    expect(await weight('@Bo')).toBeGreaterThan(500);
    expect(await weight('@Ann')).toBeGreaterThan(await weight('@Bo'));
    await expect(said.getByText('@Cy', { exact: true })).toHaveCount(0);
    await said.hover();
    await expectAccessible(ann);
  });
}

test('A3 a mention of me is spoken as such, in the same one place', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, olga, me } = await inCompany(server, ann);
  room.say(olga, '@Ann come', { mentions: [{ id: me.id, name: me.name }] });
  const name = `Olga · ${await mark(ann, olga)}`;
  await expect.poll(() => announced(ann)).toEqual([await sentence(ann, 'announce.mention', { name, text: '@Ann come' })]);
});
