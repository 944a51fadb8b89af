// A client that ends its side first, and a server that answers only then.
import net from 'node:net';

const server = net.createServer({ allowHalfOpen: true }, (socket) => {
  let size = 0;
  socket.on('data', (data) => {
    size += data.length;
  });
  socket.on('end', () => socket.end(`${size} bytes`));
});
server.listen(0, '127.0.0.1', () => {
  const client = net.connect(server.address().port, '127.0.0.1');
  client.end('first and last');
  client.resume();
  client.on('close', () => server.close());
});
