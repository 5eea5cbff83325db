// A panic in Rust ends this WASM instance, and with it every future and timer in it: also those of requests that had
// nothing to do with the panic. Their callers would wait for ever. So what they wait for is a promise of JavaScript's own.

const LIMIT = 9500; // milliseconds; callers are told to try again within ten seconds
const waiting = new Set();

/** The instance ends: whoever waits is answered. */
export function ended() {
  for (const stop of waiting) stop();
}

// What ends the instance without a panic, such as memory that is full.
addEventListener("error", ({ error }) => {
  if (error instanceof WebAssembly.RuntimeError) ended();
});

// Each answer is made in its own request's context: the runtime lets no request use another's response.
const busy = () =>
  new Response('{"error":{"code":"busy"}}', {
    status: 503,
    headers: {
      "content-type": "application/json; charset=utf-8",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
      "permissions-policy":
        "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()",
      "strict-transport-security": "max-age=31536000",
    },
  });

export async function answered(work) {
  const { promise: stopped, resolve: stop } = Promise.withResolvers();
  const timer = setTimeout(stop, LIMIT);
  waiting.add(stop);
  try {
    return await Promise.race([work, stopped.then(busy)]);
  } finally {
    clearTimeout(timer);
    waiting.delete(stop);
  }
}
