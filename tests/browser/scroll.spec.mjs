// The reader's place: the end stays the end, and what is being read stays where it is.

import { expect, test } from './support/fixtures.mjs';
import { composer, messages, names, readMessages, send } from './support/page.mjs';
import { distance, expectAtEnd, expectNoHole, expectStillReading, reading, timelineOf, topOf, wheel } from './support/place.mjs';
import { enterScripted, isCut, openDoor } from './support/scripted-story.mjs';
import { sentence } from './support/sentences.mjs';
import { counted } from './support/world.mjs';

const LONG = counted('Past', 1, 120);
const TALL = counted('tall', 1, 14).join('\n');

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

test('SC2 SC3 SC7 a busy room that says many messages in a frame moves nobody: not who stands at the end, nor who reads', async ({ visitor, server }) => {
  const ann = await visitor({ expected: [/WebSocket/] });
  const { room, olga } = await enterScripted(server, ann, { texts: LONG });
  const jump = ann.getByRole('button', { name: (await names(ann)).latest });
  /** So many messages more in frames of twenty. */
  const talk = async (many) => {
    for (let frame = 0; frame < many; frame += 20) {
      for (let one = 0; one < 20; one += 1) room.say(olga, `Past ${room.seq + 1}`);
      await Promise.resolve();
    }
  };
  room.gathers = true;
  await expectAtEnd(ann);
  await talk(200);
  await expect(messages(ann).last()).toContainText('Past 320');
  await expectAtEnd(ann);
  await expect(jump).toBeHidden();
  await expectNoHole(ann);

  await wheel(ann, -1_200);
  const place = await reading(ann);
  await talk(200);
  await expect(jump).toContainText(await sentence(ann, 'timeline.latest_new', { n: 200 }));
  await expectStillReading(ann, place);
  await expectNoHole(ann);

  // Who was cut off for a while is welcomed and told what they missed in one frame.
  server.faults.push({ path: /live/ });
  room.terminate();
  await isCut(ann);
  await talk(60);
  await openDoor(server, ann);
  await jump.click();
  await expect(messages(ann).last()).toContainText('Past 580');
  await expectAtEnd(ann);
  await expectNoHole(ann);
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
    // Not to the beginning of what is loaded, where what is above would come into view.
    await wheel(ann, -600);
    const place = await reading(ann);
    await test.step('arrivals below', async () => {
      for (const text of ['Below', TALL]) room.say(olga, text);
      await expect(messages(ann).filter({ hasText: 'Below' })).toHaveCount(1);
      await expectStillReading(ann, place);
    });
    await test.step('edits, reactions and deletions below and above', async () => {
      const at = room.messages.findLastIndex(({ text }) => place.text.includes(text));
      for (const [target, where] of [[at - 2, 'further up'], [at + 8, 'further down']]) {
        const message = messages(ann).filter({ hasText: where });
        const change = (what) => room.change(olga, room.messages[target].seq, what);
        change({ type: 'edited', text: `${TALL} ${where}` });
        await expect(message).toHaveCount(1);
        await expectStillReading(ann, place);
        change({ type: 'reacted', reaction: '🎉', on: true });
        await expect(message.getByRole('button', { name: '🎉 1' })).toHaveCount(1);
        await expectStillReading(ann, place);
        change({ type: 'deleted' });
        await expect(message).toHaveCount(0);
        await expectStillReading(ann, place);
      }
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
      await expect(messages(ann).filter({ hasText: place.text })).toBeInViewport();
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
    await region.hover();
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
  await ann.reload();
  await expect(ann.getByRole('link', { name: 'Elsewhere' })).toBeVisible();
  await expectAtEnd(ann);
  await wheel(ann, -1_200);
  const place = await reading(ann);
  await ann.getByRole('link', { name: 'Elsewhere' }).click();
  await expect(ann.getByRole('heading', { level: 1, name: 'Elsewhere' })).toBeVisible();
  await ann.getByRole('link', { name: 'Workshop' }).click();
  await expect(ann.getByRole('heading', { level: 1, name: 'Workshop' })).toBeVisible();
  await expect(messages(ann).first()).toBeAttached();
  await expect.poll(() => topOf(ann, place.text)).toBeCloseTo(place.top, 0);
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
