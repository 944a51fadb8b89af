import { basename, resolve } from 'node:path';
import { sourceName, standardInput } from '#session/convert/export/standard-streams.ts';
import { type Imported, importSession } from '#session/convert/import/import-session.ts';
import { printableJson } from '#shared/bytes/hidden.ts';
import { byteCount } from '#shared/bytes/units.ts';
import { version } from '#workbench/version.ts';
import { finishOutput } from './log-session.ts';
import { Output } from './output.ts';
import { countOf, exitCodes, longWork, note, reportFailure } from './report.ts';

interface ImportOptions {
  /** The session file to create. */
  readonly output: string;
  /** The name of the session. Default: the name of the source. */
  readonly name?: string | undefined;
  /** Prints the result as one JSON object. */
  readonly json?: boolean | undefined;
}

/** Maximum length of a session's name, as in the app. */
const maxName = 120;

/** Runs `wirebench log import`: creates a session from a capture or from JSON lines (`-`: the standard input). Returns the exit code. */
export async function importLog(source: string, { output, name, json }: ImportOptions): Promise<number> {
  // Accessing `process.stdin` also opens a pipe in non-blocking mode, so that waiting for it can be cancelled.
  if (source === '-' && process.stdin.isTTY) {
    note('The standard input is a terminal. Specify a file, or redirect one: wirebench log import - -o OUT < FILE');
    return exitCodes.usage;
  }
  const path = source === '-' ? standardInput : resolve(source);
  const title = name ?? (source === '-' ? basename(output, '.wirebench') : sourceName(path));
  const work = longWork();
  const imported = await importSession({
    source: path,
    target: resolve(output),
    name: title.slice(0, maxName) || 'import',
    appVersion: version,
    ...work.job,
  });
  work.end();
  if (!imported.ok) {
    reportFailure(imported.error);
    return exitCodes.failed;
  }
  const { value } = imported;
  if (value.notice !== '') note(value.notice);
  if (!json) {
    note(summary(value));
    return exitCodes.done;
  }
  const printed = new Output();
  printed.write(`${printableJson(value)}\n`);
  return finishOutput(printed);
}

function summary({ records, messages, sockets, bytes, path }: Imported): string {
  const counted = `${countOf(messages, 'message')} on ${countOf(sockets, 'socket')}`;
  return `${countOf(records, 'record')} (${counted}), ${byteCount(bytes)}, written to ${path}`;
}
