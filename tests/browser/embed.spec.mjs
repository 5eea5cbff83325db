// A room in somebody's own page. The chat and the page are two origins of one site, as README wants it.

import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test as base } from './support/fixtures.mjs';
import { messages, names, roomPath, send } from './support/page.mjs';
import { serve } from './support/worker.mjs';
import { hostAs, unique } from './support/world.mjs';

const PUBLIC = fileURLToPath(new URL('../../public/', import.meta.url));
const NOBODY = "  Content-Security-Policy: frame-ancestors 'none'\n";

/**
 * `chat` is the Worker after README's two steps (`origin` is the same one by its number), `page(host)` the address of a page that frames what its query names.
 * Names under .localhost are this machine for a browser; those under example.localhost are one site.
 */
const test = base.extend({
  site: async ({ visits }, use, testInfo) => {
    const server = createServer((request, response) => {
      const framed = new URL(request.url, 'http://any.example').searchParams.get('frame');
      const source = framed.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end(`<!doctype html><html lang="en"><title>My page</title><main><h1>My page</h1><iframe src="${source}" title="Chat" width="320" height="420"></iframe></main></html>`);
    });
    await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
    const at = (host) => `http://${host}.localhost:${server.address().port}`;
    const pages = await mkdtemp(join(tmpdir(), 'hihichat-pages-'));
    await cp(PUBLIC, pages, { recursive: true });
    const headers = await readFile(join(pages, '_headers'), 'utf8');
    expect(headers).toContain(NOBODY);
    await writeFile(join(pages, '_headers'), headers.replace(NOBODY, NOBODY.replace("'none'", at('www.example'))));
    const worker = await serve({}, pages);
    const chat = worker.origin.replace('127.0.0.1', 'chat.example.localhost');
    await use({ origin: worker.origin, chat, page: (host, framed) => `${at(host)}/?${new URLSearchParams({ frame: framed })}` });
    await visits.end(testInfo);
    await worker.stop();
    await new Promise((done) => server.close(done).closeAllConnections());
    await rm(pages, { recursive: true });
  },
});

const embedded = (site, room) => `${site.chat}${roomPath(room)}&embed=1`;

test('VP1 VP3 a room in a page of the same site is entered as a guest and talked in, at 320 x 420', async ({ visitor, site }) => {
  const room = unique('lobby');
  const host = await visitor({ baseURL: site.origin });
  await hostAs(host, 'Olga', room, 'For everybody who comes by');
  await send(host, 'Welcome');

  const ann = await visitor({ viewport: { width: 360, height: 560 } });
  await ann.goto(site.page('www.example', embedded(site, room)));
  const frame = await (await ann.getByTitle('Chat').elementHandle()).contentFrame();
  const at = await names(frame);
  await expect(frame.getByRole('heading', { name: at.openRooms })).toHaveCount(0);
  await frame.getByRole('textbox', { name: at.name }).fill('Ann');
  await frame.getByRole('button', { name: at.enter, exact: true }).click();

  const field = frame.getByRole('textbox', { name: at.message, exact: true });
  await field.fill('Hello from my own page');
  await field.press('Enter');
  await expect(messages(host).last()).toContainText('Hello from my own page');
  await expect(messages(frame)).toHaveCount(2);

  // Nothing of the site round the room, and nothing cut off.
  await expect(frame.getByRole('heading', { level: 1, name: room })).toBeVisible();
  await expect(frame.getByRole('navigation')).toHaveCount(0);
  await expect(frame.getByRole('link', { name: at.allRooms })).toHaveCount(0);
  for (const part of [field, messages(frame).first(), messages(frame).last()]) await expect(part).toBeInViewport({ ratio: 1 });
  expect(await frame.evaluate(() => [innerWidth, innerHeight, document.scrollingElement.scrollWidth, document.scrollingElement.scrollHeight])).toEqual([320, 420, 320, 420]);

  // Still Ann after a reload of the page round it.
  await ann.reload();
  const again = await (await ann.getByTitle('Chat').elementHandle()).contentFrame();
  await expect(messages(again).last()).toHaveAccessibleName(new RegExp(`^${at.you} `));

  // The frame's own page by itself, for the look over it at the end, in a window that has room for more.
  const alone = await visitor.tab(ann);
  await alone.goto(embedded(site, room));
  await expect(messages(alone)).toHaveCount(2);
  await alone.setViewportSize({ width: 1280, height: 700 });
  await expect(alone.getByRole('navigation')).toHaveCount(0);
  const { left, right } = await alone.getByRole('main').evaluate((main) => main.getBoundingClientRect());
  expect(left).toBe(0);
  expect(right).toBeGreaterThan(900);
});

test('a page that the one line does not name can’t frame a room, of the same site or another', async ({ visitor, site }) => {
  const room = unique('lobby');
  const host = await visitor({ baseURL: site.origin });
  await hostAs(host, 'Olga', room);
  for (const stranger of ['blog.example', 'www.elsewhere']) {
    const refused = [];
    const ann = await visitor({ expected: [/frame-ancestors/] });
    ann.on('console', (message) => /frame-ancestors/.test(message.text()) && refused.push(stranger));
    await ann.goto(site.page(stranger, embedded(site, room)));
    await expect.poll(() => refused).toEqual([stranger]);
    const frame = await (await ann.getByTitle('Chat').elementHandle()).contentFrame();
    expect(await frame.evaluate(() => [location.href, document.querySelector('.app')]).catch(() => null)).not.toContain(embedded(site, room));
  }
});

test('without that line nobody can, and the room is still the room', async ({ request }) => {
  const headers = (await request.get('/chat')).headersArray().filter(({ name }) => /^content-security-policy$/i.test(name));
  const policies = headers.flatMap(({ value }) => value.split(','));
  expect(policies.some((policy) => /frame-ancestors 'none'\s*$/.test(policy))).toBe(true);
  expect(policies.some((policy) => /default-src 'none'.*script-src 'self'.*trusted-types 'none'/.test(policy))).toBe(true);
});
