import type { TaskOptions } from '#session/task.ts';
import { onStopSignal } from '../stop-signal.ts';
import { canShowStatus, clearStatus, showStatus } from '../terminal.ts';

/** Shows on a terminal, and only there, how far something is. Call `end` when it is done. */
export function showProgress(): { readonly onProgress: (done: number, total: number) => void; end(): void } {
  const isTerminal = canShowStatus();
  let shown = '';
  return {
    onProgress(done, total) {
      if (!isTerminal) return;
      // Of a pipe the size is not known.
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

/** Long work that shows how far it is; Ctrl+C cancels it. Call `end` when it is done. */
export function longWork(): { readonly task: Required<TaskOptions>; end(): void } {
  const abort = new AbortController();
  onStopSignal(() => abort.abort());
  const { onProgress, end } = showProgress();
  return { task: { signal: abort.signal, onProgress }, end };
}
