import { basename, resolve } from 'node:path';
import { standardInput } from '#session/exports/standard-streams.ts';
import { type Imported, importSession } from '#session/imports/import-session.ts';
import { sourceName } from '#session/imports/source-file.ts';
import { printableJson } from '#shared/bytes/hidden.ts';
import { byteCount } from '#shared/bytes/units.ts';
import { version } from '#workbench/version.ts';
import { exitCodes } from './exit-codes.ts';
import { finishOutput } from './open-session.ts';
import { Output } from './output.ts';
import { longWork } from './progress.ts';
import { countOf, note, reportFailure } from './report.ts';

export interface ImportOptions {
  /** The session file to make. */
  readonly output: string;
  /** The session's name; the source's where it is left out. */
  readonly name?: string | undefined;
  /** Prints what came in as one JSON object. */
  readonly json?: boolean | undefined;
}

/** The longest name of a session, as the app has it. */
const maxName = 120;

/** `wirebench log import`: makes a session of a capture or of JSON lines (`-`: the standard input). Gives the exit code. */
export async function importLog(source: string, { output, name, json }: ImportOptions): Promise<number> {
  // Asked for here, a pipe is opened so that waiting for it can be ended.
  if (source === '-' && process.stdin.isTTY) {
    note('The standard input is a terminal. Name a file, or redirect one: wirebench log import - -o OUT < FILE');
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
    ...work.task,
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
