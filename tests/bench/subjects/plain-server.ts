// The baseline: a plain `net` server that echoes, cuts lines and counts them, or counts bytes. Records nothing.
import net from 'node:net';
import { parseArgs } from 'node:util';
import { watchSelf, watchTurns } from './self-watch.ts';

const { values } = parseArgs({ options: { behaviour: { type: 'string' }, framing: { type: 'string' } } });
let messages = 0;
let bytes = 0;
let last: Buffer | undefined;

/** Cuts lines into one `subarray` each, as a plain program would. */
function cutLines(socket: net.Socket): void {
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    const all = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let start = 0;
    for (let end = all.indexOf(10); end >= 0; end = all.indexOf(10, start)) {
      last = all.subarray(start, end);
      messages += 1;
      start = end + 1;
    }
    rest = all.subarray(start);
  });
}

const server = net.createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => {});
  if (values.behaviour === 'echo') {
    socket.on('data', (chunk: Buffer) => socket.write(chunk));
  } else if (values.framing === 'line') {
    cutLines(socket);
  } else {
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      messages += 1;
      last = chunk;
    });
  }
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as net.AddressInfo).port }));

process.on('message', (message) => {
  if (message === 'turns') {
    watchTurns();
    return;
  }
  if (message === 'count') {
    process.send?.({ messages, bytes, ...watchSelf() });
    return;
  }
  process.send?.({ flushed: last?.length ?? 0 });
  server.close();
  process.disconnect();
});
