// Datagrams between two sockets, and on a connected one.
import dgram from 'node:dgram';

const server = dgram.createSocket('udp4');
const client = dgram.createSocket('udp4');
server.on('message', (message, from) => {
  if (String(message) === 'last') {
    client.close();
    server.close();
  } else server.send(`${message}!`, from.port, from.address);
});
server.bind(0, '127.0.0.1', () => client.send('ping', server.address().port, '127.0.0.1'));
client.once('message', () => {
  client.connect(server.address().port, '127.0.0.1', () => client.send([Buffer.from('la'), Buffer.from('st')]));
});
