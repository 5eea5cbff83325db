// The real Worker for a run of the browser tests, built anew if need be, on a free port and with data of its own.
// HIHICHAT_ORIGIN names one that runs already.

import { execFileSync, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BUILD = fileURLToPath(new URL('../../../scripts/build-worker.sh', import.meta.url));
const SERVE = fileURLToPath(new URL('./serve-worker.mjs', import.meta.url));

export default async function startWorker() {
  if (process.env.HIHICHAT_ORIGIN) return undefined;
  execFileSync(BUILD, { stdio: ['ignore', 'ignore', 'inherit'] });
  // Rooms with a past are made faster than people talk.
  const { origin, stop } = await serve({ MESSAGES_PER_MINUTE: '60000' });
  process.env.HIHICHAT_ORIGIN = origin;
  return stop;
}

/** With these settings and, if they are named, other pages than public/. It ends with the pipe to it, which the system closes however these tests end. */
export async function serve(settings = {}, pages = null) {
  const given = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  // A group of its own, so that Ctrl-C on the tests reaches it only once, from here.
  const server = spawn(process.execPath, [SERVE, ...(pages ? [`--pages=${pages}`] : []), ...given], { detached: true, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((done) => server.once('exit', done));
  const origin = await new Promise((ready, failed) => {
    server.stdout.once('data', (line) => ready(String(line).trim()));
    server.once('error', failed);
    server.once('exit', () => failed(new Error('the Worker does not start; its last words are above')));
  });
  const stop = () => {
    server.stdin.end();
    return ended;
  };
  return { origin, stop };
}
