import { resolve } from 'node:path';
import { detectFile } from '#session/convert/import/detect-file.ts';
import type { Session } from '#session/session.ts';
import { openSessionLog } from '#session/session-log.ts';
import { showControls } from '#shared/bytes/text.ts';
import type { Scope } from '#shared/contract/models.ts';
import { importFormats } from '#shared/export/import-formats.ts';
import type { Failure } from '#shared/failure.ts';
import { exitCodes, note, type Output, reportFailure } from './output.ts';

/**
 * Opens the session in `file`, runs `job` with it, closes it and returns the exit code. Prints a note if the file is
 * incomplete or damaged; `job` then reads its intact part.
 */
export async function withSession(file: string, job: (session: Session) => Promise<number>): Promise<number> {
  const opened = await openSessionLog(resolve(file));
  if (!opened.ok) {
    reportFailure(opened.error.code === 'not-a-session' ? await importHint(file, opened.error) : opened.error);
    return exitCodes.failed;
  }
  const session = opened.value;
  try {
    if (session.notice !== '') note(session.notice);
    return await job(session);
  } finally {
    await session.close();
  }
}

/** Returns the failure with a hint to import the file if it is a capture or JSON lines. */
async function importHint(file: string, error: Failure): Promise<Failure> {
  const kind = await detectFile(resolve(file));
  if (!kind.ok || kind.value === 'wirebench') return error;
  const hint = `Import it into a session first: wirebench log import ${file} -o OUT.wirebench`;
  return { ...error, system: importFormats.find((format) => format.kind === kind.value)?.holds ?? '', hint };
}

/** Waits until the output is written, reports a failure if there is one, and returns the exit code. */
export async function finishOutput(output: Output, failure?: Failure): Promise<number> {
  await output.finish();
  const error = failure ?? output.failure;
  if (!error) return exitCodes.done;
  reportFailure(error);
  return codeOf(error);
}

/** Returns the exit code of a failure. An invalid filter or path is a usage error. */
export function codeOf(error: Failure): number {
  return error.code === 'bad-input' ? exitCodes.usage : exitCodes.failed;
}

/** The options of `log show`, `export` and `stats` that select records. */
export interface ScopeOptions {
  readonly filter?: string | undefined;
  readonly socket?: readonly number[] | undefined;
  readonly direction?: 'in' | 'out' | undefined;
}

/** Returns the options as the scope of an export. */
export function scopeOf({ filter, socket, direction }: ScopeOptions): Scope {
  return {
    ...(filter === undefined ? undefined : { filter }),
    ...(socket === undefined ? undefined : { sockets: [...socket] }),
    ...(direction === undefined ? undefined : { direction }),
  };
}

/** Returns the options as one filter; `undefined` if they select all records. */
export function filterOf({ filter, socket, direction }: ScopeOptions): string | undefined {
  const parts: string[] = [];
  if (filter !== undefined && filter.trim() !== '') parts.push(`(${filter})`);
  if (socket !== undefined) parts.push(`socket in {${socket.join(', ')}}`);
  if (direction !== undefined) parts.push(direction);
  // A filter alone stays as the user wrote it, because failures quote it.
  if (parts.length === 1 && socket === undefined && direction === undefined) return filter;
  return parts.length === 0 ? undefined : parts.join(' && ');
}

/**
 * Returns the error message for an invalid filter: the filter, a marker below the error, the reason and a hint, one line each. Loads the
 * parser, which is a large part of the program, only when needed.
 */
export async function filterProblem(text: string): Promise<string | undefined> {
  const { parseFilter } = await import('#shared/filter/parse.ts');
  const parsed = parseFilter(text);
  if (parsed.ok) return undefined;
  const { from, to, message, hint } = parsed.problem;
  const marks = '^'.repeat(Math.max(1, Math.min(to, text.length) - from));
  // Each control character becomes one symbol, so that the marker stays in place.
  const lines = [`  ${showControls(text)}`, `  ${' '.repeat(from)}${marks}`, message, hint];
  return `error: invalid filter\n${lines.filter((line) => line !== '').join('\n')}`;
}
