// The states that scripts/screenshots takes pictures of: each brings a page into it, as people would.

import { actionsOf, composer, enterAs, messages, names, openRoom, roomPath } from '../tests/browser/support/page.mjs';
import { comeAs, enter, haveAccount, hostAs, saidBy, saySo, unique, whoIs } from '../tests/browser/support/world.mjs';

const PASSWORD = 'a horse in the staple shop';
const WORDS = {
  en: {
    room: 'Tea & talk', about: 'A quiet place for two good things', me: 'Ann', other: 'Maya Lindqvist', third: 'Tom',
    first: 'Good morning! The new oolong has arrived.',
    second: 'Save me a cup, please. I am on the train, the network comes and goes',
    third_: 'and it still says everything once, in order.',
    reply: 'The same garden as last year. I will bring some on Friday, see https://example.org/oolong.',
    code: 'Brew it like this:\n```\nwater.heat(95)\nleaves.steep(minutes=3)\n```\nand `taste()` it first.',
    gone: 'Never mind', changed: 'Friday at *ten*', later: 'Friday at eleven', unsent: 'This one waits for the network',
    word: 'oolong',
  },
  zh: {
    room: '茶与编程', about: '两件好事，一个安静的地方', me: '小明', other: '玛雅', third: '老王',
    first: '早上好！今年的新乌龙到了。',
    second: '给我留一杯，我在火车上，网络时断时续，',
    third_: '不过消息一条没少，顺序也没乱。',
    reply: '还是去年那个茶园，周五我带一些过去，详见 https://example.org/oolong。',
    code: '这样泡：\n```\nwater.heat(95)\nleaves.steep(minutes=3)\n```\n先 `taste()` 一口。',
    gone: '没事了', changed: '周五十点', later: '周五十一点', unsent: '这一条在等网络',
    word: '乌龙',
  },
};

/** Fonts, lazy parts and what moves have come to rest. */
export async function settle(page) {
  await page.evaluate(() => document.fonts.ready);
  await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'));
}

const taken = new Set();

/** The first to be shown has its plain name, for the README's picture. */
function nameOf({ room }) {
  if (taken.has(room)) return unique(room);
  taken.add(room);
  return room;
}

/** A room in which people have talked, with everything that a message can be. */
async function talk(page, { another, language }) {
  const say = WORDS[language];
  const room = nameOf(say);
  await hostAs(page, say.me, room, say.about);
  const me = await whoIs(page);
  const other = await another();
  await comeAs(other, say.other, room);
  const they = await whoIs(other);
  let number = 0;
  const id = () => `s-${(number += 1)}`;
  const post = async (who, text, more = {}) => (await enter(who, room, { type: 'send', id: id(), text, ...more })).seq;
  const first = await post(page, say.first);
  await saySo(other, room, [say.second, say.third_]);
  await saidBy([say.third], room, () => '👍🍵');
  await post(page, say.reply, { reply_to: first + 1 });
  await post(other, `@${say.me} ${say.code}`, { mentions: [me.id] });
  const gone = await post(other, say.gone);
  await enter(other, room, { type: 'delete', id: id(), seq: gone });
  const changed = await post(page, say.later);
  await enter(page, room, { type: 'edit', id: id(), seq: changed, text: `@${they.name} ${say.changed}`, mentions: [they.id] });
  for (const [who, reaction] of [[page, '👍'], [other, '👍'], [other, '🎉']]) {
    await enter(who, room, { type: 'react', id: id(), seq: first, reaction, on: true });
  }
  await openRoom(page, room);
  await messages(page).filter({ hasText: say.changed }).waitFor();
  return { room, other, say };
}

async function press(page, name, options = {}) {
  await page.getByRole('button', { name, exact: true, ...options }).filter({ visible: true }).first().click();
}

/** Enter breaks the line where there is no keyboard. */
async function sendByButton(page, text) {
  await (await composer(page)).fill(text);
  await press(page, (await names(page)).send);
}

/** A thing to do in the header, or where a narrow page keeps it: in the drawer of the members. */
async function act(page, which) {
  const seen = (name) => page.locator(`[data-act="${name}"]`).filter({ visible: true });
  const [button, drawer] = [seen(which), seen('members')];
  // What belongs to the members comes with them; only where they are in a drawer has that a button.
  await button.or(drawer).first().waitFor();
  if (await button.count() === 0) await drawer.click();
  await button.first().click();
}

/** The room of a talk, whose sockets are closed with 1013 and this reason. */
async function turnedAway(page, context, reason) {
  await talk(page, context);
  await page.routeWebSocket(/\/live/, (socket) => socket.close({ code: 1013, reason }));
  await page.reload();
  await page.locator('.room-state:not([hidden])').waitFor();
}

export const STATES = {
  async entrance(page, { another, language }) {
    const say = WORDS[language];
    await hostAs(await another(), say.other, unique(say.room), say.about);
    await page.goto('/login');
    await page.getByRole('link', { name: say.room }).first().waitFor();
  },
  async login(page) {
    await page.goto('/login');
    await page.getByRole('link', { name: (await names(page)).toLogIn, exact: true }).click();
  },
  async register(page) {
    await page.goto('/login');
    await page.getByRole('link', { name: (await names(page)).toRegister, exact: true }).click();
  },
  async roomlist(page, { another, language }) {
    const say = WORDS[language];
    const room = unique(say.room);
    await hostAs(await another(), say.other, room, say.about);
    await comeAs(page, say.me, room);
    await saidBy([say.third], room, () => say.first);
    await page.goto('/roomlist');
    await page.getByRole('link', { name: room }).first().waitFor();
  },
  async 'new-room'(page, { language }) {
    await comeAs(page, WORDS[language].me);
    await press(page, (await names(page)).newRoom);
  },
  async empty(page, { language }) {
    const say = WORDS[language];
    await hostAs(page, say.me, unique(say.room), say.about);
  },
  talk,
  async visitor(page, context) {
    const { room, say } = await talk(await context.another(), context);
    await enterAs(page, say.third);
    await openRoom(page, room);
    await page.locator('.composer__hint:not([hidden])').waitFor();
  },
  async actions(page, context) {
    const { say } = await talk(page, context);
    await actionsOf(page, messages(page).filter({ hasText: say.changed }));
  },
  async editing(page, context) {
    const { say } = await talk(page, context);
    await (await composer(page)).press('ArrowUp');
    await page.getByRole('textbox', { name: (await names(page)).editing }).waitFor();
    return say;
  },
  async replying(page, context) {
    const { say } = await talk(page, context);
    const actions = await actionsOf(page, messages(page).filter({ hasText: say.third_ }));
    await actions.getByRole('button', { name: (await names(page)).reply, exact: true }).click();
  },
  async deleting(page, context) {
    const { say } = await talk(page, context);
    const actions = await actionsOf(page, messages(page).filter({ hasText: say.changed }));
    await actions.getByRole('button', { name: (await names(page)).delete, exact: true }).click();
    await page.getByRole('dialog').waitFor();
  },
  async mentioning(page, context) {
    await talk(page, context);
    await (await composer(page)).pressSequentially('@');
    await page.getByRole('listbox').waitFor();
  },
  async emoji(page, context) {
    await talk(page, context);
    await page.locator('.composer [aria-expanded="false"]').first().click();
    await page.locator('.composer [aria-expanded="true"]').first().waitFor();
  },
  async search(page, context) {
    const { say } = await talk(page, context);
    await act(page, 'search');
    await page.getByRole('searchbox').fill(say.word);
    await page.locator('dialog mark').first().waitFor();
  },
  async unread(page, context) {
    const { room, other, say } = await talk(page, context);
    await page.goto('/roomlist');
    await saySo(other, room, [say.second, say.third_]);
    await openRoom(page, room);
    await page.locator('.timeline__new').waitFor();
  },
  async offline(page, context) {
    const { say } = await talk(page, context);
    await page.routeWebSocket(/\/live/, (socket) => socket.close({ code: 1012 }));
    await page.reload();
    await messages(page).first().waitFor();
    await sendByButton(page, say.unsent);
    await page.getByRole('button', { name: (await names(page)).tryNow }).waitFor();
  },
  async failed(page, context) {
    const { say } = await talk(page, context);
    await page.routeWebSocket(/\/live/, (socket) => {
      const server = socket.connectToServer();
      socket.onMessage((text) => {
        const { type, id } = JSON.parse(text.startsWith('{') ? text : '{}');
        if (type === 'send') socket.send(JSON.stringify({ type: 'error', code: 'busy', id }));
        else server.send(text);
      });
    });
    await page.reload();
    await messages(page).first().waitFor();
    await sendByButton(page, say.unsent);
    await page.locator('.message--failed').waitFor();
  },
  async members(page, context) {
    await talk(page, context);
    const button = page.locator('[data-act="members"]').filter({ visible: true });
    if (await button.count() > 0) await button.click();
  },
  async settings(page, context) {
    await talk(page, context);
    await act(page, 'settings');
    await page.getByRole('dialog').last().waitFor();
  },
  async notices(page, context) {
    await talk(page, context);
    await act(page, 'notices');
    await page.getByRole('dialog').last().waitFor();
  },
  async leaving(page, context) {
    await talk(page, context);
    await act(page, 'leave');
    await page.getByRole('dialog').last().waitFor();
  },
  async 'no-room'(page, { language }) {
    await comeAs(page, WORDS[language].me);
    await page.goto(roomPath(unique('nowhere')));
    await page.locator('.room-state:not([hidden])').waitFor();
  },
  async full(page, context) {
    await turnedAway(page, context, 'room_full');
  },
  async 'too-many'(page, context) {
    await turnedAway(page, context, 'too_many_connections');
  },
  async budget(page, { language }) {
    const error = { code: 'budget_spent', retry_after: 18_000 };
    await page.route('**/api/guest', (route) => route.fulfill({ status: 503, json: { error } }));
    await page.goto('/login');
    await page.getByRole('textbox', { name: (await names(page)).name }).fill(WORDS[language].me);
    await press(page, (await names(page)).enter);
    await page.getByRole('alert').filter({ hasText: /./ }).waitFor();
  },
  async 'budget-room'(page, context) {
    const error = { code: 'budget_spent', retry_after: 18_000 };
    await STATES['new-room'](page, context);
    await page.route('**/api/rooms', (route) => (route.request().method() === 'POST' ? route.fulfill({ status: 503, json: { error } }) : route.continue()));
    await page.getByRole('textbox', { name: (await names(page)).roomName }).fill(WORDS[context.language].room);
    await press(page, (await names(page)).createRoom);
    await page.getByRole('alert').filter({ hasText: /./ }).waitFor();
  },
  async slowed(page, context) {
    const { say } = await talk(page, context);
    await page.routeWebSocket(/\/live/, (socket) => {
      const server = socket.connectToServer();
      socket.onMessage((text) => {
        const { type, id } = JSON.parse(text.startsWith('{') ? text : '{}');
        if (type === 'send') socket.send(JSON.stringify({ type: 'error', code: 'slow_down', retry_after: 60, id }));
        else server.send(text);
      });
    });
    await page.reload();
    await messages(page).first().waitFor();
    await sendByButton(page, say.unsent);
    await sendByButton(page, say.later);
    await page.locator('.message--pending .message__state span:not(.visually-hidden)').waitFor();
  },
  async embed(page, context) {
    const { room } = await talk(page, context);
    await page.goto(`${roomPath(room)}&embed=1`);
    await messages(page).first().waitFor();
  },
  async account(page) {
    await page.goto('/login');
    await haveAccount(page, unique('Ann'), PASSWORD);
    await page.goto('/account');
    await page.getByRole('button', { name: (await names(page)).everywhere }).waitFor();
  },
  async 'delete-account'(page, context) {
    await STATES.account(page, context);
    await press(page, (await names(page)).deleteAccount);
    await page.getByRole('dialog').waitFor();
  },
  async 'guest-account'(page, { language }) {
    await comeAs(page, WORDS[language].me);
    await page.goto('/account');
    await page.getByRole('heading', { level: 1 }).waitFor();
  },
  async 'not-found'(page) {
    await page.goto('/nowhere');
  },
};
