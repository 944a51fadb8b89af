import { showControls } from '#shared/bytes/text.ts';
import type { Failure } from '#shared/failure.ts';
import { printError } from '../terminal.ts';
import { exitCodes } from './exit-codes.ts';

/**
 * Writes a failure to the error output, its parts on a line each: what was tried, what the system said, what to do. Of a
 * certificate that was not believed, how to trust it all the same. `verbose`: also what was looked at to find the cause.
 */
export function reportFailure(error: Failure, verbose = false): void {
  const { message, system, hint, certificate, checks = [] } = error;
  const lines = [sentence(message), system === '' ? '' : `  ${sentence(system)}`, hint === '' ? '' : `  ${hint}`];
  if (verbose) lines.push(...checks.map((check) => `    ${sentence(check)}`));
  if (certificate) {
    lines.push(
      `  The certificate is of ${certificate.subject}, from ${certificate.issuer}.`,
      `  To trust it, and only it: --trust ${certificate.fingerprint}`,
    );
  }
  // Peers, and files, have a part in the words: nothing of them may act on the terminal.
  const shown = lines
    .filter((line) => line !== '')
    .flatMap((line) => line.split('\n'))
    .map(showControls);
  printError(shown.join('\n'));
}

/** Tells of wrong usage as commander does; gives the exit code. */
export function refuse({ message }: Failure): number {
  note(`error: ${message}\n(add --help for how it is used)`);
  return exitCodes.usage;
}

/** Writes a line beside the results, for people; nothing in it acts on the terminal. */
export function note(text: string): void {
  printError(text);
}

/** Writes a count with its noun: `1 record`, `2 records`. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
