// A server in a worker thread, and its client in the main thread.
import net from 'node:net';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url));
  worker.once('message', (port) => {
    const client = net.connect(port, '127.0.0.1', () => client.write('to the worker'));
    client.on('data', () => client.end());
  });
} else {
  const server = net.createServer((socket) => {
    socket.on('data', (data) => socket.write(data));
    socket.on('end', () => server.close());
  });
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
}
