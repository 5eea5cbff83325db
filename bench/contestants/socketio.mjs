// Rooms as Socket.IO's guide has them: `join`, `to(room).emit`, an acknowledgement as an event. WebSocket only. With
// RECOVERY=yes it has connection state recovery, its own answer to lost connections. The queue of newcomers is
// as long as in ws.mjs.
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const http = createServer();
const recovery = process.env.RECOVERY === 'yes' ? { connectionStateRecovery: {} } : {};
const io = new Server(http, { transports: ['websocket'], ...recovery });
const seqs = new Map();

io.on('connection', (socket) => {
  const { room } = socket.handshake.auth;
  socket.join(room);
  socket.on('send', ({ id, text }) => {
    const seq = (seqs.get(room) ?? 0) + 1;
    seqs.set(room, seq);
    const message = { type: 'message', seq, at: Date.now(), id, text };
    socket.emit('said', { type: 'ack', id, seq, at: message.at });
    io.to(room).emit('said', message);
  });
});
http.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => console.log(JSON.stringify({ port: http.address().port })));
