import { basename, resolve } from 'node:path';
import { sourceName, standardInput, standardOutput } from '#session/convert/export/standard-streams.ts';
import { type Imported, importSession } from '#session/convert/import/import-session.ts';
import type { Reframed } from '#session/convert/reframe/reframe.ts';
import { printableJson } from '#shared/bytes/hidden.ts';
import { showControls } from '#shared/bytes/text.ts';
import { byteCount } from '#shared/bytes/units.ts';
import type { PageQuestionOutput } from '#shared/contract/questions/catalogue.ts';
import {
  exportFormatOf,
  exportOptionNames,
  type ExportOptions as FormatOptions,
  type SaveFormat,
} from '#shared/export/export-formats.ts';
import { ok, type Result } from '#shared/failure.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { reframedName } from '#workbench/session-files.ts';
import { version } from '#workbench/workbench.ts';
import { codeOf, finishOutput, type ScopeOptions, scopeOf, withSession } from './log-session.ts';
import { countOf, exitCodes, longWork, note, Output, reportFailure } from './output.ts';

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
    note(importSummary(value));
    return exitCodes.done;
  }
  const printed = new Output();
  printed.write(`${printableJson(value)}\n`);
  return finishOutput(printed);
}

function importSummary({ records, messages, sockets, bytes, path }: Imported): string {
  const counted = `${countOf(messages, 'message')} on ${countOf(sockets, 'socket')}`;
  return `${countOf(records, 'record')} (${counted}), ${byteCount(bytes)}, written to ${path}`;
}

export interface ReframeOptions {
  readonly framing: FramingSpec;
  /** The sockets whose streams are re-framed. Default: all. */
  readonly socket?: readonly number[] | undefined;
  /** The session file to create. */
  readonly output: string;
  /** Prints the result as one JSON object. */
  readonly json?: boolean | undefined;
}

/** Runs `wirebench log reframe`: creates a session with another framing. Returns the exit code. */
export function reframeLog(file: string, { framing, socket, output, json }: ReframeOptions): Promise<number> {
  return withSession(file, async (session) => {
    const work = longWork();
    const name = reframedName(session.name, framing);
    const path = resolve(output);
    const wanted = { framing, sockets: socket, path, name, appVersion: version };
    const reframed = await session.ask('reframe', wanted, work.job);
    work.end();
    if (!reframed.ok) {
      reportFailure(reframed.error);
      return exitCodes.failed;
    }
    if (!json) {
      note(reframeSummary(reframed.value));
      return exitCodes.done;
    }
    const printed = new Output();
    printed.write(`${printableJson(reframed.value)}\n`);
    return finishOutput(printed);
  });
}

function reframeSummary({ records, messages, sockets, bytes, path }: Reframed): string {
  const counted = `${countOf(messages, 'message')}; ${countOf(sockets, 'stream')} re-framed`;
  return `${countOf(records, 'record')} (${counted}), ${byteCount(bytes)}, written to ${path}`;
}

export interface FramingsOptions {
  /** The sockets whose streams are examined. Default: all. */
  readonly socket?: readonly number[] | undefined;
  /** Prints one JSON object. */
  readonly json?: boolean | undefined;
}

/** Runs `wirebench log framings`: guesses the framing of each recorded stream. Returns the exit code. */
export function logFramings(file: string, { socket, json }: FramingsOptions): Promise<number> {
  return withSession(file, async (session) => {
    const work = longWork();
    const guessed = await session.ask('guessFramings', { sockets: socket }, work.job);
    work.end();
    const output = new Output();
    if (!guessed.ok) return finishOutput(output, guessed.error);
    output.write(json ? `${printableJson(guessed.value)}\n` : guessed.value.flows.map(flowText).join(''));
    return finishOutput(output);
  });
}

/** Returns a heading for the flow and a line for each guess: `  len:2be:at4 (modbus)   6 messages`. */
function flowText({
  socket,
  peer,
  direction,
  bytes,
  guesses,
}: PageQuestionOutput<'guessFramings'>['flows'][number]): string {
  const head = `socket ${socket}${peer === '' ? '' : ` ${showControls(peer)}`} ${direction}, ${byteCount(bytes)}\n`;
  if (guesses.length === 0) return `${head}  no framing fits\n`;
  const lines = guesses.map(({ framing, protocols, messages, malformed }) => {
    const name = protocols.length === 0 ? framing : `${framing} (${protocols.join(', ')})`;
    const count = messages === 1 ? '1 message' : `${messages} messages`;
    return `  ${name.padEnd(30)} ${count}${malformed === 0 ? '' : `, ${malformed} malformed`}\n`;
  });
  return head + lines.join('');
}
