// Connections that are reset, refused, and an address that is in use.
import net from 'node:net';

const server = net.createServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  const client = net.connect(port, '127.0.0.1', () => client.write('go away'));
  client.on('error', () => undefined);
  client.on('close', () => {
    const second = net.createServer();
    second.on('error', () => {
      server.close(() => net.connect(port, '127.0.0.1').on('error', () => undefined));
    });
    second.listen(port, '127.0.0.1');
  });
});
