// What every answer tells browsers, by the pages' server and the Worker together: each address of the API in each method, each
// file of public/, and what isn't there.

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from './support/fixtures.mjs';

const PUBLIC = fileURLToPath(new URL('../../public/', import.meta.url));
const PERMISSIONS = 'accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()';

function files(folder = '') {
  return readdirSync(PUBLIC + folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}${entry.name}`;
    return entry.isDirectory() ? files(`${path}/`) : [path];
  });
}

/** What is wrong with an answer's headers. */
function complaints(answer, referrers) {
  const says = (name) => answer.headers.get(name) ?? '';
  const policy = says('content-security-policy');
  const wrong = [];
  if (!policy.includes("default-src 'none'") || !policy.includes("frame-ancestors 'none'") || /unsafe-|https?:|\*/.test(policy)) wrong.push(`policy ${policy}`);
  if (says('x-content-type-options') !== 'nosniff') wrong.push('nosniff');
  if (!referrers.includes(says('referrer-policy'))) wrong.push(`referrer ${says('referrer-policy')}`);
  if (says('permissions-policy') !== PERMISSIONS) wrong.push(`permissions ${says('permissions-policy')}`);
  if (says('strict-transport-security') !== 'max-age=31536000') wrong.push('transport');
  if (answer.headers.has('access-control-allow-origin')) wrong.push('any origin reads it');
  if (/workerd|cloudflare|express/i.test(says('server') + says('x-powered-by'))) wrong.push('names its server');
  return wrong.map((what) => `${answer.status} ${answer.url}: ${what}`);
}

async function judge(requests, referrers) {
  const found = [];
  for (const [path, init] of requests) {
    const answer = await fetch(process.env.HIHICHAT_ORIGIN + path, { redirect: 'manual', ...init });
    await answer.arrayBuffer();
    found.push(...complaints(answer, referrers));
  }
  expect(found).toEqual([]);
}

test('every address of the API tells browsers to make nothing of it, in every method and however it is asked', async () => {
  const { paths } = JSON.parse(readFileSync(`${PUBLIC}openapi.json`, 'utf8'));
  const addresses = Object.keys(paths).map((path) => path.replaceAll(/\{[a-z]+\}/g, 'nobody'));
  expect(addresses.length).toBeGreaterThan(20);
  const ways = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].flatMap((method) => [
    { method },
    { method, headers: { origin: 'https://evil.example' } },
  ]);
  const broken = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' };
  const all = [...addresses, '/api/nothing', '/api/', '/avatar/', '/avatar/%00', '/api/rooms/%ff'];
  await judge(all.flatMap((path) => [...ways, broken].map((init) => [path, init])), ['no-referrer']);
});

test('every file of the pages, and each that is not there, comes with the pages\' policy', async () => {
  const all = files();
  expect(all.length).toBeGreaterThan(100);
  const there = [...all, '', 'login', 'chat?rname=x', 'roomlist', 'account'];
  const absent = ['nothing', 'js/nothing.js', '.git/config', 'wrangler.toml', '..%2fwrangler.toml', 'a/../../b', '%00', '_headers', '_redirects'];
  await judge([...there, ...absent].map((path) => [`/${path}`, {}]), ['same-origin']);
  for (const path of absent) expect((await fetch(`${process.env.HIHICHAT_ORIGIN}/${path}`)).status, path).not.toBe(200);
});
