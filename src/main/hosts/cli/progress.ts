import type { JobOptions } from '#session/threads.ts';
import { onStopSignal } from '../stop-signal.ts';
import { canShowStatus, clearStatus, showStatus } from '../terminal.ts';

/** Shows progress if the error output is a terminal. Call `end` after the work. */
export function showProgress(): { readonly onProgress: (done: number, total: number) => void; end(): void } {
  const isTerminal = canShowStatus();
  let shown = '';
  return {
    onProgress(done, total) {
      if (!isTerminal) return;
      // The size of a pipe is unknown.
      const far = total > 0 ? `${Math.floor((done / total) * 100)} %` : `${Math.floor(done / 1_048_576)} MiB`;
      if (far === shown) return;
      showStatus(`${far} `);
      shown = far;
    },
    end() {
      if (shown !== '') clearStatus();
      shown = '';
    },
  };
}

/** Returns the options of long work: it shows progress, and Ctrl+C cancels it. Call `end` after the work. */
export function longWork(): { readonly job: Required<JobOptions>; end(): void } {
  const abort = new AbortController();
  onStopSignal(() => abort.abort());
  const { onProgress, end } = showProgress();
  return { job: { signal: abort.signal, onProgress }, end };
}
