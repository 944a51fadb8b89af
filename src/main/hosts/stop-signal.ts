import { writeSync } from 'node:fs';

/** Signals that come together are one wish: the terminal, `npm` and `npx` all hand Ctrl+C on to us. */
const togetherMs = 500;
/** A process that was asked to end has ended so long after that, whatever holds it: within the 5 s that are promised. */
const deadlineMs = 4_500;

let requested = false;

/** Returns true once somebody has asked this process to end: nothing is to wait for a reader or a peer without a limit then. */
export function stopRequested(): boolean {
  return requested;
}

/**
 * Calls `stop` once when somebody wants the job to end: Ctrl+C, `kill`, a closed terminal. A second Ctrl+C, for which
 * stopping takes too long, ends the process at once. 4.5 s after the first one the process ends in any case.
 */
export function onStopSignal(stop: () => void): void {
  let askedAt: number | undefined;
  const listener = () => {
    if (askedAt === undefined) {
      askedAt = performance.now();
      requested = true;
      setTimeout(endNow, deadlineMs).unref();
      stop();
    } else if (performance.now() - askedAt > togetherMs) {
      process.exit(130);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, listener);
}

/** Not by `exit()`, which waits for each thread: one that a disk holds would hold the process too. */
function endNow(): void {
  try {
    writeSync(2, 'Wirebench did not end in time and was killed: a disk or another program holds it.\n');
  } catch {
    // Nobody reads it.
  }
  process.kill(process.pid, 'SIGKILL');
}
