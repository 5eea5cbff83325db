// What a person does on the pages, by role and accessible name, in both languages. Each name here
// is promised to screen readers and to the browser tests; a change of one is a change of both.

import { expect } from '@playwright/test';

export const NAMES = {
  en: {
    name: 'Your name',
    enter: 'Enter',
    continueAs: (name) => `Continue as ${name}`,
    logOut: 'Log out',
    toLogIn: 'Log in',
    logIn: 'Log in',
    toRegister: 'Create an account',
    register: 'Create account',
    toRecover: 'Forgot your password?',
    setPassword: 'Set password',
    username: 'Name',
    password: 'Password',
    currentPassword: 'Current password',
    newPassword: 'New password',
    showPassword: 'Show password',
    code: 'Recovery code',
    codeIsKept: 'I have kept it',
    changePassword: 'Change password',
    everywhere: 'Log out everywhere',
    account: 'Account',
    deleteAccount: 'Delete my account',
    deleteForGood: 'Delete for good',
    keepMessages: /^Keep them/,
    deleteMessages: /^Delete them/,
    deletedAccount: 'deleted account',
    yourRooms: 'Your rooms',
    openRooms: 'Open rooms',
    privateAccess: /^Private/,
    private: 'private',
    invite: 'Invite people',
    makeLink: 'Make a link',
    inviteLink: 'Invite link',
    revoke: /^Revoke/,
    settings: 'Room settings',
    description: 'What is it about?',
    save: 'Save',
    closeRoom: 'Close room',
    closeForGood: 'Close it for good',
    manage: (name) => `Manage ${name}`,
    remove: 'Remove from the room',
    removeNow: 'Remove',
    handOver: 'Hand the room over',
    handOverNow: 'Hand over',
    rooms: 'Rooms',
    newRoom: 'New room',
    roomName: 'Room name',
    roomDescription: 'What is it about? (optional)',
    createRoom: 'Create room',
    cancel: 'Cancel',
    joinRoom: (room) => `Join “${room}”`,
    createNamed: (room) => `Create “${room}”`,
    search: 'Search rooms',
    loadMore: 'Load more',
    allRooms: 'All rooms',
    messages: (room) => `Messages in ${room}`,
    message: 'Message',
    send: 'Send',
    join: 'Join',
    reading: 'You are reading along. Sending joins the room.',
    copyLink: 'Copy link',
    members: 'Members',
    leave: 'Leave room',
    leaveNow: 'Leave',
    stay: 'Stay',
    close: 'Close',
    retry: 'Try again',
    delete: 'Delete',
    actions: 'Actions',
    react: 'React',
    reply: 'Reply',
    edit: 'Edit',
    editing: 'Edit message',
    editNow: 'Save',
    noReply: 'Don’t reply',
    answering: (name) => new RegExp(`^In answer to: ?${name}`),
    reacted: (reaction, n) => `${reaction} ${n}, you reacted`,
    edited: /^edited /,
    tombstone: 'This message was deleted.',
    searchMessages: 'Search messages',
    words: 'Words to look for',
    latest: /^Jump to latest/,
    tryNow: 'Try now',
    you: 'you',
    guest: (tag) => `guest ${tag}`,
    owner: 'owner',
    beginning: (room) => `This is the beginning of “${room}”.`,
    noRoom: (room) => `There is no room called “${room}”.`,
    loggedOut: 'You are logged out.',
    signedOut: 'You logged out in another window.',
    sessionEnded: 'Your session has ended. Enter again to go on.',
    lost: 'Connection lost. Trying again…',
    offline: 'You are offline. What you write will be sent when you are back.',
    back: 'Connected again.',
    notSent: /^Not sent\./,
    sending: 'Sending',
    waiting: 'Waiting for the connection',
    themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
  },
  'zh-CN': {
    name: '你的名字',
    enter: '进入',
    continueAs: (name) => `以 ${name} 的身份继续`,
    logOut: '退出',
    toLogIn: '登录',
    logIn: '登录',
    toRegister: '注册账号',
    register: '注册',
    toRecover: '忘记密码？',
    setPassword: '重设密码',
    username: '名字',
    password: '密码',
    currentPassword: '当前密码',
    newPassword: '新密码',
    showPassword: '显示密码',
    code: '恢复码',
    codeIsKept: '我已保存好',
    changePassword: '修改密码',
    everywhere: '退出所有设备',
    account: '账号',
    deleteAccount: '注销我的账号',
    deleteForGood: '确认注销',
    keepMessages: /^保留/,
    deleteMessages: /^一并删除/,
    deletedAccount: '已注销的账号',
    yourRooms: '我的房间',
    openRooms: '公开房间',
    privateAccess: /^私密/,
    private: '私密',
    invite: '邀请他人',
    makeLink: '生成链接',
    inviteLink: '邀请链接',
    revoke: /^撤销/,
    settings: '房间设置',
    description: '聊什么？',
    save: '保存',
    closeRoom: '关闭房间',
    closeForGood: '永久关闭',
    manage: (name) => `管理 ${name}`,
    remove: '移出房间',
    removeNow: '移出',
    handOver: '转让房间',
    handOverNow: '转让',
    rooms: '房间',
    newRoom: '新建房间',
    roomName: '房间名',
    roomDescription: '聊什么？（选填）',
    createRoom: '创建房间',
    cancel: '取消',
    joinRoom: (room) => `加入「${room}」`,
    createNamed: (room) => `创建「${room}」`,
    search: '搜索房间',
    loadMore: '加载更多',
    allRooms: '全部房间',
    messages: (room) => `「${room}」的消息`,
    message: '消息',
    send: '发送',
    join: '加入',
    reading: '你正在旁观，发一条消息就会加入房间。',
    copyLink: '复制链接',
    members: '成员',
    leave: '离开房间',
    leaveNow: '离开',
    stay: '留下',
    close: '关闭',
    retry: '重试',
    delete: '删除',
    actions: '操作',
    react: '回应',
    reply: '回复',
    edit: '编辑',
    editing: '编辑消息',
    editNow: '保存',
    noReply: '取消回复',
    answering: (name) => new RegExp(`^回复： ?${name}`),
    reacted: (reaction, n) => `${reaction} ${n}，包括你`,
    edited: / 编辑过$/,
    tombstone: '这条消息已删除。',
    searchMessages: '搜索消息',
    words: '要找的字词',
    latest: /^回到最新/,
    tryNow: '立即重试',
    you: '你',
    guest: (tag) => `访客 ${tag}`,
    owner: '房主',
    beginning: (room) => `「${room}」从这里开始。`,
    noRoom: (room) => `没有叫「${room}」的房间。`,
    loggedOut: '你已退出。',
    signedOut: '你已在另一个窗口退出。',
    sessionEnded: '登录已失效，请重新进入。',
    lost: '连接断开，正在重连…',
    offline: '网络已断开。你写的内容会在恢复后发出。',
    back: '已重新连接。',
    notSent: /^发送失败。/,
    sending: '发送中',
    waiting: '等待连接',
    themes: { system: '跟随系统', light: '浅色', dark: '深色' },
  },
};

/** The names in the language this page is shown in, once js/early.js has decided. */
export async function names(page) {
  return NAMES[await page.locator('html.scripted').getAttribute('lang')];
}

export function roomPath(room) {
  return `/chat?${new URLSearchParams({ rname: room })}`;
}

/** Enters as a guest, at the entrance or at whatever address led there; returns when inside. */
export async function enterAs(page, name, path = '/login') {
  await page.goto(path);
  const at = await names(page);
  await page.getByRole('textbox', { name: at.name }).fill(name);
  await page.getByRole('button', { name: at.enter, exact: true }).click();
  await page.waitForURL((url) => url.pathname === '/roomlist' || url.pathname === '/chat');
}

/** Creates an account, at the entrance or from wherever led there; returns the recovery code once inside. */
export async function registerAs(page, name, password, path = '/login') {
  await page.goto(path);
  const at = await names(page);
  await page.getByRole('link', { name: at.toRegister, exact: true }).click();
  const form = page.getByRole('form', { name: at.toRegister });
  await form.getByRole('textbox', { name: at.username, exact: true }).fill(name);
  await form.getByLabel(at.password, { exact: true }).fill(password);
  await form.getByRole('button', { name: at.register, exact: true }).click();
  const code = await page.locator('.recovery__code').textContent();
  await page.getByRole('button', { name: at.codeIsKept }).click();
  await inside(page);
  return code;
}

/** Fills in the form for logging in, and sends it. */
export async function tryToLogIn(page, name, password) {
  const at = await names(page);
  const form = page.getByRole('form', { name: at.toLogIn });
  await form.getByRole('textbox', { name: at.username, exact: true }).fill(name);
  await form.getByLabel(at.password, { exact: true }).fill(password);
  await form.getByRole('button', { name: at.logIn, exact: true }).click();
}

export async function logInAs(page, name, password, path = '/login') {
  await page.goto(path);
  await page.getByRole('link', { name: (await names(page)).toLogIn, exact: true }).click();
  await tryToLogIn(page, name, password);
  await inside(page);
}

function inside(page) {
  return page.waitForURL((url) => url.pathname === '/roomlist' || url.pathname === '/chat' || url.pathname === '/account');
}

/** Makes an invite in the room that is open, and returns its link. */
export async function makeInvite(page) {
  const at = await names(page);
  await page.getByRole('button', { name: at.invite }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: at.makeLink }).click();
  const link = await dialog.getByRole('textbox', { name: at.inviteLink }).inputValue();
  await dialog.getByRole('button', { name: at.close, exact: true }).click();
  return link;
}

/** Opens what may be done about a member of the room that is open. */
export async function manage(page, name) {
  const at = await names(page);
  await (await peopleHere(page)).getByRole('button', { name: at.manage(name), exact: true }).click();
  return page.getByRole('dialog');
}

/** Creates a room from the list; returns when the room is open. */
export async function createRoom(page, name, description = '', { access = 'open' } = {}) {
  if (new URL(page.url()).pathname !== '/roomlist') await page.goto('/roomlist');
  const at = await names(page);
  await page.getByRole('button', { name: at.newRoom }).click();
  await page.getByRole('textbox', { name: at.roomName }).fill(name);
  await page.getByRole('textbox', { name: at.roomDescription }).fill(description);
  if (access === 'private') await page.getByRole('radio', { name: at.privateAccess }).check();
  await page.getByRole('button', { name: at.createRoom }).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
}

export async function openRoom(page, name) {
  await page.goto(roomPath(name));
  await page.getByRole('heading', { level: 1, name }).waitFor();
}

export async function composer(page) {
  return page.getByRole('textbox', { name: (await names(page)).message, exact: true });
}

export async function send(page, text) {
  const field = await composer(page);
  await field.fill(text);
  await field.press('Enter');
}

/** Writes and sends faster than any hands could. */
export async function sendQuickly(page, texts) {
  await (await composer(page)).evaluate((field, lines) => {
    for (const line of lines) {
      field.value = line;
      field.dispatchEvent(new InputEvent('input', { bubbles: true }));
      field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    }
  }, texts);
}

/** What can be done with a message, by pointing at it. */
export async function actionsOf(page, message) {
  await message.hover();
  return message.getByRole('toolbar', { name: (await names(page)).actions });
}

/** Messages as locators, oldest first: `messages(page).filter({ hasText })`, `.last()`, … */
export function messages(page) {
  return page.getByRole('main').getByRole('article');
}

/** What stands in the timeline, oldest first, as {by, at, text}. */
export function readMessages(page) {
  return messages(page).evaluateAll((articles) => articles.map((article) => {
    const named = (attribute) => article.getAttribute(attribute).split(' ')
      .map((id) => document.getElementById(id)?.textContent ?? '');
    const [by] = named('aria-labelledby');
    const [text] = named('aria-describedby');
    return { by, text, at: article.querySelector('time').dateTime };
  }));
}

/** Everybody the room shows as here; opens the drawer where there is one. */
export async function peopleHere(page) {
  const at = await names(page);
  const button = page.getByRole('button', { name: at.members, exact: true });
  if (await button.isVisible()) await button.click();
  return page.getByRole('group', { name: at.members });
}

/** What the announcer spoke, oldest first. */
export function announced(page) {
  return page.getByRole('log').locator('p').allTextContents();
}

/** Asks to leave the room, beside its members or in their drawer. */
export async function askToLeave(page) {
  await peopleHere(page);
  await page.getByRole('button', { name: (await names(page)).leave, exact: true }).click();
}

export async function leaveRoom(page) {
  const at = await names(page);
  await askToLeave(page);
  await page.getByRole('dialog').getByRole('button', { name: at.leaveNow, exact: true }).click();
  await page.waitForURL('**/roomlist');
}

export async function logOut(page) {
  const at = await names(page);
  await page.getByRole('button', { name: at.logOut, exact: true }).click();
  await page.waitForURL('**/login');
}

/** Returns when the page speaks it, whose sentences come from the server. */
export async function chooseLanguage(page, name) {
  const choice = page.getByRole('radio', { name });
  await choice.check();
  await page.locator(`html[lang="${await choice.getAttribute('value')}"]`).waitFor();
}

export async function chooseTheme(page, theme) {
  await page.getByRole('radio', { name: (await names(page)).themes[theme] }).check();
}

/** Waits until the page has heard that this message of one's own is stored. What is on its way can't be edited. */
export async function expectStored(page, text) {
  await expect(messages(page).filter({ hasText: text })).toHaveAccessibleDescription(text);
}
