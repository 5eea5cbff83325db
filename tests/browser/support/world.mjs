// What a test needs to know or to make of the real Worker without a page: names nobody has taken,
// who somebody is, somebody in a room without the way there, and a room with a past.

import { randomBytes, randomUUID } from 'node:crypto';
import { newKey } from '../../../public/js/key.js';
import { names, openRoom, roomPath } from './page.mjs';

/** Rooms live as long as the run, so each test opens its own. */
export function unique(name) {
  return `${name} ${randomBytes(3).toString('hex')}`;
}

/** Asks the server with this page's cookies; the answer has to be a good one. */
async function ask(page, method, path, data) {
  const answer = await page.request.fetch(path, { method, data });
  if (!answer.ok()) throw new Error(`${method} ${path}: ${answer.status()} ${await answer.text()}`);
  return answer;
}

/** The Person a page is signed in as. */
export async function whoIs(page) {
  return (await ask(page, 'GET', '/api/session')).json();
}

/** The header that says where somebody asks from, as Cloudflare's edge sets it; here whoever asks may say it. */
export function anAddress() {
  return { 'cf-connecting-ip': `10.${[...randomBytes(3)].join('.')}` };
}

/** How others see the guest a page is signed in as. */
export async function guestMark(page) {
  const { name, tag } = await whoIs(page);
  return `${name} · ${(await names(page)).guest(tag)}`;
}

function api(room) {
  return `/api/rooms/${encodeURIComponent(room)}`;
}

/**
 * Comes as a guest without the entrance, which has stories of its own: to the list, or into a room
 * as a member. `origin` is that of a server which isn't the run's own.
 */
export async function comeAs(page, name, room = null, origin = '') {
  await ask(page, 'POST', `${origin}/api/guest`, { name });
  if (room) await ask(page, 'PUT', `${origin}${api(room)}/membership`);
  await page.goto(origin + (room ? roomPath(room) : '/roomlist'));
}

/** Makes a room without the list, which has stories of its own; returns when it is open. */
export async function makeRoom(page, room, description = '', { access = 'open' } = {}) {
  await ask(page, 'POST', '/api/rooms', { name: room, description, access });
  await openRoom(page, room);
}

/** Comes as a guest and makes a room, both without the ways there; returns when it is open. */
export async function hostAs(page, name, room, description) {
  await ask(page, 'POST', '/api/guest', { name });
  await makeRoom(page, room, description);
}

const keys = new Map();

/** Makes an account without the form, which has stories of its own; this page's browser is logged in then. */
export async function haveAccount(page, username, password) {
  // Deriving a key takes a browser half a second; accounts of one password can share it here.
  if (!keys.has(password)) keys.set(password, await newKey(password));
  await ask(page, 'POST', '/api/accounts', { username, ...keys.get(password) });
}

/** Makes this person say many things at once, in order, without the page. */
export async function saySo(page, room, texts) {
  const cookies = await page.context().cookies();
  await say(cookies.map(({ name, value }) => `${name}=${value}`), room, texts);
}

/** Makes guests of these names come to a room at once and say one thing each, without a browser. */
export async function saidBy(people, room, text) {
  await Promise.all(people.map(async (name) => {
    const entered = await send([], 'POST', '/api/guest', { name });
    const cookies = entered.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
    await send(cookies, 'PUT', `${api(room)}/membership`);
    await say(cookies, room, [text(name)]);
  }));
}

async function say(cookies, room, texts) {
  for (const text of texts) await send(cookies, 'POST', `${api(room)}/messages`, { id: randomUUID(), text });
}

/** What is asked by the hundred goes without the browser's tools, at a fifth of the time. */
async function send(cookies, method, path, data) {
  const headers = { cookie: cookies.join('; '), ...anAddress(), ...(data && { 'content-type': 'application/json' }) };
  const answer = await fetch(process.env.HIHICHAT_ORIGIN + path, { method, headers, body: data && JSON.stringify(data) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer;
}

/** Makes this person send an Entry to a room without the page, as the frame that would say it there; returns its ack. */
export async function enter(page, room, frame) {
  return (await ask(page, 'POST', `${api(room)}/entries`, { id: randomUUID(), ...frame })).json();
}

/** The newest messages as the server has them. */
export async function saidIn(page, room) {
  return (await (await ask(page, 'GET', `${api(room)}/messages`)).json()).messages;
}

export function counted(what, from, to) {
  return Array.from({ length: to - from + 1 }, (_, index) => `${what} ${from + index}`);
}
