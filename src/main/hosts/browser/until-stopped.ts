import { fstatSync } from 'node:fs';
import { onStopSignal } from '../stop-signal.ts';

/** The other end of our standard input, as long as there is one. */
interface Parent {
  /** Resolves when it goes from now on; never where it was gone already (`</dev/null`, `echo | wirebench`). */
  untilGone(): Promise<void>;
}

/** Starts to watch the standard input, where it is a pipe that a parent holds: it ends when the parent does. */
export function watchParent(): Parent {
  let gone = !isPipe(0);
  if (!gone) {
    process.stdin.once('close', () => {
      gone = true;
    });
    process.stdin.on('error', () => {});
    process.stdin.resume();
    process.stdin.unref?.();
  }
  return { untilGone: () => new Promise((resolve) => !gone && process.stdin.once('close', resolve)) };
}

/** Resolves when somebody wants this process to end: a signal (`onStopSignal`), or a parent that goes. */
export function untilStopped(parent: Parent): Promise<void> {
  return new Promise((resolve) => {
    onStopSignal(resolve);
    void parent.untilGone().then(resolve);
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
