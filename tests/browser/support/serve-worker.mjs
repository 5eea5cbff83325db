// The built Worker and public/ in one workerd, as wrangler.toml has them and by the code that wrangler itself serves
// them with. `wrangler dev` puts a workerd of its own and a line of its log before every request, which costs 2.3
// times as much, and a page makes some fifty. Settings are arguments, NAME=value; --pages=FOLDER names other pages, and
// --ratelimits=NAME:REQUESTS,… binds limiters of so many requests a minute. Says its address, and ends with its standard input.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { unstable_getMiniflareWorkerOptions as readWorker } from 'wrangler';

// The rules are those of a bundler; there is nothing left to bundle.
const { main, workerOptions: { modulesRules, ...options } } = readWorker(fileURLToPath(new URL('../../../wrangler.toml', import.meta.url)));

const { '--pages': pages, '--ratelimits': limits = '', ...settings } = Object.fromEntries(process.argv.slice(2).map((setting) => {
  const [name, ...value] = setting.split('=');
  return [name, value.join('=')];
}));

const ratelimits = Object.fromEntries(limits.split(',').filter(Boolean).map((one, index) => {
  const [name, limit] = one.split(':');
  return [name, { namespace_id: `100${index}`, simple: { limit: Number(limit), period: 60 } }];
}));

const worker = new Miniflare(convertV4MiniflareOptions({
  ...options,
  bindings: { ...options.bindings, ...settings },
  ratelimits: { ...options.ratelimits, ...ratelimits },
  assets: pages ? { ...options.assets, directory: pages } : options.assets,
  // No look at Cloudflare for made-up request properties.
  cf: false,
  host: '127.0.0.1',
  port: 0,
  modulesRoot: dirname(main),
  modules: [
    { type: 'ESModule', path: main },
    { type: 'CompiledWasm', path: join(dirname(main), 'index_bg.wasm') },
  ],
}));
console.log((await worker.ready).origin);
process.stdin.resume().once('close', () => worker.dispose());
