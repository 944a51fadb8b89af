import type { JobOptions } from '#session/threads.ts';
import { showControls } from '#shared/bytes/text.ts';
import type { Failure } from '#shared/failure.ts';
import { onStopSignal } from '../stop-signal.ts';
import { canShowStatus, clearStatus, printError, showStatus } from '../terminal.ts';

/** Exit codes: success; the command failed (refused, reset, expectation unmet); usage error. */
export const exitCodes = { done: 0, failed: 1, usage: 2 } as const;

/**
 * Writes a failure to the error output, each part on its own line: what was tried, what the system said, what to do next. For
 * an untrusted certificate, it adds the option that trusts it. `verbose` adds the checks that were made to find the cause.
 */
export function reportFailure(error: Failure, verbose = false): void {
  const { message, system, hint, certificate, checks = [] } = error;
  const lines = [sentence(message), system === '' ? '' : `  ${sentence(system)}`, hint === '' ? '' : `  ${hint}`];
  if (verbose) lines.push(...checks.map((check) => `    ${sentence(check)}`));
  if (certificate) {
    lines.push(
      `  Certificate subject: ${certificate.subject}; issuer: ${certificate.issuer}.`,
      `  To trust only this certificate: --trust ${certificate.fingerprint}`,
    );
  }
  // The lines can contain text from peers and files, which must not control the terminal.
  const shown = lines
    .filter((line) => line !== '')
    .flatMap((line) => line.split('\n'))
    .map(showControls);
  printError(shown.join('\n'));
}

/** Reports a usage error as commander does. Returns the exit code. */
export function refuse({ message }: Failure): number {
  note(`error: ${message}\n(use --help for usage)`);
  return exitCodes.usage;
}

/** Writes a line to the error output, with control characters shown as symbols. */
export function note(text: string): void {
  printError(text);
}

/** Formats a count with its noun: `1 record`, `2 records`. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

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
