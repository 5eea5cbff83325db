// The least that a room as a Durable Object can be: sockets that hibernate, a number for each message, everything to everybody.
// With ROWS=yes a message is a row in SQLite before anybody hears of it.
export class Room {
  constructor(state, env) {
    this.state = state;
    this.seq = 0;
    state.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'));
    if (env.ROWS !== 'yes') return;
    this.sql = state.storage.sql;
    this.sql.exec('CREATE TABLE IF NOT EXISTS messages (seq INTEGER PRIMARY KEY, at INTEGER, id TEXT, text TEXT)');
    this.seq = this.sql.exec('SELECT max(seq) AS seq FROM messages').one().seq ?? 0;
  }

  fetch() {
    const [theirs, ours] = Object.values(new WebSocketPair());
    this.state.acceptWebSocket(ours);
    return new Response(null, { status: 101, webSocket: theirs });
  }

  webSocketMessage(socket, frame) {
    const { id, text } = JSON.parse(frame);
    const message = { type: 'message', seq: ++this.seq, at: Date.now(), id, text };
    this.sql?.exec('INSERT INTO messages VALUES (?, ?, ?, ?)', message.seq, message.at, id, text);
    socket.send(JSON.stringify({ type: 'ack', id, seq: message.seq, at: message.at }));
    const said = JSON.stringify(message);
    for (const each of this.state.getWebSockets()) {
      try {
        each.send(said);
      } catch {
        // It is closing.
      }
    }
  }

  webSocketClose(socket, code) {
    if (code !== 1005 && code !== 1006) socket.close(code);
  }

  webSocketError() {}
}

export default {
  fetch: (request, env) => env.ROOM.get(env.ROOM.idFromName(new URL(request.url).pathname)).fetch(request),
};
