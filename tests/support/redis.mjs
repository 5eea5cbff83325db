// A redis-server with a folder of its own and the gateway in front of it, for JavaScript tests; redis.rs is the same for
// Rust. Both are gone when the test process is, however that ends.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const KEEPER = join(ROOT, 'tests/support/redis-keeper.sh');
const BUILT = join(process.env.CARGO_TARGET_DIR ?? join(ROOT, 'target'), 'debug/hihichat-gateway');

/** What the gateway wants to be shown. */
export const TOKEN = 'a-token-of-the-tests';

/** Starts both, empty. */
export async function startRedis() {
  const folder = await mkdtemp(join(tmpdir(), 'hihichat-redis-'));
  const server = new Server(folder);
  await server.startAgain();
  const gateway = await startGateway(folder);
  return new Redis(folder, server, gateway);
}

class Redis {
  #server;
  #gateway;

  constructor(folder, server, gateway) {
    this.folder = folder;
    this.url = gateway.url;
    this.token = TOKEN;
    this.#server = server;
    this.#gateway = gateway;
  }

  /** A request as any client sends it; the body is made JSON unless it is a text or bytes. */
  fetch(path, body, { headers, ...rest } = {}) {
    return fetch(this.url + path, {
      method: body === undefined ? 'GET' : 'POST',
      body: typeof body === 'string' || ArrayBuffer.isView(body) ? body : JSON.stringify(body),
      headers: { authorization: `Bearer ${TOKEN}`, ...headers },
      ...rest,
    });
  }

  /** Runs one command that no fault strikes and nobody counts; what it gives, `{result}` or `{error}`. */
  async aside(...command) {
    return (await this.fetch('/', command, { headers: { 'gateway-aside': 'yes' } })).json();
  }

  /** Switches a fault on, or off with `{}`: gateway/src/faults.rs. */
  async faults(fault) {
    return (await this.fetch('/faults', fault)).json();
  }

  async counts() {
    return (await this.fetch('/counts')).json();
  }

  async resetCounts() {
    return (await this.fetch('/counts', {})).json();
  }

  /** Ends the redis-server with `kill -9`, and starts it on the data that is there. */
  kill = () => this.#server.kill();
  startAgain = () => this.#server.startAgain();

  async end() {
    await Promise.all([this.#server.end(), this.#gateway.end()]);
  }
}

class Server {
  #shell;
  #lines;

  constructor(folder) {
    this.#shell = spawn('sh', [KEEPER, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface(this.#shell.stdout)[Symbol.asyncIterator]();
  }

  kill = () => this.#order('kill', 'killed');
  startAgain = () => this.#order('start', 'eady to accept connections');

  async #order(word, done) {
    this.#shell.stdin.write(`${word}\n`);
    let heard = '';
    for (let line = await this.#lines.next(); !line.done; line = await this.#lines.next()) {
      if (line.value.includes(done)) return;
      heard += `${line.value}\n`;
    }
    throw new Error(`redis-server does not ${word} (scripts/test installs it):\n${heard}`);
  }

  end() {
    this.#lines.return();
    this.#shell.stdout.resume();
    return ending(this.#shell);
  }
}

async function startGateway(folder) {
  const binary = process.env.HIHICHAT_GATEWAY ?? BUILT;
  const from = ['--redis', `redis+unix://${folder}/redis.sock`, '--port', '0', '--token', TOKEN];
  const gateway = spawn(binary, [...from, '--until-stdin-closes'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const failed = once(gateway, 'error').then(([error]) => {
    throw new Error(`${error.message}. cargo build -p hihichat-gateway builds it`);
  });
  const [line] = await Promise.race([once(createInterface(gateway.stdout), 'line'), failed]);
  return { url: line.replace('gateway ', ''), end: () => ending(gateway) };
}

/** Closes a program's input, which is its end. */
function ending(child) {
  const ended = once(child, 'exit');
  child.stdin.end();
  return ended;
}
