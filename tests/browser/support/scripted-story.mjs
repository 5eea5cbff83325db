// Stories on the scripted server begin the same way: somebody stands in a room that Olga opened.

import { expect } from '@playwright/test';
import { composer } from './page.mjs';
import { comeAs } from './world.mjs';

/**
 * Comes to a room of the scripted server as a member; returns the room, its owner and me. `texts`
 * were said by the owner before, one a minute, the last one a minute ago.
 */
export async function enterScripted(server, page, { room: name = 'Workshop', description = 'Things in progress', texts = [], me = 'Ann' } = {}) {
  const olga = server.person('Olga');
  const room = server.openRoom(name, description, olga);
  texts.forEach((text, index) => room.say(olga, text, { at: Date.now() - (texts.length - index) * 60_000 }));
  await comeAs(page, me, name, server.origin);
  await (await composer(page)).waitFor();
  await isConnected(room, me);
  return { room, olga, me: room.online.find((person) => person.name === me) };
}

/** Waits until the room itself sees this person, which no page can show of itself. */
export async function isConnected(room, name) {
  await expect.poll(() => [...room.members.values()].some((person) => person.name === name) && room.online.some((person) => person.name === name)).toBe(true);
}

/** Lets sockets in again; the page hears that the network is back and tries at once. */
export async function openDoor(server, page) {
  server.faults.length = 0;
  await page.evaluate(() => dispatchEvent(new Event('online')));
}
