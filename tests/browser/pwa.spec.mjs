// What the browser keeps, shows and does for somebody beyond the page.

import { expect, test } from './support/fixtures.mjs';
import { chooseTheme, composer, messages, roomPath, send } from './support/page.mjs';
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

/** What the window round the page is coloured with, and the page's own ground, as the browser paints both. */
const tints = (page) => page.evaluate(() => {
  const painted = (colour) => {
    const canvas = document.createElement('canvas').getContext('2d');
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data.join();
  };
  const round = [...document.querySelectorAll('meta[name=theme-color]')].filter(({ media }) => matchMedia(media).matches);
  return { round: round.map(({ content }) => painted(content)), ground: painted(getComputedStyle(document.documentElement).backgroundColor) };
});

test('NT1 the window round the page has the colour of the page’s theme, the system’s or the chosen one', async ({ visitor }) => {
  const ann = await visitor({ expected: [/404/] });
  for (const path of ['/login', '/nothing/here']) {
    await ann.goto(path);
    for (const colorScheme of ['light', 'dark']) {
      await ann.emulateMedia({ colorScheme });
      const { round, ground } = await tints(ann);
      expect(round).toEqual([ground]);
    }
  }
  await ann.goto('/login');
  for (const [theme, colorScheme] of [['light', 'dark'], ['dark', 'light'], ['system', 'light']]) {
    await ann.emulateMedia({ colorScheme });
    await chooseTheme(ann, theme);
    await expect.poll(async () => (await tints(ann)).round).toEqual([(await tints(ann)).ground]);
    await ann.reload();
    const { round, ground } = await tints(ann);
    expect(round).toEqual([ground]);
  }
});

test('NT1 the manifest is valid, and its icons are as large as it says, the maskable one with nothing outside its circle', async ({ visitor }) => {
  const ann = await visitor();
  await ann.goto('/login');
  const { errors, manifest } = await (await ann.context().newCDPSession(ann)).send('Page.getAppManifest');
  expect(errors).toEqual([]);
  expect(manifest.display).toMatch(/standalone/i);
  const described = await ann.evaluate(async () => (await fetch(document.querySelector('link[rel=manifest]').href)).json());
  expect((await ann.request.get(described.start_url)).status()).toBe(200);
  const seen = await ann.evaluate((icons) => Promise.all(icons.map(async ({ src, sizes, purpose }) => {
    const image = Object.assign(new Image(), { src });
    await image.decode();
    const { naturalWidth: width, naturalHeight: height } = image;
    const canvas = new OffscreenCanvas(width, height).getContext('2d');
    canvas.drawImage(image, 0, 0);
    const { data } = canvas.getImageData(0, 0, width, height);
    const outside = new Set();
    let opaque = 0;
    for (let at = 0; at < width * height; at += 1) {
      const pixel = data.slice(4 * at, 4 * at + 4).join();
      opaque += data[4 * at + 3] === 255;
      if (Math.hypot((at % width) - width / 2, Math.floor(at / width) - height / 2) > 0.4 * width) outside.add(pixel);
    }
    return { sizes, purpose, size: `${width}x${height}`, filled: opaque === width * height, drawn: opaque > 0, outside: outside.size };
  })), described.icons);
  for (const { sizes, size, drawn } of seen) {
    if (sizes !== 'any') expect(size).toBe(sizes);
    expect(drawn).toBe(true);
  }
  expect(seen.map(({ sizes }) => sizes)).toEqual(expect.arrayContaining(['192x192', '512x512']));
  expect(seen.filter(({ purpose }) => purpose === 'maskable')).toEqual([expect.objectContaining({ filled: true, outside: 1 })]);
});
