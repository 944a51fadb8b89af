// The worker that imports a capture or JSON lines into a session. It ends after its answer.
import { parentPort, workerData } from 'node:worker_threads';
import type { FromImporter, ImporterStart } from './imports/import-session.ts';
import { runImport } from './imports/run-import.ts';

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
