// The reader's place: the end stays the end, and what is being read stays where it is.

import { expect, test } from './support/fixtures.mjs';
import { composer, messages, names, readMessages, send } from './support/page.mjs';
import { enterScripted, openDoor } from './support/scripted-story.mjs';
import { sentence } from './support/sentences.mjs';
import { counted } from './support/world.mjs';

const LONG = counted('Past', 1, 120);
const TALL = counted('tall', 1, 14).join('\n');

async function timelineOf(page) {
  return page.getByRole('region', { name: (await names(page)).messages('Workshop') });
}

/** How far the end is below the view, once the page has drawn what it knows. */
async function distance(page) {
  return (await timelineOf(page)).evaluate((region) => new Promise((answer) => {
    requestAnimationFrame(() => requestAnimationFrame(() => answer(region.scrollHeight - region.clientHeight - region.scrollTop)));
  }));
}

async function expectAtEnd(page) {
  await expect.poll(() => distance(page)).toBeLessThanOrEqual(1);
}

/** The first message in view and its distance from the top edge. */
async function reading(page) {
  return (await timelineOf(page)).evaluate((region) => new Promise((answer) => {
    requestAnimationFrame(() => requestAnimationFrame(() => {
      const edge = region.getBoundingClientRect().top;
      const first = Array.from(region.querySelectorAll('article')).find((one) => one.getBoundingClientRect().bottom > edge + 1);
      answer({ text: first.textContent, top: first.getBoundingClientRect().top - edge });
    }));
  }));
}

async function expectStillReading(page, { text, top }) {
  const now = await reading(page);
  expect(now.text).toBe(text);
  expect(Math.abs(now.top - top)).toBeLessThanOrEqual(1);
}

/** Scrolls as a wheel does, and waits until it has happened. */
async function wheel(page, by) {
  const region = await timelineOf(page);
  const before = await region.evaluate(({ scrollTop }) => scrollTop);
  await region.hover();
  await page.mouse.wheel(0, by);
  await expect.poll(() => region.evaluate(({ scrollTop }) => scrollTop)).not.toBe(before);
  // The last step of the wheel: two frames at the same place.
  await expect.poll(() => region.evaluate((element) => {
    const at = element.scrollTop;
    return new Promise((answer) => requestAnimationFrame(() => requestAnimationFrame(() => answer(element.scrollTop === at))));
  })).toBe(true);
}

test('SC1 a room opens at its end', async ({ visitor, server }) => {
  const ann = await visitor();
  await enterScripted(server, ann, { texts: LONG });
  await expect(messages(ann).last()).toBeInViewport({ ratio: 1 });
  await expectAtEnd(ann);
});

test('SC2 at the end every arrival keeps the end, tall ones too', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, olga } = await enterScripted(server, ann, { texts: LONG });
  await expectAtEnd(ann);
  for (let number = 1; number <= 30; number += 1) {
    room.say(olga, number % 5 === 0 ? `${TALL} ${number}` : `Arrival ${number}`);
    await expect(messages(ann).last()).toContainText(new RegExp(`${number}$`));
    expect(await distance(ann)).toBeLessThanOrEqual(1);
  }
});

test('SC2 a little above the end still counts as the end', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, olga } = await enterScripted(server, ann, { texts: LONG });
  await expectAtEnd(ann);
  await wheel(ann, -60);
  room.say(olga, 'Arrival');
  await expect(messages(ann).last()).toContainText('Arrival');
  await expectAtEnd(ann);
});

for (const anchoring of ['none', 'auto']) {
  const withAnchoring = async (page) => {
    const region = await timelineOf(page);
    await region.evaluate((element, value) => (element.style.overflowAnchor = value), anchoring);
  };
  const browser = anchoring === 'auto' ? 'a browser that anchors' : 'a browser that does not anchor';

  test(`SC3 what is being read stays where it is, whatever comes below or above, in ${browser}`, async ({ visitor, server }) => {
    const ann = await visitor({ expected: [/WebSocket/] });
    const { room, olga } = await enterScripted(server, ann, { texts: LONG });
    await withAnchoring(ann);
    await expectAtEnd(ann);
    await wheel(ann, -1_200);
    const place = await reading(ann);
    await test.step('arrivals below', async () => {
      for (const text of ['Below', TALL]) room.say(olga, text);
      await expect(messages(ann).filter({ hasText: 'Below' })).toHaveCount(1);
      await expectStillReading(ann, place);
    });
    await test.step('somebody types, comes and goes', async () => {
      const pete = server.person('Pete');
      room.broadcast({ type: 'typing', person: olga });
      room.join(pete);
      room.leave(pete);
      await expectStillReading(ann, place);
    });
    await test.step('the connection is lost, told of, and made again', async () => {
      server.faults.push({ path: /live/ });
      room.terminate();
      await expect(ann.getByRole('button', { name: (await names(ann)).tryNow })).toBeVisible();
      const now = await reading(ann);
      expect(now.text).toBe(place.text);
      await openDoor(server, ann);
      await expect(ann.getByRole('button', { name: (await names(ann)).tryNow })).toBeHidden();
      await expectStillReading(ann, place);
    });
  });

  test(`SC5 older pages come one at a time and move nothing, in ${browser}`, async ({ visitor, server }) => {
    const ann = await visitor();
    await enterScripted(server, ann, { texts: LONG });
    await withAnchoring(ann);
    await expectAtEnd(ann);
    let asked = 0;
    let most = 0;
    ann.on('request', (request) => request.url().includes('before=') && (most = Math.max(most, (asked += 1))));
    ann.on('requestfinished', (request) => request.url().includes('before=') && (asked -= 1));
    server.faults.push({ method: 'GET', path: /messages$/, delay: 400 });
    // Near the top, where older ones are asked for, but not at it: there is something to keep in place
    const region = await timelineOf(ann);
    await region.evaluate((element) => (element.scrollTop = 300));
    const place = await reading(ann);
    await region.evaluate((element) => element.dispatchEvent(new Event('scroll')));
    await expect(messages(ann)).toHaveCount(100);
    await expectStillReading(ann, place);
    server.faults.length = 0;
    await region.evaluate((element) => (element.scrollTop = 0));
    await expect(messages(ann)).toHaveCount(120);
    expect(most).toBe(1);
    await expect(async () => {
      await ann.mouse.wheel(0, -4_000);
      await expect(ann.getByText(await sentence(ann, 'timeline.beginning', { room: 'Workshop' }))).toBeInViewport({ timeout: 200 });
    }).toPass();
    expect((await readMessages(ann)).map(({ text }) => text)).toEqual(LONG);
  });
}

test('SC5 an older page that does not come says so and can be asked for again', async ({ visitor, server }) => {
  const ann = await visitor({ expected: [/503/] });
  await enterScripted(server, ann, { texts: LONG });
  await expectAtEnd(ann);
  server.faults.push({ method: 'GET', path: /messages$/, status: 503, code: 'busy' });
  await wheel(ann, -10_000);
  await expect(ann.getByText(await sentence(ann, 'timeline.older_failed'))).toBeVisible();
  server.faults.length = 0;
  await ann.getByRole('button', { name: (await names(ann)).retry }).click();
  await expect(messages(ann)).not.toHaveCount(50);
  await expect(ann.getByText(await sentence(ann, 'timeline.older_failed'))).toBeHidden();
});

test('SC4 what I send is seen at once, wherever I was reading', async ({ visitor, server }) => {
  const ann = await visitor();
  await enterScripted(server, ann, { texts: LONG });
  await expectAtEnd(ann);
  await wheel(ann, -2_000);
  await send(ann, 'Down here');
  await expect(messages(ann).last()).toContainText('Down here');
  await expect(messages(ann).last()).toBeInViewport({ ratio: 1 });
  await expectAtEnd(ann);
});

test('SC6 the end stays the end when the composer grows, the window shrinks or a keyboard opens', async ({ visitor, server }) => {
  const ann = await visitor();
  await enterScripted(server, ann, { texts: LONG });
  await expectAtEnd(ann);
  await (await composer(ann)).fill(counted('draft', 1, 6).join('\n'));
  await expectAtEnd(ann);
  await expect(messages(ann).last()).toBeInViewport({ ratio: 1 });
  await (await composer(ann)).fill('');
  await expectAtEnd(ann);
  for (const size of [{ width: 600, height: 800 }, { width: 390, height: 800 }, { width: 390, height: 420 }, { width: 1280, height: 800 }]) {
    await ann.setViewportSize(size);
    await expectAtEnd(ann);
    await expect(messages(ann).last()).toBeInViewport({ ratio: 1 });
  }
});

test('SC7 away from the end a button counts what is new, and leads there and to the composer', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, olga } = await enterScripted(server, ann, { texts: LONG });
  const jump = ann.getByRole('button', { name: (await names(ann)).latest });
  await expectAtEnd(ann);
  await expect(jump).toBeHidden();
  await wheel(ann, -1_200);
  await expect(jump).toBeVisible();
  for (const text of ['One', 'Two', 'Three']) room.say(olga, text);
  await expect(jump).toContainText(await sentence(ann, 'timeline.latest_new', { n: 3 }));
  await jump.click();
  await expectAtEnd(ann);
  await expect(jump).toBeHidden();
  await expect(await composer(ann)).toBeFocused();
  await wheel(ann, -1_200);
  await expect(jump).toBeVisible();
  await wheel(ann, 20_000);
  await expect(jump).toBeHidden();
});

test('SC9 a page that stays open does not grow without end', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, olga } = await enterScripted(server, ann, { texts: LONG });
  await expectAtEnd(ann);
  for (let number = 1; number <= 500; number += 1) room.say(olga, `More ${number}`);
  await expect(messages(ann).last()).toContainText('More 500');
  expect(await messages(ann).count()).toBeLessThanOrEqual(450);
  await expectAtEnd(ann);
});

test('SC10 each room keeps its place while I am in another', async ({ visitor, server }) => {
  const ann = await visitor();
  const { olga } = await enterScripted(server, ann, { texts: LONG });
  server.openRoom('Elsewhere', '', olga);
  await expectAtEnd(ann);
  await wheel(ann, -1_200);
  const place = await reading(ann);
  await ann.reload();
  await expect(ann.getByRole('link', { name: 'Elsewhere' })).toBeVisible();
  await wheel(ann, -1_200);
  const again = await reading(ann);
  expect(again.text).toBe(place.text);
  await ann.getByRole('link', { name: 'Elsewhere' }).click();
  await expect(ann.getByRole('heading', { level: 1, name: 'Elsewhere' })).toBeVisible();
  await ann.getByRole('link', { name: 'Workshop' }).click();
  await expect(ann.getByRole('heading', { level: 1, name: 'Workshop' })).toBeVisible();
  await expect(messages(ann).first()).toBeAttached();
  await expect.poll(() => reading(ann).catch(() => null)).toEqual({ text: again.text, top: expect.closeTo(again.top, 0) });
});

test('SC11 the page does not scroll along with the timeline', async ({ visitor, server }) => {
  const ann = await visitor({ viewport: { width: 800, height: 500 } });
  await enterScripted(server, ann, { texts: LONG });
  await expectAtEnd(ann);
  await (await timelineOf(ann)).hover();
  await ann.mouse.wheel(0, 5_000);
  expect(await distance(ann)).toBeLessThanOrEqual(1);
  expect(await ann.evaluate(() => [scrollX, scrollY])).toEqual([0, 0]);
});

test('SC12 LK3 nothing moves by itself where motion is not wanted', async ({ visitor, server }) => {
  const ann = await visitor({ reducedMotion: 'reduce' });
  const { room, olga } = await enterScripted(server, ann, { texts: LONG });
  await expectAtEnd(ann);
  await wheel(ann, -1_200);
  room.say(olga, 'Fresh');
  const jump = ann.getByRole('button', { name: (await names(ann)).latest });
  await expect(jump).toBeVisible();
  const slow = () => ann.evaluate(() => document.getAnimations().filter((animation) => animation.effect.getComputedTiming().activeDuration > 10).length);
  expect(await slow()).toBe(0);
  await jump.click();
  expect(await distance(ann)).toBeLessThanOrEqual(1);
  expect(await slow()).toBe(0);
});
