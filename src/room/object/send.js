// The inner loop of everything that a room says, on the runtime's side: to cross from WASM for each socket is dearer than the
// loop itself.

/** Sends `text` to each of `sockets` but those at the places `apart`, which are in order. */
export function sendToAll(sockets, text, apart) {
  let passed = 0;
  for (let place = 0; place < sockets.length; place += 1) {
    if (apart[passed] === place) {
      passed += 1;
      continue;
    }
    try {
      sockets[place].send(text);
    } catch {
      // It is going away; its close event follows.
    }
  }
}
