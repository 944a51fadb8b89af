// 8 MB in one write().
import net from 'node:net';

const server = net.createServer((socket) => socket.resume());
server.listen(0, '127.0.0.1', () => {
  const client = net.connect(server.address().port, '127.0.0.1', () => client.end(Buffer.alloc(8_000_000, 'x')));
  client.resume();
  client.on('close', () => server.close());
});
