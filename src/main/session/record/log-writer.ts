import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { maxBatchBytes } from './write-queue.ts';
import type { FromWriter, ToWriter, WriterStart } from './writer-thread.ts';
import { Writing } from './writing.ts';

// The worker that appends to the session file. Nothing else writes to the file while it is live.

const port = parentPort;
if (port === null) throw new Error('log-writer runs as a worker');
port.postMessage({ kind: 'running' } satisfies FromWriter);
const writing = new Writing(workerData as WriterStart, (message: FromWriter, transfer: ArrayBuffer[] = []) =>
  port.postMessage(message, transfer),
);

port.on('message', (message: ToWriter) => {
  // Everything that waits is written as one batch.
  for (let now: ToWriter | undefined = message; now !== undefined; ) {
    writing.take(now);
    if (writing.pending >= maxBatchBytes || now.kind === 'close') break;
    now = receiveMessageOnPort(port)?.message as ToWriter | undefined;
  }
  writing.write();
});

void writing.ended.then(() => port.close());
