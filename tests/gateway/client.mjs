// Upstash's own client, which judges the gateway.

import { Redis } from '@upstash/redis';

/** Values as they come, one request a command, one try. */
export function client(redis, options = {}) {
  return new Redis({
    url: redis.url,
    token: redis.token,
    automaticDeserialization: false,
    enableAutoPipelining: false,
    enableTelemetry: false,
    retry: false,
    ...options,
  });
}

/** The client as it comes, in base64, and in plain JSON. */
export function clients(redis) {
  return [client(redis), client(redis, { responseEncoding: false })];
}
