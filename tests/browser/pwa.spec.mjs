// What the browser keeps, shows and does for somebody beyond the page.

import { expect, test } from './support/fixtures.mjs';
import { composer, messages, roomPath, send } from './support/page.mjs';
import { enterScripted } from './support/scripted-story.mjs';
import { comeAs } from './support/world.mjs';

const drafts = (page) => page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('/draft/')).length);
const writes = async (page, text) => (await composer(page)).fill(text);
const finds = async (page, text) => expect(await composer(page)).toHaveValue(text);

test('NT6 each room keeps its own draft over a change of room and a reload, until it is sent', async ({ visitor, server }) => {
  const ann = await visitor();
  const { olga } = await enterScripted(server, ann);
  server.openRoom('Elsewhere', '', olga);
  await ann.reload();
  await writes(ann, 'half a sentence\nfor the workshop');
  await ann.getByRole('link', { name: 'Elsewhere' }).click();
  await expect(ann.getByRole('heading', { level: 1, name: 'Elsewhere' })).toBeVisible();
  await finds(ann, '');
  await writes(ann, 'another one');
  await ann.goBack();
  await expect(ann.getByRole('heading', { level: 1, name: 'Workshop' })).toBeVisible();
  await finds(ann, 'half a sentence\nfor the workshop');

  await expect.poll(() => drafts(ann)).toBe(2);
  await ann.reload();
  await finds(ann, 'half a sentence\nfor the workshop');
  await send(ann, 'a whole sentence');
  await expect(messages(ann)).toHaveCount(1);
  await expect.poll(() => drafts(ann)).toBe(1);
  await ann.reload();
  await expect(messages(ann)).toHaveCount(1);
  await finds(ann, '');
  await ann.goto(server.origin + roomPath('Elsewhere'));
  await finds(ann, 'another one');
});

test('NT6 a draft waits for its writer to enter again, and nobody else of that browser sees it', async ({ visitor, server }) => {
  const ann = await visitor();
  await enterScripted(server, ann);
  await writes(ann, 'for Ann’s eyes only');
  await expect.poll(() => drafts(ann)).toBe(1);
  const hers = await ann.context().cookies();
  // Her session ends without her: nothing told the browser to forget.
  await ann.context().clearCookies();
  await comeAs(ann, 'Bo', 'Workshop', server.origin);
  await (await composer(ann)).waitFor();
  await finds(ann, '');
  await ann.context().clearCookies();
  await ann.context().addCookies(hers);
  await ann.reload();
  await finds(ann, 'for Ann’s eyes only');
});

test('NT7 a tab that only stood by does not take back what another one wrote', async ({ visitor, server }) => {
  const ann = await visitor();
  await enterScripted(server, ann);
  await writes(ann, 'first');
  await expect.poll(() => drafts(ann)).toBe(1);
  const other = await visitor.tab(ann);
  await other.goto(ann.url());
  await finds(other, 'first');
  await writes(other, 'first and second');
  await other.waitForFunction(() => Object.values(localStorage).some((value) => value.includes('first and second')));
  await ann.reload();
  await finds(ann, 'first and second');
});
