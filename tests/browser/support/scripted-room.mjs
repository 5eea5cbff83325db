// A room that keeps the contract until it is told not to. A test changes its manners through the
// fields and verbs at the top; everything below is how a good room answers.

const PAGE = 50;

export class ScriptedRoom {
  /** Takes messages and stores them, but says nothing about it. */
  mute = false;
  /** Acks wait until `releaseAcks`. */
  holdsAcks = false;
  /** Refuses every send with this error, as {code, field?, limit?}. */
  refuses = null;
  /** Answers no ping. */
  deaf = false;

  seq = 0;
  epoch = 'e1';
  messages = [];
  members = new Map();
  #sockets = new Map();
  #held = [];

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

  /** Somebody says something; `at` may lie in the past. */
  say(author, text, { at = Date.now(), id = crypto.randomUUID(), tell = true } = {}) {
    this.seq += 1;
    const message = { type: 'message', seq: this.seq, at, id, author, text };
    this.messages.push(message);
    if (tell) this.broadcast(message);
    return message;
  }

  /** Anything at all, to everybody. */
  broadcast(frame) {
    for (const socket of this.#sockets.keys()) send(socket, frame);
  }

  join(person, role = 'guest_member') {
    if (this.members.has(person.id)) return;
    this.members.set(person.id, { ...person, role, joined: Date.now() });
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
    const { name, description, created, activity, online, members } = this;
    return { name, description, access: 'open', created, activity, members: members.size, online: online.length, people: online.slice(0, 5) };
  }

  view(person) {
    return { ...this.row(), owner: this.owner, epoch: this.epoch, seq: this.seq, people: this.online.slice(0, PAGE), role: this.roleOf(person) };
  }

  memberPage() {
    const online = new Set(this.online.map(({ id }) => id));
    return { members: [...this.members.values()].map((member) => ({ ...member, online: online.has(member.id) })), next: null };
  }

  page({ before, since, epoch, limit = PAGE }) {
    const frame = { epoch: this.epoch, seq: this.seq };
    if (since !== undefined) {
      return { ...frame, messages: this.messages.filter(({ seq }) => seq > since), more: false, gap: null };
    }
    const older = this.messages.filter(({ seq }) => before === undefined || seq < before);
    return { ...frame, messages: older.slice(-limit), more: older.length > limit };
  }

  connect(socket, person, { since, epoch }) {
    this.#sockets.set(socket, person);
    const { seq, online, members } = this;
    send(socket, { type: 'welcome', protocol: 1, you: person, role: this.roleOf(person), epoch: this.epoch, seq, members: members.size, online: online.length, people: online.slice(0, PAGE) });
    this.#resume(socket, since, epoch);
    this.#presence({ came: [person] });
    socket.on('message', (data) => this.#heard(socket, person, data.toString()));
    socket.on('close', () => {
      this.#sockets.delete(socket);
      if (!this.online.some(({ id }) => id === person.id)) this.#presence({ went: [person.id] });
    });
  }

  #resume(socket, since, epoch) {
    if (since === undefined) return;
    const missed = this.messages.filter(({ seq }) => seq > since);
    const reason = epoch !== this.epoch ? 'epoch' : 'too_many';
    if (reason === 'too_many' && missed.length <= 500) {
      missed.forEach((message) => send(socket, message));
      return;
    }
    const newest = this.messages.slice(-PAGE);
    const from = reason === 'epoch' ? 1 : since + 1;
    send(socket, { type: 'gap', epoch: this.epoch, from, to: (newest[0]?.seq ?? this.seq + 1) - 1, reason });
    newest.forEach((message) => send(socket, message));
  }

  #heard(socket, person, data) {
    if (data === 'ping') return this.deaf ? undefined : socket.send('pong');
    const frame = JSON.parse(data);
    if (frame.type === 'send') return this.#sent(socket, person, frame);
    if (frame.type === 'since') return this.#resume(socket, frame.seq, this.epoch);
    if (frame.type === 'typing') {
      for (const [other, { id }] of this.#sockets) if (id !== person.id) send(other, { type: 'typing', person });
    }
    return undefined;
  }

  #sent(socket, person, { id, text }) {
    if (this.refuses) return send(socket, { type: 'error', id, ...this.refuses });
    if (this.roleOf(person) === 'visitor') return send(socket, { type: 'error', id, code: 'not_a_member' });
    const known = this.messages.find((message) => message.id === id && message.author.id === person.id);
    const { seq, at } = known ?? this.say(person, text, { id, tell: !this.mute && !this.holdsAcks });
    const ack = () => send(socket, { type: 'ack', id, seq, at });
    if (this.mute) return undefined;
    if (!this.holdsAcks) return ack();
    this.#held.push(ack, () => this.broadcast(this.messages.find((message) => message.seq === seq)));
    return undefined;
  }

  #presence(changes) {
    this.broadcast({ type: 'presence', online: this.online.length, members: this.members.size, came: [], went: [], joined: [], left: [], ...changes });
  }
}

function send(socket, frame) {
  socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
}
