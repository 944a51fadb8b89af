import fs from 'node:fs';
import { extname, join } from 'node:path';
import { readRegularFile } from '#files/regular-file.ts';
import { printableJson } from '#shared/bytes/hidden.ts';
import { showControls } from '#shared/bytes/text.ts';
import { type Failure, fail, ok, type Result } from '#shared/failure.ts';
import { readDocument } from '#shared/payload/document-text.ts';
import { listProblems } from '#shared/payload/list-problems.ts';
import type { Problem } from '#shared/payload/problem.ts';
import { maxPayloadBytes, unreadable } from './input.ts';
import { exitCodes, Output, reportFailure } from './output.ts';
import { SchemaChecker, type SchemaChoice } from './schema-check.ts';

type DocumentFormat = 'json' | 'xml';

export interface CheckPayloadOptions {
  readonly format: 'auto' | DocumentFormat;
  readonly json?: boolean;
  /** The schema of JSON documents. */
  readonly schema: SchemaChoice;
}

/** A file to check. `isNamed`: the user named the file itself, not a folder that contains it. */
interface Candidate {
  readonly path: string;
  readonly isNamed: boolean;
}

/**
 * Checks the JSON and XML files at `paths` and prints a line for each invalid one. Returns the exit code: `usage` if a path
 * could not be read, otherwise `failed` if a document is invalid.
 */
export async function checkPayloads(paths: readonly string[], options: CheckPayloadOptions): Promise<number> {
  const output = new Output();
  const checker = new SchemaChecker(options.schema);
  let hasInvalid = false;
  let hasUnreadable = false;
  const refuse = (error: Failure) => {
    hasUnreadable = true;
    reportFailure(error);
  };
  for await (const checked of verdicts(paths, options.format, checker)) {
    if (output.gone) break;
    if (!checked.ok) {
      refuse(checked.error);
    } else if (checked.value !== undefined) {
      hasInvalid = true;
      output.write(options.json ? `${printableJson(checked.value)}\n` : lineOf(checked.value));
      await output.ready();
    }
  }
  await checker.close();
  await output.finish();
  if (output.failure) refuse(output.failure);
  if (hasUnreadable) return exitCodes.usage;
  return hasInvalid ? exitCodes.failed : exitCodes.done;
}

/** Checks the files at `paths` in order; yields `undefined` for a valid one. */
async function* verdicts(
  paths: readonly string[],
  format: CheckPayloadOptions['format'],
  checker: SchemaChecker,
): AsyncGenerator<Result<Verdict | undefined>> {
  for (const path of paths) {
    for await (const found of candidates(path)) yield found.ok ? await check(found.value, format, checker) : found;
  }
}

/** The problems of one invalid document. */
interface Verdict {
  readonly path: string;
  readonly format: DocumentFormat;
  readonly problems: readonly (Omit<Problem, 'at' | 'length'> & { readonly path?: string })[];
}

function lineOf({ path, problems }: Verdict): string {
  const first = problems.find(({ severity }) => severity === 'error');
  // The line contains text from the path and the document, which must not control the terminal.
  return `${showControls(`${path}:${first?.line}:${first?.column}: ${first?.message}`)}\n`;
}

/** Yields the files at `path` in the order of their names, and a failure for each unreadable entry. */
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
          hint: 'Specify a file or a folder.',
        });
      } else if (stats.size > maxPayloadBytes) {
        yield fail('too-large', `Could not check ${next.path}`, {
          system: `It has ${stats.size} bytes; the maximum is ${maxPayloadBytes}`,
          hint: 'Split the document.',
        });
      } else yield ok(next);
    } catch (error) {
      yield isNotUtf8(next.path, error) ? notUtf8(next.path) : unreadable(next.path, error);
    }
  }
}

/** Returns true if Node has replaced bytes of a name that is not UTF-8: the path that Node reports then leads nowhere. */
function isNotUtf8(path: string, error: unknown): boolean {
  return path.includes('\ufffd') && error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function notUtf8(path: string): Result<never> {
  const system = 'Its name is not UTF-8, so it cannot be opened';
  return fail('bad-input', `Could not read ${path}`, { system, hint: 'Rename it.' });
}

/** Checks one file. Returns `undefined` if it is valid, or if it is in a folder and its format is unknown. */
async function check(
  { path, isNamed }: Candidate,
  format: CheckPayloadOptions['format'],
  checker: SchemaChecker,
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
    const system = 'Neither the extension nor the first character identifies it as JSON or XML';
    return fail('bad-input', `Could not check ${path}`, { system, hint: 'Add --format json or --format xml.' });
  }
  const read = readDocument(known, bytes);
  const found: readonly Problem[] = read.ok
    ? listProblems(known, read.value, maxPayloadBytes)
    : [{ ...read.problem, severity: 'error', message: read.problem.reason }];
  let problems: readonly (Problem & { readonly path?: string })[] = found;
  if (read.ok && known === 'json' && !hasError(found)) {
    const mismatches = await checker.check(path, read.value);
    if (!mismatches.ok) return mismatches;
    problems = [...found, ...mismatches.value];
  }
  if (!hasError(problems)) return ok(undefined);
  const listed = problems.map(({ line, column, severity, message, path: pointer }) => {
    return { line, column, severity, message, ...(pointer === undefined ? {} : { path: pointer }) };
  });
  return ok({ path, format: known, problems: listed });
}

function hasError(problems: readonly Problem[]): boolean {
  return problems.some(({ severity }) => severity === 'error');
}

/** Returns true for files and folders. A device, pipe or socket with the extension of a document is included, to be refused. */
function isSearched(entry: fs.Dirent): boolean {
  if (entry.isFile() || entry.isDirectory()) return true;
  return !entry.isSymbolicLink() && formatByName(entry.name) !== undefined;
}

function formatByName(path: string): DocumentFormat | undefined {
  const extension = extname(path).toLowerCase();
  if (extension === '.json') return 'json';
  return extension === '.xml' ? 'xml' : undefined;
}

/** Detects the format by the first character: `{` or `[` is JSON, `<` is XML. */
function formatByContent(bytes: Uint8Array): DocumentFormat | undefined {
  const start = new TextDecoder().decode(bytes.subarray(0, 1_024)).trimStart()[0];
  if (start === '{' || start === '[') return 'json';
  return start === '<' ? 'xml' : undefined;
}
