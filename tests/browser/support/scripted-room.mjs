// A room that keeps the contract until it is told not to. A test changes its manners through the
// fields and verbs at the top; everything below is how a good room answers.

import { quoteOf, revise } from '../../../public/js/revisions.js';

const PAGE = 50;

export class ScriptedRoom {
  /** Takes messages and stores them, but says nothing about it. */
  mute = false;
  /** Acks wait until `releaseAcks`. */
  holdsAcks = false;
  /** Refuses every Entry with this error, as {code, field?, limit?, retry_after?}. */
  refuses = null;
  /** How many Entries it takes before it wants one later, and how many more after each time it said so, a second long. */
  takes = Infinity;
  takesMore = 0;
  /** Closes every socket that comes with 1013 and this reason. */
  turnsAway = null;
  /** Where who joins has read to; null is up to now. */
  readAtJoin = null;
  /** Answers no ping. */
  deaf = false;
  /** Says all that it says at once to whoever takes batches in one frame, as a busy room does. */
  gathers = false;

  seq = 0;
  epoch = 'e1';
  messages = [];
  changes = [];
  members = new Map();
  /** The Seq up to which each member has read, by id, and every read frame in the order heard. */
  markers = new Map();
  heardRead = [];
  #sockets = new Map();
  #held = [];
  /** What waits to be said in one frame, by socket. */
  #gathered = new Map();

  constructor({ name, description = '', owner, created = Date.now() }) {
    Object.assign(this, { name, description, owner, created });
  }

  /** Closes every socket, as a deploy (1012), a cut (1006 is made by `terminate`) or a ban does. */
  close(code = 1012, reason = '') {
    for (const socket of this.#sockets.keys()) socket.close(code, reason);
  }

  terminate() {
    for (const socket of this.#sockets.keys()) socket.terminate();
  }

  releaseAcks() {
    this.holdsAcks = false;
    for (const send of this.#held.splice(0)) send();
  }

  /** Somebody says something; `at` may lie in the past, and `replyTo` is the Seq of what it answers. */
  say(author, text, { at = Date.now(), id = crypto.randomUUID(), tell = true, replyTo, mentions } = {}) {
    this.seq += 1;
    const answered = this.messages.find(({ seq }) => seq === replyTo);
    const message = { type: 'message', seq: this.seq, at, id, author, text, ...(replyTo && { reply: quoteOf(answered ?? { seq: replyTo }) }), ...(mentions?.length > 0 && { mentions }) };
    this.messages.push(message);
    if (tell) this.broadcast(message);
    return message;
  }

  /** Somebody changes a message: `what` is {type: 'edited' | 'deleted' | 'reacted', text?, reaction?, on?}. */
  change(by, target, what, { id = crypto.randomUUID(), tell = true } = {}) {
    this.seq += 1;
    const frame = { seq: this.seq, at: Date.now(), id, by, target, ...what };
    for (const message of this.messages) revise(message, frame);
    this.changes.push(frame);
    if (tell) this.broadcast(frame);
    return frame;
  }

  /** Anything at all, to everybody. */
  broadcast(frame) {
    for (const socket of this.#sockets.keys()) this.#tell(socket, frame);
  }

  join(person, role = 'guest_member') {
    if (this.members.has(person.id)) return;
    this.members.set(person.id, { ...person, role, joined: Date.now() });
    this.markers.set(person.id, this.readAtJoin ?? this.seq);
    this.#presence({ joined: [person] });
  }

  leave(person) {
    if (!this.members.delete(person.id)) return;
    this.#presence({ left: [person.id] });
  }

  signOut(person) {
    this.leave(person);
    for (const [socket, { id }] of this.#sockets) if (id === person.id) socket.close(1008, 'signed_out');
  }

  // ---- how a good room answers -------------------------------------------------------------

  get online() {
    return [...new Map([...this.#sockets.values()].map((person) => [person.id, person])).values()];
  }

  get activity() {
    return this.messages.at(-1)?.at ?? this.created;
  }

  roleOf(person) {
    return this.members.get(person.id)?.role ?? 'visitor';
  }

  row() {
    const { name, description, created, activity, online, members, messages } = this;
    return { name, description, access: 'open', created, activity, members: members.size, online: online.length, people: online.slice(0, 5), messages: messages.length };
  }

  /** The same for one of its members. */
  rowOf({ id }) {
    const read = this.messages.filter(({ seq }) => seq <= this.markers.get(id)).length;
    const mentions = this.messages.flatMap((message, index) => (index >= read && message.mentions?.some((one) => one.id === id) ? [index + 1] : []));
    return { ...this.row(), read, mentions };
  }

  view(person) {
    return { ...this.row(), ...this.#marked(person), owner: this.owner, epoch: this.epoch, seq: this.seq, people: this.online.slice(0, PAGE), role: this.roleOf(person) };
  }

  #marked({ id }) {
    if (!this.members.has(id)) return {};
    const read = this.markers.get(id);
    return { read, unread: this.messages.filter(({ seq }) => seq > read).length };
  }

  memberPage({ cursor = 0 }) {
    const online = new Set(this.online.map(({ id }) => id));
    const end = Number(cursor) + PAGE;
    const members = [...this.members.values()].map((member) => ({ ...member, online: online.has(member.id) }));
    return { members: members.slice(Number(cursor), end), next: end < members.length ? String(end) : null };
  }

  page({ before, since, epoch, limit = PAGE }) {
    const frame = { epoch: this.epoch, seq: this.seq };
    if (since !== undefined) {
      return { ...frame, messages: this.#after(since), more: false, gap: null };
    }
    const older = this.messages.filter(({ seq }) => before === undefined || seq < before);
    return { ...frame, messages: older.slice(-limit), more: older.length > limit };
  }

  connect(socket, person, { since, epoch, batch }) {
    socket.takesBatches = batch;
    if (this.turnsAway) return socket.close(1013, this.turnsAway);
    this.#sockets.set(socket, person);
    const { seq, online, members } = this;
    const marked = { messages: this.messages.length, ...this.#marked(person) };
    this.#tell(socket, { type: 'welcome', protocol: 1, you: person, role: this.roleOf(person), epoch: this.epoch, seq, members: members.size, online: online.length, people: online.slice(0, PAGE), ...marked });
    this.#resume(socket, since, epoch);
    this.#presence({ came: [person] });
    socket.on('message', (data) => this.#heard(socket, person, data.toString()));
    socket.on('close', () => {
      this.#sockets.delete(socket);
      if (!this.online.some(({ id }) => id === person.id)) this.#presence({ went: [person.id] });
    });
    return undefined;
  }

  /** Why it doesn't take an Entry now, or nothing. */
  #refusal() {
    if (this.refuses) return this.refuses;
    this.takes -= 1;
    if (this.takes >= 0) return null;
    this.takes = this.takesMore;
    return { code: 'slow_down', retry_after: 1 };
  }

  #after(since) {
    return [...this.messages, ...this.changes].filter(({ seq }) => seq > since).sort((a, b) => a.seq - b.seq);
  }

  #resume(socket, since, epoch) {
    if (since === undefined) return;
    const missed = this.#after(since);
    const reason = epoch !== this.epoch ? 'epoch' : 'too_many';
    if (reason === 'too_many' && missed.length <= 500) {
      missed.forEach((message) => this.#tell(socket, message));
      return;
    }
    const newest = this.messages.slice(-PAGE);
    const from = reason === 'epoch' ? 1 : since + 1;
    this.#tell(socket, { type: 'gap', epoch: this.epoch, from, to: (newest[0]?.seq ?? this.seq + 1) - 1, reason });
    newest.forEach((message) => this.#tell(socket, message));
  }

  #heard(socket, person, data) {
    if (data === 'ping') return this.deaf ? undefined : socket.send('pong');
    const frame = JSON.parse(data);
    if (frame.type === 'send') return this.#sent(socket, person, frame);
    if (MAKES[frame.type]) return this.#changed(socket, person, frame);
    if (frame.type === 'read') return this.#read(socket, person, frame.seq);
    if (frame.type === 'since') return this.#resume(socket, frame.seq, this.epoch);
    if (frame.type === 'typing') {
      for (const [other, { id }] of this.#sockets) if (id !== person.id) this.#tell(other, { type: 'typing', person });
    }
    return undefined;
  }

  #named(ids) {
    return ids.flatMap((one) => this.members.get(one) ?? []).map(({ id, name }) => ({ id, name }));
  }

  #changed(socket, person, { type, id, seq: target, mentions, ...what }) {
    const refusal = this.#refusal();
    if (refusal) return this.#tell(socket, { type: 'error', id, ...refusal });
    const known = this.changes.find((change) => change.id === id && change.by.id === person.id);
    const { seq, at } = known ?? this.change(person, target, { type: MAKES[type], ...what, ...(mentions && { mentions: this.#named(mentions) }) }, { id, tell: false });
    const answer = () => {
      this.#tell(socket, { type: 'ack', id, seq, at });
      if (!known) this.broadcast(this.changes.find((change) => change.seq === seq));
    };
    if (this.mute) return undefined;
    return this.holdsAcks ? this.#held.push(answer) : answer();
  }

  #read(socket, { id }, seq) {
    this.heardRead.push(seq);
    if (seq <= this.markers.get(id)) return;
    this.markers.set(id, seq);
    for (const [other, person] of this.#sockets) if (other !== socket && person.id === id) this.#tell(other, { type: 'read', seq });
  }

  #sent(socket, person, { id, text, reply_to: replyTo, mentions: ids = [] }) {
    const refusal = this.#refusal();
    if (refusal) return this.#tell(socket, { type: 'error', id, ...refusal });
    if (this.roleOf(person) === 'visitor') return this.#tell(socket, { type: 'error', id, code: 'not_a_member' });
    const known = this.messages.find((message) => message.id === id && message.author.id === person.id);
    const { seq, at } = known ?? this.say(person, text, { id, replyTo, mentions: this.#named(ids), tell: !this.mute && !this.holdsAcks });
    const ack = () => this.#tell(socket, { type: 'ack', id, seq, at });
    if (this.mute) return undefined;
    if (!this.holdsAcks) return ack();
    this.#held.push(ack, () => this.broadcast(this.messages.find((message) => message.seq === seq)));
    return undefined;
  }

  #presence(changes) {
    this.broadcast({ type: 'presence', online: this.online.length, members: this.members.size, came: [], went: [], joined: [], left: [], ...changes });
  }

  #tell(socket, frame) {
    if (!this.gathers || !socket.takesBatches) return write(socket, frame);
    const waiting = this.#gathered.get(socket) ?? [];
    this.#gathered.set(socket, waiting);
    if (waiting.push(frame) > 1) return undefined;
    return queueMicrotask(() => {
      this.#gathered.delete(socket);
      write(socket, waiting.length > 1 ? { type: 'batch', frames: waiting } : frame);
    });
  }
}

/** What the room says when a member does it. */
const MAKES = { edit: 'edited', delete: 'deleted', react: 'reacted' };

function write(socket, frame) {
  socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
}
