// Makes a session while only a few descriptors are left, and records to it; then frees them, and has the session retried or closed.
// Prints what the session says of itself, as JSON: without descriptors, and at the end.
// usage: descriptors-child.ts FILE FREE retry|close
import { closeSync, openSync } from 'node:fs';
import { createSessionLog } from '#session/session-log.ts';
import { acceptedSocket, recordLines } from './session.ts';

const [path = '', free = '', then = ''] = process.argv.slice(2);
const used: number[] = [];
try {
  for (;;) used.push(openSync('/dev/null', 'r'));
} catch {
  for (const fd of used.splice(-Number(free))) closeSync(fd);
}
const created = createSessionLog({ path, name: 'child', appVersion: 'test' });
if (!created.ok) throw new Error(created.error.message);
const log = created.value;
log.describe(acceptedSocket);
recordLines(log, 1_000);
await log.flush();
recordLines(log, 1_000);
const refused = await log.retry();
const without = { state: log.state, error: log.error, refused };
for (const fd of used) closeSync(fd);
const retried = then === 'retry' ? await log.retry() : undefined;
const state = log.state;
recordLines(log, 1_000);
await log.close();
console.log(JSON.stringify({ without, retried, state, loss: log.loss, total: log.total }));
