// What the room page asks the Worker for, by which docs/cost.md counts what a visit costs.

import { expect, test } from './support/fixtures.mjs';
import { messages, roomPath } from './support/page.mjs';
import { hostAs, saySo, unique } from './support/world.mjs';

/** How often a page asks which address until everything it begins with has come, sockets among them. */
async function asked(page, path, shown) {
  const counts = {};
  const note = (one) => {
    const { pathname } = new URL(one.url());
    if (pathname.startsWith('/api/')) counts[pathname] = (counts[pathname] ?? 0) + 1;
  };
  // Else what the page that stands here has still to ask counts too.
  await page.goto('about:blank');
  page.on('request', note).on('websocket', note);
  await page.goto(path);
  await shown.waitFor();
  await page.waitForLoadState('networkidle');
  page.off('request', note).off('websocket', note);
  return counts;
}

/** Nothing else, and nothing oftener. */
function expectAtMost(counts, most) {
  expect(Object.keys(most)).toEqual(expect.arrayContaining(Object.keys(counts)));
  for (const [path, count] of Object.entries(counts)) expect(count, path).toBeLessThanOrEqual(most[path]);
}

test('opening a room asks the Worker eleven times at most, six of them for what is beside it', async ({ visitor }) => {
  const room = unique('counted');
  const ann = await visitor();
  await hostAs(ann, 'Ann', room);
  await saySo(ann, room, ['Hello']);
  const of = `/api/rooms/${encodeURIComponent(room)}`;
  const first = { '/api/config': 1, '/api/session': 1, [of]: 1, [`${of}/messages`]: 1, [`${of}/live`]: 1 };
  // In a window as wide as this one: who is here, the open rooms and those that are mine.
  const beside = { [`${of}/members`]: 2, '/api/rooms': 4 };
  expectAtMost(await asked(ann, roomPath(room), messages(ann).first()), { ...first, ...beside });
});
