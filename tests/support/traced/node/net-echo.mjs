// An echo server and a client: one line each way.
import net from 'node:net';

const server = net.createServer((socket) => {
  socket.on('data', (data) => socket.end(data));
});
server.listen(0, '127.0.0.1', () => {
  const client = net.connect(server.address().port, '127.0.0.1', () => client.write('a line\n'));
  client.resume();
  client.on('close', () => server.close());
});
