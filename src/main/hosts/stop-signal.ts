import { writeSync } from 'node:fs';

/** Signals within this time count as one request: the terminal, `npm` and `npx` each forward Ctrl+C to this process. */
const togetherMs = 500;
/** Time between the first signal and SIGKILL. The documentation promises an end within 5 s. */
const deadlineMs = 4_500;

let requested = false;

/** Returns true after a stop signal. From then on, no code may wait for a reader or a peer without a time limit. */
export function stopRequested(): boolean {
  return requested;
}

/**
 * Calls `stop` once, at the first stop signal: Ctrl+C, `kill`, a closed terminal. A second Ctrl+C ends the process
 * immediately. 4.5 s after the first signal, the process is killed.
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

/** Kills the process. `exit()` would wait for every thread, also for one that is blocked by a disk. */
function endNow(): void {
  try {
    writeSync(2, 'Wirebench did not end in time and was killed: a disk or another program blocked it.\n');
  } catch {
    // The error output is closed.
  }
  process.kill(process.pid, 'SIGKILL');
}
