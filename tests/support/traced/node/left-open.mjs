// A program that ends while its sockets are open.
import net from 'node:net';

const server = net.createServer((socket) => {
  socket.on('data', () => process.exit(0));
});
server.listen(0, '127.0.0.1', () => {
  const client = net.connect(server.address().port, '127.0.0.1', () => client.write('end it'));
});
