// Serves public/ as the platform does: html without its suffix, _headers on everything.

import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../public/', import.meta.url));
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
};

export async function serveFile(pathname, response) {
  const path = pathname === '/' ? '/login' : pathname;
  const headers = await everyHeader();
  for (const candidate of [path, `${path}.html`]) {
    try {
      const body = await readFile(join(ROOT, normalize(decodeURIComponent(candidate))));
      response.writeHead(200, { ...headers, 'content-type': TYPES[extname(candidate)] ?? 'application/octet-stream' });
      return response.end(body);
    } catch {
      // The next candidate, or none.
    }
  }
  response.writeHead(404, { ...headers, 'content-type': TYPES['.html'] });
  return response.end(await readFile(join(ROOT, '404.html')));
}

async function everyHeader() {
  const text = await readFile(join(ROOT, '_headers'), 'utf8');
  const lines = text.split('\n').filter((line) => line.startsWith('  '));
  const headers = {};
  for (const line of lines) {
    const [name, ...value] = line.trim().split(':');
    (headers[name] ??= []).push(value.join(':').trim());
  }
  return headers;
}
