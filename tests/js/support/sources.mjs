import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../public/', import.meta.url));

/** Our own scripts and pages as {path, text}; what is vendored is not ours. */
export function sources() {
  return readdirSync(ROOT, { recursive: true })
    .filter((path) => /\.(js|html)$/.test(path) && !path.includes('vendor'))
    .map((path) => ({ path, text: readFileSync(ROOT + path, 'utf8') }));
}

export function read(path) {
  return readFileSync(ROOT + path, 'utf8');
}
