// Records in a loop until it is killed: messages that begin with their own number, 10 a turn, each turn brought by one
// read; every 50th turn has a long one. Says on stdout, each 10 ms, how many were recorded and how many of them are in
// the file as far as its writer has said, and
// prints what the session says of itself when recording has failed.
// usage: recording-child.ts FILE [TURNS]
import { setTimeout } from 'node:timers/promises';
import { createSessionLog } from '#session/session-log.ts';
import { Boundaries } from '#shared/message/boundaries.ts';

const created = createSessionLog({ path: process.argv[2] ?? '', name: 'child', appVersion: 'test' });
if (!created.ok) throw new Error(created.error.message);
const log = created.value;
const turns = Number(process.argv[3] ?? Number.POSITIVE_INFINITY);
const perTurn = 10;
const size = 1_000;
const longSize = 400_000;
const none = new Uint8Array(0);
let next = 0;
// The writer is at work.
await log.flush();

for (let turn = 1; turn <= turns; turn += 1) {
  const boundaries = new Boundaries();
  const last = turn % 50 === 0 ? longSize : size;
  const chunk = Buffer.alloc((perTurn - 1) * size + last, '.');
  for (let index = 0; index < perTurn; index += 1) {
    chunk.write(String(next + index), index * size);
    boundaries.push(index === perTurn - 1 ? chunk.length : (index + 1) * size, 0, 0, 0);
  }
  log.read(1, Date.now(), chunk.length);
  next = log.messages(1, 'in', Date.now(), none, chunk, boundaries) + perTurn;
  if (log.state === 'failed') {
    await log.close();
    process.stdout.write(`${JSON.stringify(log.view())}\n`);
    break;
  }
  process.stdout.write(`${JSON.stringify({ recorded: next, written: log.total })}\n`);
  await setTimeout(10);
}
await log.close();
