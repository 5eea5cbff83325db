// What a test needs to know or to make of the real Worker without a page: names nobody has taken,
// who somebody is, and a room with a past.

import { randomBytes, randomUUID } from 'node:crypto';

/** Rooms live as long as the run, so each test opens its own. */
export function unique(name) {
  return `${name} ${randomBytes(3).toString('hex')}`;
}

/** The Person a page is signed in as. */
export async function whoIs(page) {
  return (await page.request.get('/api/session')).json();
}

function api(room) {
  return `/api/rooms/${encodeURIComponent(room)}`;
}

/** Makes this person say many things at once, in order, without the page. */
export async function saySo(page, room, texts) {
  for (const text of texts) {
    const answer = await page.request.post(`${api(room)}/messages`, { data: { id: randomUUID(), text } });
    if (!answer.ok()) throw new Error(`not said: ${answer.status()} ${await answer.text()}`);
  }
}

/** The newest messages as the server has them. */
export async function saidIn(page, room) {
  return (await (await page.request.get(`${api(room)}/messages`)).json()).messages;
}

export function counted(what, from, to) {
  return Array.from({ length: to - from + 1 }, (_, index) => `${what} ${from + index}`);
}
