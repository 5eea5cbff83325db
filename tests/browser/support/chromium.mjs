// Playwright's own browsers are never downloaded: the tests run in the Chromium a machine has.

import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The shell first: the same engine without a browser round it, which nobody would see here. */
const NAMES = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'];
const ELSEWHERE = ['/Applications/Chromium.app/Contents/MacOS/Chromium', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/** CHROMIUM names it; otherwise it is looked for on the PATH and where macOS keeps it. */
export function findChromium() {
  const onPath = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const found = [process.env.CHROMIUM, ...onPath, ...ELSEWHERE].find((path) => path && isExecutable(path));
  if (!found) throw new Error('No Chromium found. Install it (Debian: apt-get install chromium) or name it: CHROMIUM=/path/to/chromium');
  return found;
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
