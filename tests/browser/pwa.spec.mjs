// What the browser keeps, shows and does for somebody beyond the page.

import { expect, test } from './support/fixtures.mjs';
import { chooseTheme, composer, messages, names, roomPath, send } from './support/page.mjs';
import { enterScripted, isConnected } from './support/scripted-story.mjs';
import { sentence } from './support/sentences.mjs';
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
  const { room } = await enterScripted(server, ann);
  await writes(ann, 'for Ann’s eyes only');
  await expect.poll(() => drafts(ann)).toBe(1);
  const hers = await ann.context().cookies();
  // Her session ends without her: nothing told the browser to forget. A page that stood open would ask on, and be refused.
  await ann.goto('about:blank');
  await ann.context().clearCookies();
  await comeAs(ann, 'Bo', 'Workshop', server.origin);
  await (await composer(ann)).waitFor();
  await finds(ann, '');
  await isConnected(room, 'Bo');
  await ann.goto('about:blank');
  await ann.context().clearCookies();
  await ann.context().addCookies(hers);
  await ann.goto(server.origin + roomPath('Workshop'));
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

/** A browser that keeps what it was asked and what it would show, and a page that can be looked away from. */
function notificationsOf(page, answer) {
  return page.addInitScript((given) => {
    window.asked = 0;
    window.told = [];
    window.away = false;
    window.Notification = class extends EventTarget {
      static permission = sessionStorage.getItem('permission') ?? 'default';

      static async requestPermission() {
        window.asked += 1;
        sessionStorage.setItem('permission', given);
        return (this.permission = given);
      }

      constructor(title, { body, silent, tag }) {
        super();
        window.told.push({ title, body, silent, tag });
      }

      close() {}
    };
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => window.away });
  }, answer);
}

async function chooses(page, choice) {
  const members = page.getByRole('group', { name: (await names(page)).members });
  await members.getByRole('button', { name: await sentence(page, 'notices.open') }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: new RegExp(`^${await sentence(page, `notices.${choice}`)}`) }).check();
  await dialog.getByRole('button', { name: await sentence(page, 'settings.save') }).click();
  return dialog;
}

test('NT3 NT4 NT5 who asked for it is told of what is not in view, by room: all, mentions, nothing', async ({ visitor, server }) => {
  const ann = await visitor();
  await notificationsOf(ann, 'granted');
  const { room, olga, me } = await enterScripted(server, ann);
  const mentions = [{ id: me.id, name: me.name }];
  const told = () => ann.evaluate(() => window.told.map(({ title, body }) => `${title}: ${body}`));
  const looksAway = (away) => ann.evaluate((hidden) => (window.away = hidden), away);
  const says = async (text) => {
    room.say(olga, text, /^@ann/i.test(text) ? { mentions } : {});
    await expect(messages(ann).filter({ hasText: text })).toHaveCount(1);
  };
  const from = await sentence(ann, 'notices.from', { name: `Olga · ${(await names(ann)).guest(olga.tag)}`, room: 'Workshop' });

  await looksAway(true);
  await says('@Ann before anybody asked');
  await looksAway(false);
  await expect(await chooses(ann, 'mentions')).toHaveCount(0);
  expect(await ann.evaluate(() => window.asked)).toBe(1);
  await says('@Ann in view');
  await looksAway(true);
  await says('nothing for her, or another @Ann');
  await says('@ann come back');
  await expect.poll(told).toEqual([`${from}: @ann come back`]);
  await looksAway(false);
  await expect(await chooses(ann, 'all')).toHaveCount(0);
  await looksAway(true);
  await says('whatever it is');
  await expect.poll(told).toEqual([`${from}: @ann come back`, `${from}: whatever it is`]);
  expect(await ann.evaluate(() => window.told.every(({ silent }) => silent))).toBe(true);

  // Another room has its own choice, and this one is still there after a reload.
  await ann.reload();
  await send(ann, 'I am back');
  await expect.poll(() => room.messages.some(({ text }) => text === 'I am back')).toBe(true);
  await looksAway(true);
  await says('after the reload');
  await expect.poll(told).toEqual([`${from}: after the reload`]);
  await looksAway(false);
  await expect(await chooses(ann, 'none')).toHaveCount(0);
  await looksAway(true);
  await says('@Ann for nobody');
  const elsewhere = server.openRoom('Elsewhere', '', olga);
  await comeAs(ann, 'Ann', 'Elsewhere', server.origin);
  await (await composer(ann)).waitFor();
  await isConnected(elsewhere, 'Ann');
  await looksAway(true);
  const there = elsewhere.online.find(({ name }) => name === 'Ann');
  elsewhere.say(olga, '@Ann over here', { mentions: [{ id: there.id, name: 'Ann' }] });
  await expect.poll(told).toHaveLength(1);
  expect(await ann.evaluate(() => [window.asked, window.told[0].body])).toEqual([0, '@Ann over here']);
});

test('NT3 a refusal is said, kept, and nobody is asked again until they press', async ({ visitor, server }) => {
  const ann = await visitor();
  await notificationsOf(ann, 'denied');
  const { room, olga } = await enterScripted(server, ann);
  expect(await ann.evaluate(() => window.asked)).toBe(0);
  const dialog = await chooses(ann, 'all');
  await expect(dialog.getByRole('alert').filter({ hasText: await sentence(ann, 'notices.denied') })).toBeVisible();
  await ann.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(ann.getByRole('button', { name: await sentence(ann, 'notices.open') })).toBeFocused();
  await ann.evaluate(() => (window.away = true));
  room.say(olga, '@Ann can you hear me?');
  await expect(messages(ann)).toHaveCount(1);
  expect(await ann.evaluate(() => [window.asked, window.told])).toEqual([1, []]);
  await ann.reload();
  await (await composer(ann)).waitFor();
  await ann.getByRole('button', { name: await sentence(ann, 'notices.open') }).click();
  await expect(ann.getByRole('dialog').getByRole('alert').filter({ hasText: await sentence(ann, 'notices.denied') })).toBeVisible();
  expect(await ann.evaluate(() => window.asked)).toBe(0);
});

test('NT2 no worker stands between the page and its server, and no cache keeps what people said', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, olga } = await enterScripted(server, ann);
  room.say(olga, 'for Ann only');
  await expect(messages(ann)).toHaveCount(1);
  await ann.reload();
  await expect(messages(ann)).toHaveCount(1);
  const kept = await ann.evaluate(async () => ({
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    caches: await caches.keys(),
    storage: [...Object.values(localStorage), ...Object.values(sessionStorage)].filter((value) => value.includes('for Ann only')),
  }));
  expect(kept).toEqual({ workers: 0, caches: [], storage: [] });
});
