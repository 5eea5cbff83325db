// Browser tests: the pages in Debian's Chromium, against the real Worker and, for faults, against
// a scripted one. Run by scripts/test browser, or npx playwright test.

import { defineConfig } from '@playwright/test';
import { findChromium } from './tests/browser/support/chromium.mjs';

// What people do is run in both languages, each in a time zone that isn't the server's UTC. What
// is the same in both languages runs in one of them.
const BOTH = ['talk', 'emoji', 'accounts', 'i18n', 'theme', 'mobile', 'message', 'revisions', 'bad-input', 'pwa', 'embed', 'search'];
const ENGLISH = ['send', 'connection', 'away', 'states', 'room-names', 'hosted', 'unread', 'presence', 'edge', 'requests', 'speed', 'headers', 'limits'];
const CHINESE = ['mentions', 'keyboard', 'announce', 'scroll', 'places'];

const files = (...names) => names.map((name) => `**/${name}.spec.mjs`);

export default defineConfig({
  testDir: 'tests/browser',
  globalSetup: './tests/browser/support/worker.mjs',
  workers: 2,
  fullyParallel: true,
  retries: 0,
  // Generous: a key takes a browser a second, and the machine may be busy.
  timeout: 120_000,
  expect: { timeout: 15_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list']],
  use: {
    viewport: { width: 1280, height: 800 },
    trace: 'off',
    launchOptions: {
      executablePath: findChromium(),
      args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update'],
    },
  },
  projects: [
    {
      name: 'en New York',
      testMatch: files(...BOTH, ...ENGLISH),
      use: { locale: 'en-US', timezoneId: 'America/New_York', colorScheme: 'light' },
    },
    {
      name: 'zh Shanghai',
      testMatch: files(...BOTH, ...CHINESE),
      use: { locale: 'zh-CN', timezoneId: 'Asia/Shanghai', colorScheme: 'dark' },
    },
  ],
});
