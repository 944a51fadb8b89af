import { inspect } from 'node:util';
import { showLines } from '#shared/bytes/text.ts';
import { stopRequested } from './stop-signal.ts';

/*
 * All that a host says beside the results of a command goes through here: peers, files and pages have a part in the words, and
 * nothing of them may act on a terminal. What a command gives out goes through `cli/output.ts`, and what the reader thread
 * exports to the standard output through `TargetFile`. Nothing else writes to the standard streams; a test looks for it.
 */

/** Writes a line, or several, to the standard output. */
export function printLine(text: string): void {
  process.stdout.write(`${showLines(text)}\n`);
}

/** Writes a line, or several, to the error output. */
export function printError(text: string): void {
  process.stderr.write(`${showLines(text)}\n`);
}

/** Writes to the error output that `what` failed by a bug, with the stack of `error`. */
export function printUnexpected(what: string, error: unknown): void {
  printError(`${what}: ${inspect(error)}`);
}

/** Returns true where the error output is a terminal, on which progress can be shown. */
export function canShowStatus(): boolean {
  return process.stderr.isTTY === true;
}

/** Replaces the line that shows progress. Only for a terminal. */
export function showStatus(text: string): void {
  process.stderr.write(`\r${showLines(text)}`);
}

/** Clears the line that shows progress. Only for a terminal. */
export function clearStatus(): void {
  process.stderr.write(`\r${' '.repeat(16)}\r`);
}

/** How long the readers of what was said last have where the process was asked to end. Milliseconds. */
const lastWordsMs = 500;

/** Ends the process with `exitCode` when all that was written is handed over; nothing that is still open keeps it. */
export function exitWhenWritten(exitCode: number): void {
  const exit = () => process.exit(exitCode);
  process.stderr.write('', () => process.stdout.write('', exit));
  // A reader that takes nothing does not hold a process that was asked to end.
  if (stopRequested()) setTimeout(exit, lastWordsMs);
}

/** Lets a reader that has gone (`| head -1`) be no error; `Output` tells the command, where it matters. */
export function allowGoneReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}
