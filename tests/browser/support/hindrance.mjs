// What a slow machine and a slow network do to a story, on purpose: whoever waits for the wrong thing fails by it.
//   HIHICHAT_HINDER='requests=600 files=300 cpu=4' npx playwright test
// `requests` and `files` hold back each question of a page to the API, and each file of it, by up to so many milliseconds, in
// no order; `cpu` makes the page's own work take so many times as long. Requests that are held back pass by the browser's cache,
// so PF4, which reckons what that spares, can't hold then.

const asked = (process.env.HIHICHAT_HINDER ?? '').split(' ').filter(Boolean).map((one) => one.split('='));
const { requests, files, cpu, ...others } = Object.fromEntries(asked.map(([what, amount]) => [what, Number(amount)]));
if (Object.keys(others).length > 0) throw new Error(`HIHICHAT_HINDER knows requests, files and cpu, not ${Object.keys(others)}`);

/** A browser whose requests are held back before they go out. */
export async function hinderContext(context) {
  const holdBack = (longest) => async (route) => {
    await new Promise((done) => setTimeout(done, Math.random() * longest));
    // The page may have gone meanwhile.
    await route.fallback().catch(() => {});
  };
  if (requests) await context.route(({ pathname }) => pathname.startsWith('/api/'), holdBack(requests));
  if (files) await context.route(({ pathname }) => /^\/(js|css)\//.test(pathname), holdBack(files));
  return context;
}

/** A page whose own work takes longer. */
export async function hinderPage(page) {
  if (cpu) await (await page.context().newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate: cpu });
  return page;
}
