// Far from the newest messages: the way to an old one and back, and a page that stays small.

import { expect, test } from './support/fixtures.mjs';
import { composer, messages, names, send } from './support/page.mjs';
import { distance, expectAtEnd, expectNoHole, expectStillReading, reading, rowsOf, timelineOf, topOf, wheel } from './support/place.mjs';
import { enterScripted } from './support/scripted-story.mjs';
import { sentence } from './support/sentences.mjs';
import { counted, enter, hostAs, saySo, unique } from './support/world.mjs';

const LONG = counted('Past', 1, 400);
const KEPT = 300;

const named = (page, text) => messages(page).filter({ has: page.getByText(text, { exact: true }) });
const reveal = (page, seq) => page.evaluate((target) => document.querySelector('hihi-timeline').reveal(target), seq);
const button = async (page, key, parameters) => page.getByRole('button', { name: await sentence(page, key, parameters) });
const status = async (page, key) => page.getByRole('status').filter({ hasText: await sentence(page, key) });

/** Returns when the page has asked for nothing for two frames. */
function idleness(page) {
  const open = new Set();
  page.on('request', (request) => open.add(request));
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, (request) => open.delete(request));
  return async () => {
    await expect.poll(async () => {
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      return open.size;
    }).toBe(0);
  };
}

test('SC8 K9 an old message is gone to and has the focus, and what is missing on both sides is told', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, olga } = await enterScripted(server, ann, { texts: LONG });
  await expectAtEnd(ann);
  await reveal(ann, 120);
  await expect(named(ann, 'Past 120')).toBeInViewport({ ratio: 1 });
  await expect(named(ann, 'Past 120')).toBeFocused();
  await expectNoHole(ann);
  expect(await rowsOf(ann)).toContain(null);
  // What is said meanwhile is counted, and moves nothing
  const place = await reading(ann);
  room.say(olga, 'Past 401');
  await expect(ann.getByRole('button', { name: (await names(ann)).latest })).toContainText(await sentence(ann, 'timeline.latest_new', { n: 1 }));
  await expectStillReading(ann, place);
  await expectNoHole(ann);
});

test('SC8 reading on down from an old message leads to the newest, without a hole on the way', async ({ visitor, server }) => {
  const ann = await visitor();
  const idle = idleness(ann);
  await enterScripted(server, ann, { texts: LONG });
  await expectAtEnd(ann);
  await reveal(ann, 300);
  await idle();
  for (let turn = 0; (await rowsOf(ann)).includes(null); turn += 1) {
    expect(turn).toBeLessThan(60);
    await wheel(ann, 700);
    const place = await reading(ann);
    await idle();
    await expectStillReading(ann, place);
    await expectNoHole(ann);
  }
  expect((await rowsOf(ann)).at(-1)).toBe(400);
});

test('SC8 the gap above the newest is shown from its lower end when asked for', async ({ visitor, server }) => {
  const ann = await visitor();
  const idle = idleness(ann);
  await enterScripted(server, ann, { texts: LONG });
  await expectAtEnd(ann);
  await reveal(ann, 100);
  await ann.getByRole('button', { name: (await names(ann)).latest }).click();
  await expectAtEnd(ann);
  const rows = await rowsOf(ann);
  const gap = rows.indexOf(null);
  const missing = rows[gap + 1] - rows[gap - 1] - 1;
  await (await button(ann, 'timeline.gap', { n: missing })).click();
  await idle();
  await expect(await button(ann, 'timeline.gap', { n: missing - 50 })).toBeAttached();
  await expectNoHole(ann);
  expect((await rowsOf(ann)).at(-1)).toBe(400);
});

test('SC8 the way back leads to where I was, to the pixel, one step at a time', async ({ visitor, server }) => {
  const ann = await visitor();
  await enterScripted(server, ann, { texts: LONG });
  await expectAtEnd(ann);
  const back = await button(ann, 'timeline.back');
  await expect(back).toBeHidden();
  await wheel(ann, -900);
  const place = await reading(ann);
  await reveal(ann, 120);
  const second = await reading(ann);
  await reveal(ann, 20);
  await expect(named(ann, 'Past 20')).toBeFocused();
  await back.click();
  await expectStillReading(ann, second);
  await back.click();
  await expectStillReading(ann, place);
  await expect(back).toBeHidden();
  // From the end it leads to the end, and to writing
  await wheel(ann, 5_000);
  await reveal(ann, 120);
  await back.click();
  await expectAtEnd(ann);
  await expect(await composer(ann)).toBeFocused();
  await expect(back).toBeHidden();
});

test('SC8 LK3 the message one was led to is marked for a while, without motion if that is not wanted', async ({ visitor, server }) => {
  const ann = await visitor({ reducedMotion: 'reduce' });
  await enterScripted(server, ann, { texts: LONG });
  await expectAtEnd(ann);
  const ground = (text) => named(ann, text).evaluate((article) => getComputedStyle(article).backgroundColor);
  // Looked at in the page itself: the mark may be gone before a busy machine asks for the second time.
  const seen = await ann.evaluate(async () => {
    await document.querySelector('hihi-timeline').reveal(120);
    const { backgroundColor } = getComputedStyle(document.querySelector('[data-seq="120"] article'));
    return { backgroundColor, moves: document.getAnimations().filter((one) => one.effect.getComputedTiming().activeDuration > 10).length };
  });
  const plain = await ground('Past 119');
  expect(seen.backgroundColor).not.toBe(plain);
  expect(seen.moves).toBe(0);
  await expect.poll(() => ground('Past 120')).toBe(plain);
});

test('SC8 a message that is gone says so, and so does one that does not come', async ({ visitor, server }) => {
  const ann = await visitor({ expected: [/503/] });
  const { room } = await enterScripted(server, ann, { texts: LONG });
  await expectAtEnd(ann);
  await wheel(ann, -900);
  const place = await reading(ann);
  room.messages.splice(119, 1);
  server.faults.push({ path: /messages/, status: 503, code: 'busy' });
  await reveal(ann, 60);
  await expect(await status(ann, 'error.busy')).toBeVisible();
  server.faults.length = 0;
  await reveal(ann, 120);
  await expect(await status(ann, 'message.lost')).toBeVisible();
  await expectStillReading(ann, place);
  await expect(await button(ann, 'timeline.back')).toBeHidden();
});

for (const anchoring of ['none', 'auto']) {
  const browser = anchoring === 'auto' ? 'a browser that anchors' : 'a browser that does not anchor';

  test(`SC9 who scrolls a thousand messages back and forth holds 300 and keeps the place, in ${browser}`, async ({ visitor, server }) => {
    const ann = await visitor({ viewport: { width: 800, height: 600 } });
    const idle = idleness(ann);
    const { room, olga } = await enterScripted(server, ann, { texts: counted('Past', 1, 1_000) });
    await (await timelineOf(ann)).evaluate((region, value) => (region.style.overflowAnchor = value), anchoring);
    await expectAtEnd(ann);
    const at = await names(ann);

    // Up to the first one
    const beginning = ann.getByText(at.beginning('Workshop'));
    const step = async (by) => {
      await wheel(ann, by);
      const place = await reading(ann);
      await idle();
      // Who is near the end when the last message comes is at it.
      if (await distance(ann) > 1) await expectStillReading(ann, place);
      const rows = await rowsOf(ann);
      expect(rows.length).toBeLessThanOrEqual(KEPT + 1);
      return rows;
    };
    let most = 0;
    for (let turn = 0; !(await beginning.isVisible()); turn += 1) {
      expect(turn).toBeLessThan(100);
      most = Math.max(most, (await step(-2_500)).length);
    }
    await expectNoHole(ann);
    expect(most).toBeGreaterThan(200);
    expect((await rowsOf(ann))[0]).toBe(1);

    // What is said now waits at the other end
    room.say(olga, 'Past 1001');
    const jump = ann.getByRole('button', { name: at.latest });
    await expect(jump).toContainText(await sentence(ann, 'timeline.latest_new', { n: 1 }));
    await expect(named(ann, 'Past 1001')).toHaveCount(0);

    // And down again, by reading
    for (let turn = 0; await jump.isVisible(); turn += 1) {
      expect(turn).toBeLessThan(100);
      await step(2_000);
      await expectNoHole(ann);
    }
    expect((await rowsOf(ann)).at(-1)).toBe(1_001);
  });
}

/** So far back that the newest messages had to be let go of. */
async function goFarBack(page) {
  const idle = idleness(page);
  await reveal(page, 600);
  for (let turn = 0; (await rowsOf(page)).includes(1_000); turn += 1) {
    expect(turn).toBeLessThan(40);
    await wheel(page, -2_500);
    await idle();
  }
}

test('SC8 what I send from far back stands with the newest, and so do I', async ({ visitor, server }) => {
  const ann = await visitor({ viewport: { width: 800, height: 600 } });
  await enterScripted(server, ann, { texts: counted('Past', 1, 1_000) });
  await expectAtEnd(ann);
  await goFarBack(ann);
  server.faults.push({ path: /messages/, delay: 300 });
  await send(ann, 'Past 1001');
  await expectNoHole(ann);
  await expect(named(ann, 'Past 1000')).toHaveCount(1);
  await expect(messages(ann).last()).toBeInViewport({ ratio: 1 });
  await expectAtEnd(ann);
  await expectNoHole(ann);
  expect((await rowsOf(ann)).slice(-3)).toEqual([999, 1000, 1001]);
});

test('SC8 the jump to the latest loads the latest first, or says why not', async ({ visitor, server }) => {
  const ann = await visitor({ viewport: { width: 800, height: 600 }, expected: [/503/] });
  await enterScripted(server, ann, { texts: counted('Past', 1, 1_000) });
  await expectAtEnd(ann);
  await goFarBack(ann);
  const jump = ann.getByRole('button', { name: (await names(ann)).latest });
  server.faults.push({ path: /messages/, status: 503, code: 'busy' });
  await jump.click();
  await expect(await status(ann, 'error.busy')).toBeVisible();
  await expectNoHole(ann);
  server.faults.length = 0;
  await jump.click();
  await expectAtEnd(ann);
  await expect(jump).toBeHidden();
  await expectNoHole(ann);
  expect((await rowsOf(ann)).slice(-2)).toEqual([999, 1000]);
});

test('SC9 newer messages that do not come say so and can be asked for again', async ({ visitor, server }) => {
  const ann = await visitor({ viewport: { width: 800, height: 600 }, expected: [/503/] });
  await enterScripted(server, ann, { texts: counted('Past', 1, 1_000) });
  await expectAtEnd(ann);
  await goFarBack(ann);
  server.faults.push({ path: /messages/, status: 503, code: 'busy' });
  const idle = idleness(ann);
  const failed = await button(ann, 'timeline.gap_failed');
  for (let turn = 0; (await failed.count()) === 0; turn += 1) {
    expect(turn).toBeLessThan(30);
    await wheel(ann, 1_500);
    await idle();
  }
  const last = (await rowsOf(ann)).filter(Boolean).at(-1);
  server.faults.length = 0;
  await failed.click();
  await expect.poll(async () => (await rowsOf(ann)).filter(Boolean).at(-1)).toBeGreaterThan(last);
  await expectNoHole(ann);
});

test('MS11 K9 a quote leads to what it answers, however far back, and to what is left of what was deleted', async ({ visitor }) => {
  const ann = await visitor();
  const room = unique('quotes');
  await hostAs(ann, 'Ann', room);
  await saySo(ann, room, counted('Past', 1, 120));
  await enter(ann, room, { type: 'send', text: 'As I said before', reply_to: 10 });
  await enter(ann, room, { type: 'send', text: 'And this', reply_to: 12 });
  await enter(ann, room, { type: 'delete', seq: 12 });
  await ann.reload();
  const quoteIn = (text) => messages(ann).filter({ hasText: text }).locator('[data-act=quote]');
  await quoteIn('As I said before').focus();
  await ann.keyboard.press('Enter');
  const answered = named(ann, 'Past 10').first();
  await expect(answered).toBeFocused();
  await expect(answered).toBeInViewport({ ratio: 1 });
  await (await button(ann, 'timeline.back')).click();
  await expect(await composer(ann)).toBeFocused();
  await quoteIn('And this').click();
  await expect(await status(ann, 'message.tombstone')).toBeVisible();
  await expect(messages(ann).filter({ hasText: await sentence(ann, 'message.tombstone') }).first()).toBeFocused();
});

test('SC10 a place far back is found again, too', async ({ visitor, server }) => {
  const ann = await visitor();
  const { olga } = await enterScripted(server, ann, { texts: LONG });
  server.openRoom('Elsewhere', '', olga);
  await ann.reload();
  await expectAtEnd(ann);
  await reveal(ann, 120);
  await wheel(ann, 60);
  const place = await reading(ann);
  await ann.getByRole('link', { name: 'Elsewhere' }).click();
  await expect(ann.getByRole('heading', { level: 1, name: 'Elsewhere' })).toBeVisible();
  await ann.getByRole('link', { name: 'Workshop' }).click();
  await expect(ann.getByRole('heading', { level: 1, name: 'Workshop' })).toBeVisible();
  await expect.poll(() => topOf(ann, place.text)).toBeCloseTo(place.top, 0);
  await expectNoHole(ann);
});
