// One room's socket that comes back by itself. It knows the clock, the network and a way to open
// a socket only through what it is given, so a test can live through an hour in a millisecond.

/** A silent socket is found within HEARTBEAT + PATIENCE, which must stay under 45 s. */
export const HEARTBEAT_MS = 25_000;
export const PATIENCE_MS = 12_000;
/** After the network or the page came back there is reason for doubt: ask, and wait less. */
export const DOUBT_MS = 4_000;
export const HANDSHAKE_MS = 10_000;
export const FIRST_DELAY_MS = 1_000;
export const LONGEST_DELAY_MS = 30_000;
/** A full room is asked again by itself, half a minute later and half as much left to chance. */
export const FULL_MS = 30_000;
/** A socket that lives this long pays the debt of earlier failures. */
export const SETTLED_MS = 5_000;

/** The frame that holds others. */
const BATCH = 'batch';

const OPEN = 1;
const POLICY = 1008;
const TRY_LATER = 1013;
/** Closes by which a room turns somebody away before they are in it; the first of them is no lasting one. */
const FULL = 'room_full';
const TURNED_AWAY = [FULL, 'too_many_connections'];
/** I am somebody else by now, or the same by another cookie: come back at once. */
const RENEWED = 4000;

/**
 * States: idle, connecting, online, reconnecting, offline, refused.
 * Events: `state`, `frames` with those that came together, parsed and in order, as detail, and `miss` when a try came to nothing.
 */
export class Connection extends EventTarget {
  state = 'idle';
  /** When the next try is due, for a person who waits. */
  retryAt = null;
  /** Tries in a row that came to nothing. */
  misses = 0;
  /** Why a refused connection is not tried again, or not yet: a code. */
  reason = null;

  #open;
  #whyRefused;
  #clock;
  #random;
  #hasNetwork;
  #isSeen;
  #socket = null;
  #failures = 0;
  #timers = new Map();

  constructor({ open, whyRefused, clock, random = Math.random, hasNetwork = () => true, isSeen = () => true }) {
    super();
    this.#open = open;
    this.#whyRefused = whyRefused;
    this.#clock = clock;
    this.#random = random;
    this.#hasNetwork = hasNetwork;
    this.#isSeen = isSeen;
  }

  start() {
    if (this.state === 'idle') this.#connect('connecting');
  }

  stop() {
    this.#forget();
    this.#become('idle');
  }

  /** Whether the frame was handed to a live socket. */
  send(frame) {
    // A socket may be closing for seconds before it says so.
    if (this.state !== 'online' || this.#socket.readyState !== OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** The page is seen again, the network is back, or somebody pressed "Try now". */
  check() {
    if (this.state === 'online') this.#ping(DOUBT_MS);
    else if (this.state === 'reconnecting' || this.state === 'offline') {
      if (!this.#socket) this.#connect('reconnecting');
    } else if (this.state === 'refused' && this.retryAt !== null && this.retryAt <= this.#clock.now()) this.#connect('refused');
  }

  #connect(state) {
    this.#forget();
    this.retryAt = null;
    this.#become(state);
    const socket = this.#open();
    this.#socket = socket;
    let heard = false;
    const mine = (handle) => (event) => this.#socket === socket && handle(event);
    socket.addEventListener('message', mine(({ data }) => {
      heard = true;
      this.#heard(data);
    }));
    socket.addEventListener('close', mine(({ code, reason }) => {
      if (code === POLICY) this.#refuse(reason || 'forbidden');
      else if (code === TRY_LATER && TURNED_AWAY.includes(reason)) this.#refuse(reason);
      else if (code === RENEWED && heard) this.#connect('reconnecting');
      else if (heard) this.#lost();
      else this.#failed(socket);
    }));
    this.#after('handshake', HANDSHAKE_MS, () => this.#lost());
  }

  #heard(data) {
    this.#cancel('patience');
    if (data === 'pong') return;
    const frames = parse(data);
    if (frames.length === 0) return;
    if (frames.some(({ type }) => type === 'welcome')) this.#welcomed();
    this.dispatchEvent(new CustomEvent('frames', { detail: frames }));
  }

  #welcomed() {
    this.misses = 0;
    this.reason = null;
    this.#cancel('handshake');
    this.#after('settled', SETTLED_MS, () => (this.#failures = 0));
    this.#after('heartbeat', HEARTBEAT_MS, () => this.#ping(PATIENCE_MS));
    this.#become('online');
  }

  #ping(patience) {
    if (this.#socket.readyState === OPEN) this.#socket.send('ping');
    // The browser may take minutes to close a dead socket, so nobody waits for its close event.
    this.#after('patience', patience, () => this.#lost());
    this.#after('heartbeat', HEARTBEAT_MS, () => this.#ping(PATIENCE_MS));
  }

  /** A refused handshake tells a page nothing; the room's address does. */
  async #failed(socket) {
    const code = await this.#whyRefused();
    if (this.#socket !== socket) return;
    if (code) this.#refuse(code);
    else this.#lost();
  }

  #lost() {
    const missed = this.state !== 'online';
    this.#forget();
    const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#failures);
    this.#failures += 1;
    this.reason = null;
    // A deploy cuts everybody at once: the upper half of the delay is left to chance.
    const wait = delay * (0.5 + this.#random() / 2);
    this.retryAt = this.#clock.now() + wait;
    this.#become(this.#hasNetwork() ? 'reconnecting' : 'offline');
    this.#after('retry', wait, () => this.#connect('reconnecting'));
    if (!missed) return;
    this.misses += 1;
    this.dispatchEvent(new Event('miss'));
  }

  #refuse(code) {
    this.#forget();
    this.retryAt = null;
    this.reason = code;
    if (code === FULL) {
      const wait = FULL_MS * (1 + this.#random() / 2);
      this.retryAt = this.#clock.now() + wait;
      // Nobody waits before a page that isn't seen; it asks when it is seen again.
      this.#after('retry', wait, () => this.#isSeen() && this.#connect('refused'));
    }
    this.state = 'refused';
    this.#tell();
  }

  #forget() {
    const socket = this.#socket;
    this.#socket = null;
    for (const name of [...this.#timers.keys()]) this.#cancel(name);
    socket?.close();
  }

  #become(state) {
    if (state === this.state) return;
    this.state = state;
    this.#tell();
  }

  #tell() {
    this.dispatchEvent(new CustomEvent('state', { detail: this.state }));
  }

  #after(name, delay, act) {
    this.#cancel(name);
    this.#timers.set(name, this.#clock.setTimeout(act, delay));
  }

  #cancel(name) {
    this.#clock.clearTimeout(this.#timers.get(name));
    this.#timers.delete(name);
  }
}

/** The frames in what a room said: one, or those of a batch, in which no other can be. What is no frame takes no other with it. */
function parse(data) {
  try {
    const said = JSON.parse(data);
    const frames = said.type === BATCH ? said.frames : [said];
    return frames.filter((frame) => typeof frame?.type === 'string' && frame.type !== BATCH);
  } catch {
    return [];
  }
}
