// The page's clock in a story. Installed, it goes on by itself as well, so whatever has to happen before or after a certain
// time in the page would depend on how quick this machine is; a story that says both stops it.

/** From now on the page's clock goes on only as far as the story runs it, and so do its frames; at the end of it the clock has to resume. */
export async function stopClock(page) {
  await page.clock.pauseAt(await page.evaluate(() => Date.now() + 1_000));
}
