// Sends `--rate` lines of 64 bytes a second, in bursts of a hundredth of a second, until its parent disconnects.
import net from 'node:net';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { port: { type: 'string' }, rate: { type: 'string' } } });
const line = Buffer.from(`${'x'.repeat(63)}\n`);
const perMs = Number(values.rate) / 1_000;

const socket = net.connect({ port: Number(values.port), host: '127.0.0.1', noDelay: true });
socket.on('error', () => process.exit(1));
socket.on('data', () => {});
socket.on('connect', () => {
  const startedAt = performance.now();
  let sent = 0;
  setInterval(() => {
    const due = Math.floor((performance.now() - startedAt) * perMs) - sent;
    if (due <= 0) return;
    sent += due;
    socket.write(Buffer.alloc(due * line.length, line));
  }, 10);
});
process.on('disconnect', () => process.exit(0));
