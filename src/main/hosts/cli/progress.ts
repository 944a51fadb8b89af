import type { TaskOptions } from '#session/session.ts';
import { onStopSignal } from '../stop-signal.ts';

/** Shows on a terminal, and only there, how far long work is; Ctrl+C cancels it. Call `end` when it is done. */
export function longWork(): { readonly task: Required<TaskOptions>; end(): void } {
  const abort = new AbortController();
  onStopSignal(() => abort.abort());
  const isTerminal = process.stderr.isTTY === true;
  let isShown = false;
  const onProgress = (done: number, total: number) => {
    if (!isTerminal) return;
    // Of a pipe the size is not known.
    const far = total > 0 ? `${Math.floor((done / total) * 100)} %` : `${Math.floor(done / 1_048_576)} MiB`;
    process.stderr.write(`\r${far} `);
    isShown = true;
  };
  return {
    task: { signal: abort.signal, onProgress },
    end: () => {
      if (isShown) process.stderr.write(`\r${' '.repeat(16)}\r`);
    },
  };
}
