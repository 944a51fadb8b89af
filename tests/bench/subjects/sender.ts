// A fast sender: writes `--count` buffers of `--size` bytes and ends. In a process of its own, so that it is not the
// bottleneck of what it measures.
import net from 'node:net';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { port: { type: 'string' }, size: { type: 'string' }, count: { type: 'string' }, line: { type: 'string' } },
});
const size = Number(values.size);
const count = Number(values.count);
const line = Number(values.line);

const buffer = Buffer.alloc(size, 'x');
for (let at = line - 1; line > 0 && at < size; at += line) buffer[at] = 10;

const socket = net.connect({ port: Number(values.port), host: '127.0.0.1', noDelay: true });
let written = 0;
const pump = (): void => {
  while (written < count) {
    written += 1;
    if (!socket.write(buffer)) {
      socket.once('drain', pump);
      return;
    }
  }
  socket.end();
};
socket.on('connect', pump);
socket.on('data', () => {});
socket.on('close', () => process.disconnect?.());
