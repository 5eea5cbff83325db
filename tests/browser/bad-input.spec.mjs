// What can't be taken: said beside the field in the reader's language, before it is sent where the
// page can know, and what was typed stays.

import { expect, test } from './support/fixtures.mjs';
import { composer, enterAs, messages, names, send } from './support/page.mjs';
import { sentence } from './support/sentences.mjs';
import { comeAs, hostAs, unique } from './support/world.mjs';

const LONG = (length) => '长a'.repeat(length).slice(0, length);

async function expectRefused(field, what) {
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(field).toHaveAccessibleDescription(what);
  await expect(field).toBeFocused();
}

const NAMES_REFUSED = [
  ['blank', '', 'error.blank.person'],
  ['only spaces', '   ', 'error.blank.person'],
  ['only full-width spaces', '\u3000\u3000', 'error.blank.person'],
  ['only zero-width characters', '\u200b\u200d', 'error.blank.person'],
  ['33 characters', LONG(33), 'error.too_long.person', { limit: 32 }],
  ['a bidi override', 'Ann\u202eevil', 'error.forbidden_characters.person'],
  ['a zero-width space inside', 'An\u200bn', 'error.forbidden_characters.person'],
  ['a reserved name', 'Admin', 'error.reserved_name'],
  ['a guest mark', 'Ann · guest k3f9', 'error.reserved_name'],
];

test('what is no name is said so beside the field', async ({ visitor }) => {
  const ann = await visitor();
  await ann.goto('/login');
  const field = ann.getByRole('textbox', { name: (await names(ann)).name });
  for (const [what, name, key, parameters] of NAMES_REFUSED) {
    await test.step(what, async () => {
      await field.fill(name);
      await field.press('Enter');
      await expectRefused(field, await sentence(ann, key, parameters));
      await expect(field).toHaveValue(name);
      // Typing on takes the reproach away
      await field.pressSequentially('x');
      await expect(field).not.toHaveAttribute('aria-invalid');
    });
  }
  expect(new URL(ann.url()).pathname).toBe('/login');
});

test('a look-alike of a reserved name is refused by the server, and the name stays', async ({ visitor }) => {
  const ann = await visitor({ expected: [/422/] });
  await ann.goto('/login');
  const field = ann.getByRole('textbox', { name: (await names(ann)).name });
  await field.fill('аdmin'); // a Cyrillic а
  await field.press('Enter');
  await expectRefused(field, await sentence(ann, 'error.reserved_name'));
  await expect(field).toHaveValue('аdmin');
});

test('32 characters are a name', async ({ visitor }) => {
  const ann = await visitor();
  await enterAs(ann, '𝒜'.repeat(32));
  await expect(ann.getByText('A'.repeat(32))).toBeVisible();
});

const ROOMS_REFUSED = [
  ['blank', ' \u3000', 'error.blank.room'],
  ['65 characters', LONG(65), 'error.too_long.room', { limit: 64 }],
  ['a control character', 'a\u0007b', 'error.forbidden_characters.room'],
  ['two dots', '..', 'error.forbidden_characters.room'],
];

test('what is no room’s name is said so beside the field, and the rest of the form stays', async ({ visitor }) => {
  const ann = await visitor();
  await comeAs(ann, 'Ann');
  const at = await names(ann);
  await ann.getByRole('button', { name: at.newRoom }).click();
  const field = ann.getByRole('textbox', { name: at.roomName });
  const description = ann.getByRole('textbox', { name: at.roomDescription });
  await description.fill('A fine description');
  for (const [what, name, key, parameters] of ROOMS_REFUSED) {
    await test.step(what, async () => {
      await field.fill(name);
      await ann.getByRole('button', { name: at.createRoom }).click();
      await expectRefused(field, await sentence(ann, key, parameters));
      await expect(field).toHaveValue(name);
      await expect(description).toHaveValue('A fine description');
    });
  }
});

test('a description of 281 characters is refused beside its field', async ({ visitor }) => {
  const ann = await visitor();
  await comeAs(ann, 'Ann');
  const at = await names(ann);
  await ann.getByRole('button', { name: at.newRoom }).click();
  await ann.getByRole('textbox', { name: at.roomName }).fill('Fine');
  const field = ann.getByRole('textbox', { name: at.roomDescription });
  await field.fill(LONG(281));
  await ann.getByRole('button', { name: at.createRoom }).click();
  await expectRefused(field, await sentence(ann, 'error.too_long.description', { limit: 280 }));
  await expect(field).toHaveValue(LONG(281));
  await expect(ann.getByRole('textbox', { name: at.roomName })).toHaveValue('Fine');
});

test('a message with a control character is refused before it is sent', async ({ visitor }) => {
  const ann = await visitor();
  await hostAs(ann, 'Ann', unique('bell'));
  await send(ann, 'ring \u0007 ring');
  const field = await composer(ann);
  await expect(field).toHaveAccessibleDescription(await sentence(ann, 'error.forbidden_characters.text'));
  await expect(field).toHaveValue('ring \u0007 ring');
  await expect(messages(ann)).toHaveCount(0);
});
