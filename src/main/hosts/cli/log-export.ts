import { resolve } from 'node:path';
import { standardOutput } from '#session/exports/standard-streams.ts';
import { byteCount } from '#shared/bytes/units.ts';
import {
  exportFormatOf,
  exportOptionNames,
  type ExportOptions as FormatOptions,
  type SaveFormat,
} from '#shared/export/export-formats.ts';
import { ok, type Result } from '#shared/failure.ts';
import { exitCodes } from './exit-codes.ts';
import { type ScopeOptions, scopeOf } from './log-scope.ts';
import { codeOf, withSession } from './open-session.ts';
import { longWork } from './progress.ts';
import { note, reportFailure } from './report.ts';

export interface ExportOptions extends ScopeOptions, FormatOptions {
  readonly format: SaveFormat;
  /** The file to write; the standard output where it is left out. */
  readonly output?: string | undefined;
}

/**
 * `wirebench log export`: writes the chosen records of a session, whole. The session's reader writes them itself, also to
 * the standard output: so a slow reader of ours slows it, and the memory holds no more than a few of them.
 */
export function exportLog(file: string, options: ExportOptions): Promise<number> {
  const { format } = options;
  return withSession(file, async (session) => {
    const target = targetOf(options);
    if (!target.ok) {
      reportFailure(target.error);
      return exitCodes.usage;
    }
    const isPrinted = target.value === standardOutput;
    // What is printed leaves nothing to take away: Ctrl+C then simply ends the process.
    const work = isPrinted ? undefined : longWork();
    const copy = { format, path: target.value, scope: scopeOf(options), ...switchesOf(options) };
    const saved = await session.ask('save', copy, work?.task);
    work?.end();
    if (!saved.ok) {
      // A reader that goes away (`| head -1`) has what it wanted.
      if (isPrinted && saved.error.system.includes('EPIPE')) return exitCodes.done;
      reportFailure(saved.error);
      return codeOf(saved.error);
    }
    const { records, bytes } = saved.value;
    if (!isPrinted) note(`${records} records, ${byteCount(bytes)}, written to ${saved.value.path}`);
    return exitCodes.done;
  });
}

function targetOf({ format, output }: ExportOptions): Result<string> {
  if (output !== undefined) return ok(resolve(output));
  const { needsFile } = exportFormatOf(format);
  if (needsFile !== undefined) {
    const message = `Could not print the session as ${format}`;
    const hint = 'Name a file with -o.';
    const system = needsFile;
    return { ok: false, error: { code: 'bad-input', message, system, hint } };
  }
  return ok(standardOutput);
}

function switchesOf(options: ExportOptions): FormatOptions {
  return Object.fromEntries(exportOptionNames.map((name) => [name, options[name]]));
}
