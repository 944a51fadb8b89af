// Loaded into a program under test with `--import`: a disk that is slow, or hangs. Each call that writes to a file in a thread of the
// session waits for `SLOW_DISK_MS` before it is made (forever where that is `stuck`), but for the first `SLOW_DISK_AFTER` of them.
// The thread is blocked in the call, as the system would block it.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { isMainThread } from 'node:worker_threads';

const { SLOW_DISK_MS = '', SLOW_DISK_AFTER = '0' } = process.env;
const delayMs = SLOW_DISK_MS === 'stuck' ? Number.POSITIVE_INFINITY : Number(SLOW_DISK_MS);
const asleep = new Int32Array(new SharedArrayBuffer(4));
/** Higher descriptors are of files. */
const standardErrorFd = 2;
let calls = 0;

/** What a disk that hangs writes to the error output when it does. */
export const holding = 'the disk hangs';

function slowed<Args extends [number, ...unknown[]], Value>(call: (...args: Args) => Value): (...args: Args) => Value {
  return (...args) => {
    if (args[0] > standardErrorFd) {
      calls += 1;
      if (calls > Number(SLOW_DISK_AFTER)) hold();
    }
    return call(...args);
  };
}

const { writeSync } = fs;

function hold(): void {
  if (delayMs === Number.POSITIVE_INFINITY) writeSync(standardErrorFd, `${holding}\n`);
  Atomics.wait(asleep, 0, 0, delayMs);
}

if (!isMainThread && SLOW_DISK_MS !== '') {
  Object.assign(fs, {
    writeSync: slowed(fs.writeSync as (fd: number, ...args: unknown[]) => number),
    writevSync: slowed(fs.writevSync as (fd: number, ...args: unknown[]) => number),
    fsyncSync: slowed(fs.fsyncSync),
    fdatasyncSync: slowed(fs.fdatasyncSync),
  });
  syncBuiltinESMExports();
}
