// Rooms as most would write them with `ws`: a Set of sockets for each, everything to everybody, nothing kept. The
// system's queue of newcomers is as long as workerd's: what doesn't fit waits a second, and that isn't the library's doing.
import { WebSocketServer } from 'ws';

const rooms = new Map();
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, backlog: 4096, perMessageDeflate: false });

server.on('connection', (socket, { url }) => {
  const room = rooms.get(url) ?? { seq: 0, sockets: new Set() };
  rooms.set(url, room);
  room.sockets.add(socket);
  socket.on('close', () => room.sockets.delete(socket));
  socket.on('error', () => {});
  socket.on('message', (data) => {
    const frame = data.toString();
    if (frame === 'ping') return socket.send('pong');
    const { id, text } = JSON.parse(frame);
    const message = { type: 'message', seq: ++room.seq, at: Date.now(), id, text };
    socket.send(JSON.stringify({ type: 'ack', id, seq: message.seq, at: message.at }));
    const said = JSON.stringify(message);
    for (const each of room.sockets) each.send(said);
  });
});
server.on('listening', () => console.log(JSON.stringify({ port: server.address().port })));
