// The real Worker for a run of the browser tests: scripts/dev on a free port with data of its own.
// HIHICHAT_ORIGIN names one that runs already.

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const DEV = fileURLToPath(new URL('../../../scripts/dev', import.meta.url));

export default async function startWorker() {
  if (process.env.HIHICHAT_ORIGIN) return undefined;
  const port = await freePort();
  const data = await mkdtemp(join(tmpdir(), 'hihichat-browser-'));
  const stop = await startDev(port, data);
  process.env.HIHICHAT_ORIGIN = `http://127.0.0.1:${port}`;
  return async () => {
    await stop();
    await rm(data, { recursive: true, force: true });
  };
}

async function startDev(port, data) {
  // A group of its own, so that Ctrl-C on the tests reaches it only once, from here. It ends with the pipe, which the
  // system closes however these tests end.
  const whilePiped = 'exec 3<&0; "$0" "$@" & dev=$!; (cat <&3 >/dev/null; kill $dev) & wait $dev';
  const command = ['-c', whilePiped, DEV, '--port', port, '--data', data];
  const dev = spawn('sh', command, { detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = new Promise((done) => dev.once('exit', done));
  await new Promise((ready, failed) => {
    let said = '';
    const hear = (chunk) => {
      said += chunk;
      if (said.includes('HiHi Chat is at')) ready();
    };
    dev.stdout.on('data', hear);
    dev.stderr.on('data', hear);
    dev.once('error', failed);
    dev.once('exit', () => failed(new Error(`scripts/dev ended:\n${said}`)));
  });
  return () => {
    dev.stdin.end();
    return ended;
  };
}

function freePort() {
  return new Promise((found, failed) => {
    const server = createServer().once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });
}
