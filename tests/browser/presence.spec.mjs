// Who is here, as others see it: people, not sockets.

import { expect, test } from './support/fixtures.mjs';
import { names, openRoom, peopleHere } from './support/page.mjs';
import { sentence } from './support/sentences.mjs';
import { comeAs, hostAs, unique } from './support/world.mjs';

test('TP4 several tabs are one person, who is here until the last one is closed, also while none is looked at', async ({ visitor }) => {
  const room = unique('tabs');
  const ann = await visitor();
  await hostAs(ann, 'Ann', room);
  const bob = await visitor();
  await comeAs(bob, 'Bob', room);
  const at = await names(ann);
  const here = await peopleHere(ann);
  const online = async (n) => here.getByRole('heading', { name: await sentence(ann, 'members.online', { n }), exact: true });
  await expect(await online(2)).toBeVisible();

  const second = await visitor.tab(bob);
  await openRoom(second, room);
  await expect(second.getByRole('textbox', { name: at.message, exact: true })).toBeVisible();
  await bob.evaluate(() => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await bob.reload();
  await expect(bob.getByRole('heading', { level: 1, name: room })).toBeVisible();
  await expect(await online(2)).toBeVisible();
  await expect(here.getByText('Bob', { exact: true })).toHaveCount(1);
  await second.close();
  await expect(await online(2)).toBeVisible();
  await bob.goto('/roomlist');
  await expect(await online(1)).toBeVisible();
  await expect(here.getByRole('heading', { name: await sentence(ann, 'members.away'), exact: true })).toBeVisible();
  await expect(here.getByText('Bob', { exact: true })).toHaveCount(1);
});
