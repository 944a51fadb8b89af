import type { Failure } from '#shared/contract/failure.ts';

/** Writes a failure to the error output, its parts on a line each: what was tried, what the system said, what to do. */
export function reportFailure({ message, system, hint }: Failure): void {
  const lines = [sentence(message), system === '' ? '' : `  ${sentence(system)}`, hint === '' ? '' : `  ${hint}`];
  process.stderr.write(`${lines.filter((line) => line !== '').join('\n')}\n`);
}

/** Writes a line beside the results, for people. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
