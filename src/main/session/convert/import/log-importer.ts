import { parentPort, workerData } from 'node:worker_threads';
import type { FromImporter, ImporterStart } from './import-session.ts';
import { runImport } from './run-import.ts';

// The worker that imports a capture or JSON lines into a session. It ends after its answer.

const port = parentPort;
if (port === null) throw new Error('log-importer runs as a worker');
const send = (message: FromImporter) => port.postMessage(message);

let cancelled = false;
// The only message is a request to cancel.
port.on('message', () => {
  cancelled = true;
});

const result = await runImport(workerData as ImporterStart, {
  isCancelled: () => cancelled,
  onProgress: ({ done, total }) => send({ kind: 'progress', done, total }),
});
send({ kind: 'done', result });
port.close();
