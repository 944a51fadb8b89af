import { resolve } from 'node:path';
import { standardOutput } from '#session/convert/export/standard-streams.ts';
import { byteCount } from '#shared/bytes/units.ts';
import {
  exportFormatOf,
  exportOptionNames,
  type ExportOptions as FormatOptions,
  type SaveFormat,
} from '#shared/export/export-formats.ts';
import { ok, type Result } from '#shared/failure.ts';
import { codeOf, type ScopeOptions, scopeOf, withSession } from './log-session.ts';
import { exitCodes, longWork, note, reportFailure } from './report.ts';

export interface ExportOptions extends ScopeOptions, FormatOptions {
  readonly format: SaveFormat;
  /** The file to write. Default: the standard output. */
  readonly output?: string | undefined;
}

/**
 * Runs `wirebench log export`: writes the selected records of a session. The reader thread writes them, also to the standard
 * output, so a slow consumer of the output slows down reading and only a few records are in memory. Returns the exit code.
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
    // Printing has no file to delete: Ctrl+C ends the process.
    const work = isPrinted ? undefined : longWork();
    const copy = { format, path: target.value, scope: scopeOf(options), ...switchesOf(options) };
    const saved = await session.ask('save', copy, work?.job);
    work?.end();
    if (!saved.ok) {
      // The consumer of the output may close it early (`| head -1`).
      if (isPrinted && saved.error.code === 'closed') return exitCodes.done;
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
    const hint = 'Specify a file with -o.';
    const system = needsFile;
    return { ok: false, error: { code: 'bad-input', message, system, hint } };
  }
  return ok(standardOutput);
}

function switchesOf(options: ExportOptions): FormatOptions {
  return Object.fromEntries(exportOptionNames.map((name) => [name, options[name]]));
}
