// Empty, loading, wrong: each says what it is and what to do next.

import { expectAccessible } from './support/accessible.mjs';
import { expect, test } from './support/fixtures.mjs';
import { composer, messages, NAMES, names, readMessages, roomPath } from './support/page.mjs';
import { enterScripted } from './support/scripted-story.mjs';
import { sentence } from './support/sentences.mjs';
import { comeAs, hostAs, unique } from './support/world.mjs';

/** Holds these requests back until the function it returns is called. */
async function hold(page, pattern) {
  let release;
  const held = new Promise((done) => (release = done));
  await page.route(pattern, async (route) => {
    await held;
    await route.continue();
  });
  return release;
}

test('ST1 an empty room says so, and one can write at once', async ({ visitor }) => {
  const ann = await visitor();
  await hostAs(ann, 'Ann', unique('empty'));
  await expect(ann.getByText(await sentence(ann, 'timeline.empty'))).toBeVisible();
  await expect(await composer(ann)).toBeFocused();
});

test('ST1 a chat without rooms says what to do', async ({ visitor, server }) => {
  const ann = await visitor();
  await ann.goto(`${server.origin}/login`);
  await expect(ann.getByText(await sentence(ann, 'entrance.rooms_empty'))).toBeVisible();
  await comeAs(ann, 'Ann', null, server.origin);
  await expect(ann.getByText(await sentence(ann, 'rooms.empty'))).toBeVisible();
  await expect(ann.getByRole('button', { name: (await names(ann)).newRoom })).toBeVisible();
});

test('ST2 a room that takes its time is busy, and no longer when it is there', async ({ visitor, server }) => {
  const ann = await visitor();
  await enterScripted(server, ann, { texts: ['Hello'] });
  const release = await hold(ann, '**/api/rooms/Workshop/messages*');
  await ann.reload();
  await expect(ann.getByRole('main')).toHaveAttribute('aria-busy', 'true');
  await expect(ann.getByRole('heading', { level: 1, name: 'Workshop' })).toBeVisible();
  release();
  await expect(messages(ann)).toHaveCount(1);
  await expect(ann.getByRole('main')).not.toHaveAttribute('aria-busy');
});

test('ST2 who went on by keys while a room opened stays where they are', async ({ visitor, server }) => {
  const ann = await visitor();
  await enterScripted(server, ann, { texts: ['Hello'] });
  const release = await hold(ann, '**/api/rooms/Workshop/messages*');
  await ann.reload();
  await expect(ann.getByRole('main')).toHaveAttribute('aria-busy', 'true');
  const theirs = ann.getByRole('button', { name: (await names(ann)).logOut });
  await theirs.focus();
  release();
  await expect(messages(ann)).toHaveCount(1);
  await expect(theirs).toBeFocused();
});

test('a look over a page waits for what is still on its way, and finds what is wrong then', async ({ visitor }) => {
  const ann = await visitor();
  const release = await hold(ann, '**/js/pages/entrance.js');
  await ann.goto('/login', { waitUntil: 'commit' });
  const looked = expectAccessible(ann);
  await expect(ann.getByRole('main')).toBeAttached();
  release();
  await looked;
  // A thing of its own: what the page wrote it may write again, when the list of rooms comes.
  await ann.evaluate(() => document.querySelector('main').append(document.createElement('h2')));
  await expect(expectAccessible(ann, { patience: 1_000 })).rejects.toThrow(/empty-heading/);
  await ann.close();
});

test('ST3 a room that is not there can be made', async ({ visitor }) => {
  const [room, other] = [unique('not yet'), unique('already')];
  const ann = await visitor({ expected: [/404/] });
  await hostAs(ann, 'Ann', other);
  await ann.goto(roomPath(room));
  const at = await names(ann);
  await expect(ann.getByText(at.noRoom(room))).toBeVisible();
  await expect(ann.getByRole('navigation').getByRole('link', { name: other })).toBeVisible();
  await expect(ann.getByRole('main').getByRole('link', { name: at.allRooms }).last()).toBeVisible();
  await ann.getByRole('button', { name: at.createNamed(room) }).click();
  await expect(ann.getByText(await sentence(ann, 'timeline.empty'))).toBeVisible();
  await expect(ann.getByText(at.noRoom(room))).toBeHidden();
});

test('ST3 an address that names no room, and one that names none that could be', async ({ visitor }) => {
  const ann = await visitor({ expected: [/422|400|404/] });
  await comeAs(ann, 'Ann');
  await ann.goto('/chat');
  await expect(ann.getByText(await sentence(ann, 'state.no_room'))).toBeVisible();
  await expect(ann.getByRole('main').getByRole('link', { name: (await names(ann)).allRooms }).last()).toBeVisible();
  await ann.goto(roomPath('x'.repeat(65)));
  await expect(ann.getByText(await sentence(ann, 'error.too_long.room', { limit: 64 }))).toBeVisible();
  await ann.goto(roomPath('a\u202eb'));
  await expect(ann.getByText(await sentence(ann, 'error.forbidden_characters.room'))).toBeVisible();
});

test('ST3 nothing at an address: a page that says so in both languages, with its status', async ({ visitor }) => {
  const ann = await visitor({ expected: [/404/] });
  const answer = await ann.goto('/no/such/page');
  expect(answer.status()).toBe(404);
  await expect(ann.getByRole('heading', { name: 'There is nothing at this address.' })).toBeVisible();
  await expect(ann.getByRole('heading', { name: '这个地址什么也没有。' })).toBeVisible();
});

test('ST3 a server that is down is said to be, and tried again', async ({ visitor, server }) => {
  const ann = await visitor({ expected: [/503/] });
  await enterScripted(server, ann, { texts: ['Hello'] });
  server.faults.push({ path: /rooms/, status: 503, code: 'busy' });
  await ann.reload();
  await expect(ann.getByText(await sentence(ann, 'state.unreachable'))).toBeVisible();
  await expect(ann.getByText(await sentence(ann, 'error.busy'))).toBeVisible();
  server.faults.length = 0;
  await ann.getByRole('main').getByRole('button', { name: (await names(ann)).retry }).click();
  await expect(messages(ann)).toHaveCount(1);
  await expect(ann.getByText(await sentence(ann, 'state.unreachable'))).toBeHidden();
});

test('ST3 a room that was asked for too often says when to try again', async ({ visitor, server }) => {
  const ann = await visitor({ expected: [/429/] });
  await enterScripted(server, ann, { texts: ['Hello'] });
  server.faults.push({ path: /Workshop$/, status: 429, code: 'slow_down', retryAfter: 7 });
  await ann.reload();
  await expect(ann.getByText(await sentence(ann, 'error.slow_down', { when: 'in 7 seconds' }))).toBeVisible();
  server.faults.length = 0;
  await ann.getByRole('main').getByRole('button', { name: (await names(ann)).retry }).click();
  await expect(messages(ann)).toHaveCount(1);
});

test('ST4 a message that makes no sense takes nothing else with it', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, olga } = await enterScripted(server, ann, { texts: ['Before'] });
  room.say(olga, { not: 'text' });
  room.broadcast('{"type":"message"');
  room.broadcast('null');
  room.broadcast('[1,2]');
  room.say(olga, 'After');
  await expect.poll(async () => (await readMessages(ann)).map(({ text }) => text)).toEqual(['Before', await sentence(ann, 'message.broken'), 'After']);
});

test('ST5 without JavaScript the pages say so in both languages', async ({ visitor }) => {
  const ann = await visitor({ javaScriptEnabled: false });
  for (const path of ['/', '/login', '/roomlist', '/chat?rname=x']) {
    await ann.goto(path);
    await expect(ann.getByRole('paragraph')).toHaveText([/needs JavaScript/, /需要 JavaScript/]);
    await expect(ann.getByRole('paragraph').last()).toBeVisible();
  }
  await ann.close();
});

test('ST6 what a newer server says is let pass', async ({ visitor, server }) => {
  const ann = await visitor();
  const { room, olga } = await enterScripted(server, ann, { texts: ['Before'] });
  room.broadcast({ type: 'fireworks', colour: 'jade' });
  room.broadcast({ type: 'reaction', seq: (room.seq += 1), target: 1 });
  room.broadcast({ type: 'presence', online: 2, members: 2, came: [], went: [], joined: [], left: [], mood: 'fine' });
  room.say(olga, 'After');
  await expect.poll(async () => (await readMessages(ann)).map(({ text }) => text)).toEqual(['Before', 'After']);
});

// Each request of a story is cut in turn; something visible has to come of it.
const CUTS = {
  'entering': async ({ ann, server }) => {
    await ann.goto(`${server.origin}/login`);
    server.faults.push({ method: 'POST', path: /guest/, cut: true });
    await ann.getByRole('textbox', { name: NAMES.en.name }).fill('Ann');
    await ann.getByRole('button', { name: NAMES.en.enter, exact: true }).click();
    await expect(ann.getByText(await sentence(ann, 'error.unreachable'))).toBeVisible();
    await expect(ann.getByRole('textbox', { name: NAMES.en.name })).toHaveValue('Ann');
  },
  'the rooms at the entrance': async ({ ann, server }) => {
    server.faults.push({ path: /rooms/, cut: true });
    await ann.goto(`${server.origin}/login`);
    await expect(ann.getByText(await sentence(ann, 'entrance.rooms_failed'))).toBeVisible();
  },
  'the list of rooms': async ({ ann, server }) => {
    await comeAs(ann, 'Ann', null, server.origin);
    server.faults.push({ path: /rooms/, cut: true });
    await ann.reload();
    await expect(ann.getByText(await sentence(ann, 'error.unreachable'))).toBeVisible();
  },
  'a new room': async ({ ann, server }) => {
    await comeAs(ann, 'Ann', null, server.origin);
    server.faults.push({ method: 'POST', path: /rooms/, cut: true });
    await ann.getByRole('button', { name: NAMES.en.newRoom }).click();
    await ann.getByRole('textbox', { name: NAMES.en.roomName }).fill('Workshop');
    await ann.getByRole('button', { name: NAMES.en.createRoom }).click();
    await expect(ann.getByText(await sentence(ann, 'error.unreachable'))).toBeVisible();
    await expect(ann.getByRole('textbox', { name: NAMES.en.roomName })).toHaveValue('Workshop');
  },
  'who I am': async ({ ann, server }) => {
    await enterScripted(server, ann);
    server.faults.push({ path: /session/, cut: true });
    await ann.reload();
    await expect(ann.getByText(await sentence(ann, 'state.unreachable'))).toBeVisible();
    await expect(ann.getByRole('main').getByRole('button', { name: NAMES.en.retry })).toBeVisible();
  },
  'the room': async ({ ann, server }) => {
    await enterScripted(server, ann);
    server.faults.push({ path: /rooms.Workshop$/, cut: true });
    await ann.reload();
    await expect(ann.getByText(await sentence(ann, 'state.unreachable'))).toBeVisible();
  },
  'its messages': async ({ ann, server }) => {
    await enterScripted(server, ann);
    server.faults.push({ path: /messages/, cut: true });
    await ann.reload();
    await expect(ann.getByText(await sentence(ann, 'state.unreachable'))).toBeVisible();
  },
  'the rooms beside it': async ({ ann, server }) => {
    await enterScripted(server, ann);
    server.faults.push({ path: /rooms$/, cut: true });
    await ann.reload();
    await expect(ann.getByRole('navigation').getByText(await sentence(ann, 'entrance.rooms_failed'))).toBeVisible();
    await expect(await composer(ann)).toBeFocused();
  },
  'its members': async ({ ann, server }) => {
    await enterScripted(server, ann);
    server.faults.push({ path: /members/, cut: true });
    await ann.reload();
    await expect(ann.getByText(await sentence(ann, 'members.failed'))).toBeVisible();
    server.faults.length = 0;
    await ann.getByRole('group', { name: NAMES.en.members }).getByRole('button', { name: NAMES.en.retry }).click();
    await expect(ann.getByText(await sentence(ann, 'members.failed'))).toBeHidden();
  },
  'leaving': async ({ ann, server }) => {
    await enterScripted(server, ann);
    server.faults.push({ method: 'DELETE', path: /membership/, cut: true });
    await ann.getByRole('button', { name: NAMES.en.leave, exact: true }).click();
    await ann.getByRole('dialog').getByRole('button', { name: NAMES.en.leaveNow, exact: true }).click();
    await expect(ann.getByRole('status').filter({ hasText: await sentence(ann, 'error.unreachable') })).toBeVisible();
  },
  'logging out': async ({ ann, server }) => {
    await enterScripted(server, ann);
    server.faults.push({ method: 'DELETE', path: /session/, cut: true });
    await ann.getByRole('button', { name: NAMES.en.logOut }).click();
    await expect(ann.getByRole('status').filter({ hasText: await sentence(ann, 'error.unreachable') })).toBeVisible();
  },
  'joining': async ({ ann, server }) => {
    const { room, me } = await enterScripted(server, ann);
    room.leave(me);
    await expect(ann.getByText(NAMES.en.reading)).toBeVisible();
    server.faults.push({ method: 'PUT', path: /membership/, cut: true });
    await ann.getByRole('button', { name: NAMES.en.join, exact: true }).click();
    await expect(ann.getByRole('status').filter({ hasText: await sentence(ann, 'error.unreachable') })).toBeVisible();
  },
};

for (const [what, story] of Object.entries(CUTS)) {
  test(`ST7 nothing fails silently: ${what}`, async ({ visitor, server }) => {
    await story({ ann: await visitor({ expected: [/ERR_|WebSocket/] }), server });
  });
}

/** Opens a form: which request it makes, a field of it, its button, and what comes of it in the end. */
const FORMS = {
  'the entrance': async (ann, server) => {
    await ann.goto(`${server.origin}/login`);
    return { path: /guest/, field: ann.getByRole('textbox', { name: NAMES.en.name }), button: ann.getByRole('button', { name: NAMES.en.enter, exact: true }), works: () => ann.waitForURL('**/roomlist') };
  },
  'the log-in': async (ann, server) => {
    await ann.goto(`${server.origin}/login#login`);
    const form = ann.getByRole('form', { name: NAMES.en.toLogIn });
    await form.getByLabel(NAMES.en.password, { exact: true }).fill('a horse in the staple shop');
    const works = async () => expect(ann.getByText(await sentence(ann, 'error.not_signed_in'))).toBeVisible();
    return { path: /params/, field: form.getByRole('textbox', { name: NAMES.en.username, exact: true }), button: form.getByRole('button', { name: NAMES.en.logIn, exact: true }), works };
  },
  'a new room': async (ann, server) => {
    await comeAs(ann, 'Ann', null, server.origin);
    await ann.getByRole('button', { name: NAMES.en.newRoom }).click();
    return { path: /rooms$/, field: ann.getByRole('textbox', { name: NAMES.en.roomName }), button: ann.getByRole('button', { name: NAMES.en.createRoom }), works: () => ann.waitForURL('**/chat?*') };
  },
};

for (const [what, open] of Object.entries(FORMS)) {
  test(`ST8 told to slow down, ${what} says until when, keeps what was typed, and works again`, async ({ visitor, server }) => {
    // What the scripted server knows no log-in by is 401.
    const ann = await visitor({ expected: [/429|401/] });
    await ann.clock.install();
    const { path, field, button, works } = await open(ann, server);
    server.faults.push({ method: 'POST', path, status: 429, code: 'slow_down', retryAfter: 100, times: 1 });
    await field.fill('Workshop');
    await button.click();
    const told = ann.getByRole('alert').filter({ hasText: await sentence(ann, 'error.slow_down', { when: 'in 100 seconds' }) });
    await expect(told).toBeVisible();
    await expect(button).toBeDisabled();
    // Typing on and pressing anyway change nothing of it.
    await field.press('End');
    await field.pressSequentially(' 2');
    await field.press('Enter');
    await expect(told).toBeVisible();
    await ann.clock.runFor(100_000);
    await expect(told).toBeHidden();
    await expect(field).toHaveValue('Workshop 2');
    await expect(button).toBeEnabled();
    await button.click();
    await works();
  });

  test(`ST8 near the day’s budget ${what} says when it will do again`, async ({ visitor, server }) => {
    const ann = await visitor({ expected: [/503/] });
    const { path, field, button } = await open(ann, server);
    server.faults.push({ method: 'POST', path, status: 503, code: 'budget_spent', retryAfter: 5 * 3_600 });
    await field.fill('Workshop');
    await button.click();
    await expect(ann.getByRole('alert').filter({ hasText: await sentence(ann, 'error.budget_spent', { when: 'in 5 hours' }) })).toBeVisible();
    await expect(field).toHaveValue('Workshop');
  });
}
