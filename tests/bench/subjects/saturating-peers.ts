// `--count` connections to `--port` that send without end and read what comes back, until the parent disconnects. With `--start`, each
// connection sends that first: what follows belongs to a message without an end.
import net from 'node:net';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { port: { type: 'string' }, count: { type: 'string' }, start: { type: 'string', default: '' } },
});
const piece = Buffer.alloc(65_536, 'x');
let connected = 0;

for (let nth = 0; nth < Number(values.count); nth += 1) {
  const socket = net.connect({ port: Number(values.port), host: '127.0.0.1' });
  const push = (): void => void socket.write(piece, (error) => error || push());
  socket.on('error', () => process.exit(1));
  socket.on('data', () => {});
  socket.on('connect', () => {
    connected += 1;
    if (connected === Number(values.count)) process.send?.('connected');
    if (values.start !== '') socket.write(values.start);
    push();
  });
}
process.on('disconnect', () => process.exit(0));
