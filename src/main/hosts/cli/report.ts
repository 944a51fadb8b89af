import { showControls } from '#shared/bytes/text.ts';
import type { Failure } from '#shared/failure.ts';
import { printError } from '../terminal.ts';
import { exitCodes } from './exit-codes.ts';

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
