// What a person does on the pages, by role and accessible name, in both languages. Each name here
// is promised to screen readers and to the browser tests; a change of one is a change of both.

export const NAMES = {
  en: {
    name: 'Your name',
    enter: 'Enter',
    continueAs: (name) => `Continue as ${name}`,
    logOut: 'Log out',
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

/** Creates a room from the list; returns when the room is open. */
export async function createRoom(page, name, description = '') {
  const at = await names(page);
  if (new URL(page.url()).pathname !== '/roomlist') await page.goto('/roomlist');
  await page.getByRole('button', { name: at.newRoom }).click();
  await page.getByRole('textbox', { name: at.roomName }).fill(name);
  await page.getByRole('textbox', { name: at.roomDescription }).fill(description);
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

export async function leaveRoom(page) {
  const at = await names(page);
  await page.getByRole('button', { name: at.leave, exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: at.leaveNow, exact: true }).click();
  await page.waitForURL('**/roomlist');
}

export async function logOut(page) {
  const at = await names(page);
  await page.getByRole('button', { name: at.logOut }).click();
  await page.waitForURL('**/login');
}

export async function chooseLanguage(page, name) {
  await page.getByRole('radio', { name }).check();
}

export async function chooseTheme(page, theme) {
  await page.getByRole('radio', { name: (await names(page)).themes[theme] }).check();
}
