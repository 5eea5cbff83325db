// How the deployed build (build/) starts. Each figure is the median of several starts, in ms: a busy machine makes it larger,
// so nothing is judged here. Only the Worker's first start in a data centre, and of each new isolate, waits for it.
import { spawn } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const STARTS = 15;

const root = fileURLToPath(new URL('..', import.meta.url));
const wasm = await readFile(path.join(root, 'build/index_bg.wasm'));
const [, date] = /^compatibility_date = "(.*)"/m.exec(await readFile(path.join(root, 'wrangler.toml'), 'utf8'));
const packages = path.join(root, 'node_modules/@cloudflare');
const [platform] = (await readdir(packages)).filter((name) => name.startsWith('workerd-'));
const workerd = path.join(packages, platform, 'bin/workerd');

/** One start of the WASM in this process, its imports doing nothing. */
function inV8(_, start) {
  // V8 keeps what it compiled, by its bytes: so each time another section that nobody reads.
  const bytes = Buffer.concat([wasm, Buffer.from([0, 2, 1, start])]);
  const before = performance.now();
  const module = new WebAssembly.Module(bytes);
  const compiled = performance.now();
  const imports = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    // Beside functions there is the tag of JavaScript's own exceptions.
    (imports[from] ??= {})[name] = kind === 'tag' ? WebAssembly.JSTag : () => 0;
  }
  const ready = performance.now();
  const { exports } = new WebAssembly.Instance(module, imports);
  exports.__wbindgen_start();
  return { 'V8: compile': compiled - before, 'V8: instantiate and start': performance.now() - ready };
}

const NOTHING = 'export default { fetch: () => new Response("{}") }; export class Room {} export class Directory {}';

/** One start of workerd with a Worker, to its second answer. */
async function inWorkerd(folder) {
  const began = performance.now();
  const child = spawn(workerd, ['serve', '--control-fd=3', 'config.capnp'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit', 'pipe'] });
  try {
    const { port } = JSON.parse(await new Promise((resolve) => child.stdio[3].once('data', resolve)));
    const listens = performance.now();
    const ask = async () => {
      const before = performance.now();
      const answer = await fetch(`http://127.0.0.1:${port}/api/config`);
      await answer.text();
      if (!answer.ok) throw new Error(`answered ${answer.status}`);
      return performance.now() - before;
    };
    return { 'to listening': listens - began, 'first answer': await ask(), 'second answer': await ask() };
  } finally {
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
  }
}

async function prepare(folder, index) {
  await mkdir(path.join(folder, 'data'), { recursive: true });
  await writeFile(path.join(folder, 'config.capnp'), `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [ (name = "main", worker = .main), (name = "disk", disk = (path = "data", writable = true)) ],
  sockets = [ (name = "http", address = "127.0.0.1:0", http = (), service = "main") ],
);
const main :Workerd.Worker = (
  modules = [ (name = "index.js", esModule = embed "index.js"), (name = "index_bg.wasm", wasm = embed "index_bg.wasm") ],
  compatibilityDate = "${date}",
  durableObjectNamespaces = [
    (className = "Room", uniqueKey = "room", enableSql = true),
    (className = "Directory", uniqueKey = "directory", enableSql = true),
  ],
  durableObjectStorage = (localDisk = "disk"),
  bindings = [ (name = "ROOM", durableObjectNamespace = "Room"), (name = "DIRECTORY", durableObjectNamespace = "Directory") ],
);
`);
  await copyFile(path.join(root, 'build/index_bg.wasm'), path.join(folder, 'index_bg.wasm'));
  if (index) await writeFile(path.join(folder, 'index.js'), index);
  else await copyFile(path.join(root, 'build/index.js'), path.join(folder, 'index.js'));
}

function tell(who, starts) {
  for (const what of Object.keys(starts[0])) {
    const sorted = starts.map((start) => start[what]).sort((one, other) => one - other);
    const [least, median, most] = [0, Math.floor(sorted.length / 2), sorted.length - 1].map((at) => sorted[at].toFixed(1).padStart(7));
    console.log(`${`${who}${what}`.padEnd(44)}${median}   (${least} to ${most})`);
  }
}

const folder = await mkdtemp(path.join(os.tmpdir(), 'hihichat-start-up-'));
try {
  const contestants = { 'this Worker: ': path.join(folder, 'ours'), 'one that does nothing: ': path.join(folder, 'nothing') };
  const [ours, nothing] = Object.values(contestants);
  await prepare(ours);
  await prepare(nothing, NOTHING);
  console.log(`WASM: ${wasm.length} bytes; medians of ${STARTS} starts, in ms`);
  tell('', Array.from({ length: STARTS }, inV8));
  for (const [who, where] of Object.entries(contestants)) {
    const starts = [];
    while (starts.length < STARTS) starts.push(await inWorkerd(where));
    tell(who, starts);
  }
} finally {
  await rm(folder, { recursive: true });
}
