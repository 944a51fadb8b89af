import { writeSync } from 'node:fs';
import { inspect } from 'node:util';
import { showLines } from '#shared/bytes/text.ts';
import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import { failureText } from '#shared/failure.ts';

/*
 * All messages of a host pass through this file. They can contain text from peers, files and pages, which must not control the
 * terminal. The results of a command pass through `cli/output.ts`, exports to the standard output through `TargetFile` in the
 * reader thread. A test checks that no other file writes to the standard streams.
 */

/** Writes one or more lines to the standard output. */
export function printLine(text: string): void {
  process.stdout.write(`${showLines(text)}\n`);
}

/** Writes one or more lines to the error output. */
export function printError(text: string): void {
  process.stderr.write(`${showLines(text)}\n`);
}

/** Reports a bug on the error output: `what` failed, and the stack of `error`. */
export function printUnexpected(what: string, error: unknown): void {
  printError(`${what}: ${inspect(error)}`);
}

/** Returns true if the error output is a terminal, so that progress can be shown. */
export function canShowStatus(): boolean {
  return process.stderr.isTTY === true;
}

/** Replaces the progress line. Call it for a terminal only. */
export function showStatus(text: string): void {
  process.stderr.write(`\r${showLines(text)}`);
}

/** Clears the progress line. Call it for a terminal only. */
export function clearStatus(): void {
  process.stderr.write(`\r${' '.repeat(16)}\r`);
}

/** Maximum wait for readers of the standard streams after a stop signal. */
const maxFlushMs = 500;

/** Ends the process with `exitCode` after its output is written. Open sockets and timers do not delay the end. */
export function exitWhenWritten(exitCode: number): void {
  const exit = () => process.exit(exitCode);
  process.stderr.write('', () => process.stdout.write('', exit));
  if (stopRequested()) setTimeout(exit, maxFlushMs);
}

/** Ignores errors of the standard streams, which occur when their reader closes them (`| head -1`). `Output` handles them for commands. */
export function ignoreClosedReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}

/**
 * Returns a subscriber to a workbench's events. It reports through `say`, once per failure, that a recording has failed and what the user
 * can do while the program runs, and reports when that recording continues.
 */
export function recordingNotices(say: (text: string) => void): (event: WorkbenchEvent) => void {
  const failed = new Set<string>();
  return (event) => {
    if (event.kind !== 'sessions') return;
    for (const { id, state, error, path } of event.changed) {
      if (state === 'failed' && !failed.has(id)) {
        failed.add(id);
        const reason = error === undefined ? `Could not write to “${path}”` : failureText(error);
        say(`${reason}\nIn the window, retry or record to a different file: the records in memory are not lost yet.`);
      } else if (state === 'recording' && failed.delete(id)) {
        say(`Recording continues in “${path}”.`);
      }
    }
  };
}

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
