// Many small writes, corked ones, texts in several encodings, over IPv6.
import net from 'node:net';

const server = net.createServer((socket) => {
  socket.on('data', () => undefined);
  socket.on('end', () => socket.end('all of it'));
});
server.listen(0, '::1', () => {
  const client = net.connect(server.address().port, '::1', () => {
    client.write('grüß', 'utf8');
    client.write('latin\xff', 'latin1');
    client.write('wide', 'utf16le');
    client.cork();
    client.write('one ');
    client.write(Buffer.from('two'));
    client.uncork();
    client.end('68656c6c6f', 'hex');
  });
  client.resume();
  client.on('close', () => server.close());
});
