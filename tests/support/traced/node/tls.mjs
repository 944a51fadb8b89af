// A TLS server and client; the certificate and its key are in the files that the environment names.
import { readFileSync } from 'node:fs';
import tls from 'node:tls';

const cert = readFileSync(process.env.CERTIFICATE);
const key = readFileSync(process.env.KEY);
const server = tls.createServer({ cert, key }, (socket) => {
  socket.on('data', (data) => socket.end(`you said: ${data}`));
});
server.listen(0, '127.0.0.1', () => {
  const options = { ca: cert, checkServerIdentity: () => undefined };
  const client = tls.connect(server.address().port, '127.0.0.1', options, () => client.write('in secret'));
  client.resume();
  client.on('close', () => server.close());
});
