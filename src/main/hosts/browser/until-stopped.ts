import { fstatSync } from 'node:fs';

/**
 * Waits until somebody wants this process to end: Ctrl+C, `kill`, a terminal that is closed, or a parent that goes and
 * takes its end of our standard input with it. An input that had ended before this is called (`</dev/null`, say) means
 * nothing. A second Ctrl+C meanwhile ends the process at once.
 */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      process.on('SIGINT', () => process.exit(130));
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
    if (isPipe(0)) {
      let ready = false;
      // What is already at its end says so before the next turn but one of the event loop.
      const armed = setTimeout(() => {
        ready = true;
      }, 250);
      process.stdin.once('end', () => {
        clearTimeout(armed);
        if (ready) stop();
      });
      process.stdin.on('error', () => {});
      process.stdin.resume();
      process.stdin.unref?.();
    }
  });
}

function isPipe(descriptor: number): boolean {
  try {
    const stats = fstatSync(descriptor);
    return stats.isFIFO() || stats.isSocket();
  } catch {
    return false;
  }
}
