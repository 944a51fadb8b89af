// Records in a loop until it is killed: messages that carry their own number, 10 a turn. Says on stdout, each 10 ms
// and at the end, how many were recorded, and prints what the session says of itself when recording has failed.
// usage: recording-child.ts FILE
import { setTimeout } from 'node:timers/promises';
import { createSessionLog } from '#session/session-log.ts';
import { Cuts } from '#shared/framing/cuts.ts';

const created = createSessionLog({ path: process.argv[2] ?? '', name: 'child', appVersion: 'test' });
if (!created.ok) throw new Error(created.error.message);
const log = created.value;
const perTurn = 10;
const size = 1_000;
const none = new Uint8Array(0);
let next = 0;

for (;;) {
  const cuts = new Cuts();
  const chunk = Buffer.alloc(perTurn * size, '.');
  for (let index = 0; index < perTurn; index += 1) {
    chunk.write(String(next + index), index * size);
    cuts.push((index + 1) * size, 0, 0, 0);
  }
  next = log.run(1, 'in', Date.now(), none, chunk, cuts) + perTurn;
  if (log.state === 'failed') {
    await log.close();
    process.stdout.write(`${JSON.stringify(log.view())}\n`);
    break;
  }
  process.stdout.write(`${JSON.stringify({ recorded: next, at: Date.now() })}\n`);
  await setTimeout(10);
}
