import fs from 'node:fs';
import { extname, join } from 'node:path';
import { readRegularFile } from '#files/regular-file.ts';
import { printableJson } from '#shared/bytes/hidden.ts';
import { showControls } from '#shared/bytes/text.ts';
import { type Failure, fail, ok, type Result } from '#shared/failure.ts';
import { readDocument } from '#shared/payload/document-text.ts';
import { listProblems } from '#shared/payload/list-problems.ts';
import type { Problem } from '#shared/payload/problem.ts';
import { exitCodes } from './exit-codes.ts';
import { Output } from './output.ts';
import { maxPayloadBytes } from './payload.ts';
import { reportFailure } from './report.ts';
import { unreadable } from './unreadable.ts';

type DocumentFormat = 'json' | 'xml';

export interface CheckPayloadOptions {
  readonly format: 'auto' | DocumentFormat;
  readonly json?: boolean;
}

/** A file to check; `isNamed` where the user named it, not a folder that it is in. */
interface Candidate {
  readonly path: string;
  readonly isNamed: boolean;
}

/**
 * Checks the JSON and XML files at `paths` and writes a line for each that is wrong. Returns the exit code: `usage` where a path
 * could not be read, else `failed` where a document is wrong.
 */
export async function checkPayloads(paths: readonly string[], options: CheckPayloadOptions): Promise<number> {
  const output = new Output();
  let isWrong = false;
  let isUnread = false;
  const refuse = (error: Failure) => {
    isUnread = true;
    reportFailure(error);
  };
  for (const path of paths) {
    for await (const found of candidates(path)) {
      if (output.gone) break;
      const checked = found.ok ? await check(found.value, options.format) : found;
      if (!checked.ok) refuse(checked.error);
      else if (checked.value !== undefined) {
        isWrong = true;
        output.write(options.json ? `${printableJson(checked.value)}\n` : lineOf(checked.value));
        await output.ready();
      }
    }
  }
  await output.finish();
  if (output.failure) refuse(output.failure);
  if (isUnread) return exitCodes.usage;
  return isWrong ? exitCodes.failed : exitCodes.done;
}

/** What is wrong with one document. */
interface Verdict {
  readonly path: string;
  readonly format: DocumentFormat;
  readonly problems: readonly Omit<Problem, 'at' | 'length'>[];
}

function lineOf({ path, problems }: Verdict): string {
  const first = problems.find(({ severity }) => severity === 'error');
  // The path and the document have a part in it: nothing of them may act on the terminal.
  return `${showControls(`${path}:${first?.line}:${first?.column}: ${first?.message}`)}\n`;
}

/** Gives the files at `path` in the order of their names, and a failure for what cannot be read. */
async function* candidates(path: string): AsyncGenerator<Result<Candidate>> {
  const waiting: Candidate[] = [{ path, isNamed: true }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    try {
      const stats = await fs.promises.stat(next.path);
      if (stats.isDirectory()) {
        const entries = await fs.promises.readdir(next.path, { withFileTypes: true });
        const folder = next.path;
        const inside = entries
          .filter((entry) => !entry.name.startsWith('.') && isSearched(entry))
          .map(({ name }) => ({ path: join(folder, name), isNamed: false }))
          .sort((left, right) => (left.path < right.path ? 1 : -1));
        waiting.push(...inside);
      } else if (!stats.isFile()) {
        yield fail('bad-input', `Could not check ${next.path}`, {
          system: 'It is neither a file nor a folder',
          hint: 'Name a file or a folder.',
        });
      } else if (stats.size > maxPayloadBytes) {
        yield fail('too-large', `Could not check ${next.path}`, {
          system: `It has ${stats.size} bytes, and the maximum is ${maxPayloadBytes}`,
          hint: 'Split the document.',
        });
      } else yield ok(next);
    } catch (error) {
      yield isNotUtf8(next.path, error) ? notUtf8(next.path) : unreadable(next.path, error);
    }
  }
}

/** True where Node has replaced bytes of a name that are no UTF-8: the path that it gives then leads to nothing. */
function isNotUtf8(path: string, error: unknown): boolean {
  return path.includes('\ufffd') && error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function notUtf8(path: string): Result<never> {
  const system = 'Its name is not UTF-8, so it cannot be opened';
  return fail('bad-input', `Could not read ${path}`, { system, hint: 'Rename it.' });
}

/** Checks one file; `undefined` where nothing is wrong with it, or it is no document of `format`. */
async function check(
  { path, isNamed }: Candidate,
  format: CheckPayloadOptions['format'],
): Promise<Result<Verdict | undefined>> {
  let bytes: Uint8Array;
  try {
    bytes = await readRegularFile(path, maxPayloadBytes);
  } catch (error) {
    return unreadable(path, error);
  }
  const known = format === 'auto' ? (formatByName(path) ?? formatByContent(bytes)) : format;
  if (known === undefined) {
    if (!isNamed) return ok(undefined);
    const system = 'Neither its extension nor its first character says whether it is JSON or XML';
    return fail('bad-input', `Could not check ${path}`, { system, hint: 'Add --format json or --format xml.' });
  }
  const read = readDocument(known, bytes);
  const problems: readonly Problem[] = read.ok
    ? listProblems(known, read.value, maxPayloadBytes)
    : [{ ...read.problem, severity: 'error', message: read.problem.reason }];
  if (!problems.some(({ severity }) => severity === 'error')) return ok(undefined);
  const listed = problems.map(({ line, column, severity, message }) => ({ line, column, severity, message }));
  return ok({ path, format: known, problems: listed });
}

/** True for files and folders, and for what has the name of a document and is neither: it is refused, not passed over. */
function isSearched(entry: fs.Dirent): boolean {
  if (entry.isFile() || entry.isDirectory()) return true;
  return !entry.isSymbolicLink() && formatByName(entry.name) !== undefined;
}

function formatByName(path: string): DocumentFormat | undefined {
  const extension = extname(path).toLowerCase();
  if (extension === '.json') return 'json';
  return extension === '.xml' ? 'xml' : undefined;
}

/** What begins with `{` or `[` is meant as JSON, what begins with `<` as XML. */
function formatByContent(bytes: Uint8Array): DocumentFormat | undefined {
  const start = new TextDecoder().decode(bytes.subarray(0, 1_024)).trimStart()[0];
  if (start === '{' || start === '[') return 'json';
  return start === '<' ? 'xml' : undefined;
}
