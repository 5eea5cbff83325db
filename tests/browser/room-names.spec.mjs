// What a room can be called, from the form that makes it through every address on the way to it.

import { expect, test } from './support/fixtures.mjs';
import { createRoom, enterAs, readMessages, send } from './support/page.mjs';
import { comeAs, guestMark, unique } from './support/world.mjs';

for (const name of ['🦊 den', 'a/b', '100% sure', '50%25', 'tea - cake', 'What? #1 & more', '日本語 / 中文', '..a', 'a+b']) {
  test(`a room can be called “${name}”`, async ({ visitor }) => {
    const room = unique(name);
    const ann = await visitor();
    await comeAs(ann, name.slice(0, 20));
    await createRoom(ann, room);
    await send(ann, 'In here');
    const bob = await visitor();
    await enterAs(bob, 'Bob', new URL(ann.url()).pathname + new URL(ann.url()).search);
    await expect.poll(async () => (await readMessages(bob)).map(({ by, text }) => [by, text])).toEqual([[await guestMark(ann), 'In here']]);
    await expect(bob.getByRole('link', { name: room, exact: true })).toHaveAttribute('aria-current', 'page');
  });
}
