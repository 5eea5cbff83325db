// Stories on the scripted server begin the same way: somebody stands in a room that Olga opened.

import { expect } from '@playwright/test';
import { composer } from './page.mjs';
import { comeAs } from './world.mjs';

/**
 * Comes to a room of the scripted server as a member; returns the room, its owner and me. `texts`
 * were said by the owner before, one a minute, the last one a minute ago; I have read the first `read`
 * of them, or all.
 */
export async function enterScripted(server, page, { room: name = 'Workshop', description = 'Things in progress', texts = [], read = null, me = 'Ann' } = {}) {
  const olga = server.person('Olga');
  const room = server.openRoom(name, description, olga);
  texts.forEach((text, index) => room.say(olga, text, { at: Date.now() - (texts.length - index) * 60_000 }));
  room.readAtJoin = read;
  await comeAs(page, me, name, server.origin);
  await (await composer(page)).waitFor();
  // Its button shows when what stands round the conversation is there, which comes after the first paint.
  await page.locator('.composer__emoji').waitFor();
  await isConnected(room, me);
  return { room, olga, me: room.online.find((person) => person.name === me) };
}

/** Waits until the room itself sees this person, which no page can show of itself. */
export async function isConnected(room, name) {
  await expect.poll(() => [...room.members.values()].some((person) => person.name === name) && room.online.some((person) => person.name === name)).toBe(true);
}

/** Waits until the page itself knows that its socket is gone, which it tells nobody before two seconds. */
export async function isCut(page) {
  await expect.poll(() => page.locator('hihi-composer').evaluate(({ session }) => session.connection.state)).toBe('reconnecting');
}

/** Waits until the page has heard the room again. */
export async function isBack(page) {
  await expect.poll(() => page.locator('hihi-composer').evaluate(({ session }) => session.connection.state)).toBe('online');
}

/** Lets sockets in again; the page hears that the network is back and tries at once. */
export async function openDoor(server, page) {
  server.faults.length = 0;
  await page.evaluate(() => dispatchEvent(new Event('online')));
}
