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
/** A socket that lives this long pays the debt of earlier failures. */
export const SETTLED_MS = 5_000;

const OPEN = 1;
const POLICY = 1008;
/** I am somebody else by now, or the same by another cookie: come back at once. */
const RENEWED = 4000;

/**
 * States: idle, connecting, online, reconnecting, offline, refused.
 * Events: `state`, and `frame` with the parsed frame as detail.
 */
export class Connection extends EventTarget {
  state = 'idle';
  /** When the next try is due, for a person who waits. */
  retryAt = null;
  /** Why a refused connection is not tried again: a code. */
  reason = null;

  #open;
  #whyRefused;
  #clock;
  #random;
  #hasNetwork;
  #socket = null;
  #failures = 0;
  #timers = new Map();

  constructor({ open, whyRefused, clock, random = Math.random, hasNetwork = () => true }) {
    super();
    this.#open = open;
    this.#whyRefused = whyRefused;
    this.#clock = clock;
    this.#random = random;
    this.#hasNetwork = hasNetwork;
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
    }
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
      else if (code === RENEWED && heard) this.#connect('reconnecting');
      else if (heard) this.#lost();
      else this.#failed(socket);
    }));
    this.#after('handshake', HANDSHAKE_MS, () => this.#lost());
  }

  #heard(data) {
    this.#cancel('patience');
    if (data === 'pong') return;
    const frame = parse(data);
    if (!frame) return;
    if (frame.type === 'welcome') this.#welcomed();
    this.dispatchEvent(new CustomEvent('frame', { detail: frame }));
  }

  #welcomed() {
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
    this.#forget();
    const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#failures);
    this.#failures += 1;
    // A deploy cuts everybody at once: the upper half of the delay is left to chance.
    const wait = delay * (0.5 + this.#random() / 2);
    this.retryAt = this.#clock.now() + wait;
    this.#become(this.#hasNetwork() ? 'reconnecting' : 'offline');
    this.#after('retry', wait, () => this.#connect('reconnecting'));
  }

  #refuse(code) {
    this.#forget();
    this.retryAt = null;
    this.reason = code;
    this.#become('refused');
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
    this.dispatchEvent(new CustomEvent('state', { detail: state }));
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

function parse(data) {
  try {
    const frame = JSON.parse(data);
    return typeof frame?.type === 'string' ? frame : null;
  } catch {
    return null;
  }
}
