import { fstatSync } from 'node:fs';
import { onStopSignal } from '../stop-signal.ts';

/** The process at the other end of the standard input, if there is one. */
interface Parent {
  /** Resolves when it ends. Never resolves if it had ended before (`</dev/null`, `echo | wirebench`). */
  untilGone(): Promise<void>;
}

/** Starts to watch the standard input if it is a pipe, which closes when the parent process ends. */
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

/** Resolves at a stop signal (`onStopSignal`), or when the parent process ends. */
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
