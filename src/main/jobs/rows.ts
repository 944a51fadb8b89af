import { pipeline, Readable } from 'node:stream';
import { type Failure, fail } from '#shared/failure.ts';
import type { Row } from './send-list.ts';

/** The caps of a file of rows. A record and a line are in characters. */
export const rowLimits = { rows: 10_000_000, columns: 1_000, record: 1_048_576 } as const;

/** The content of a file of rows, in pieces of any size. */
type Pieces = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Why a file of rows cannot be used. Thrown and caught in this file only. */
class BadRows extends Error {}

/**
 * Reads the rows of a CSV file (RFC 4180, with the names of the variables in its first line, separated by commas, semicolons or tabs) or
 * of a JSON Lines file (an object per line), by the ending of `name`. Reads as much as is used, and returns why reading ended early.
 */
export async function* readRows(name: string, pieces: Pieces): AsyncGenerator<Row, Failure | undefined> {
  const isJson = /\.(?:jsonl|ndjson|json)$/i.test(name);
  let count = 0;
  try {
    for await (const row of isJson ? jsonRows(textOf(pieces)) : csvRows(textOf(pieces))) {
      count += 1;
      if (count > rowLimits.rows) throw new BadRows(`it has more than ${rowLimits.rows} rows`);
      yield row;
    }
    return undefined;
  } catch (error) {
    const system = reasonOf(error);
    if (system === undefined) throw error;
    const hint = isJson ? 'Write one JSON object per line.' : 'Write a CSV file in UTF-8, with a header line.';
    return fail('bad-input', `Could not read row ${count + 1} of “${name}”`, { system, hint }).error;
  }
}

/** Returns why rows could not be read, as a phrase; `undefined` for a bug. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof BadRows) return error.message;
  if (!(error instanceof Error)) return undefined;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'it is not valid UTF-8';
  // Errors of the CSV parser and of the file have a code. A bug has none.
  return typeof code === 'string' ? error.message : undefined;
}

async function* textOf(pieces: Pieces): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const piece of pieces) yield decoder.decode(piece, { stream: true });
  yield decoder.decode();
}

async function* csvRows(text: AsyncGenerator<string>): AsyncGenerator<Row> {
  const { parse } = await import('csv-parse');
  const first = await firstLine(text);
  const parser = parse({
    delimiter: delimiterOf(first.line),
    max_record_size: rowLimits.record,
    skip_empty_lines: true,
    info: false,
  });
  pipeline(Readable.from(first.all()), parser, () => {});
  let names: readonly string[] | undefined;
  for await (const record of parser as AsyncIterable<readonly string[]>) {
    if (names) yield Object.fromEntries(names.map((name, at) => [name, record[at] ?? '']));
    else names = checkedNames(record);
  }
}

/** Reads the first line, for its delimiters; `all` yields the text from its beginning. */
async function firstLine(text: AsyncGenerator<string>): Promise<{ line: string; all: () => AsyncGenerator<string> }> {
  let head = '';
  while (!head.includes('\n') && head.length < rowLimits.record) {
    const next = await text.next();
    if (next.done) break;
    head += next.value;
  }
  async function* all() {
    if (head !== '') yield head;
    yield* text;
  }
  return { line: head.split('\n', 1)[0] ?? '', all };
}

/** Returns the delimiter that is most frequent in the header line. */
function delimiterOf(line: string): string {
  const counted = [',', ';', '\t'].map((delimiter) => ({ delimiter, count: line.split(delimiter).length }));
  return counted.reduce((best, one) => (one.count > best.count ? one : best)).delimiter;
}

function checkedNames(record: readonly string[]): readonly string[] {
  const names = record.map((name) => name.trim());
  if (names.length > rowLimits.columns) throw new BadRows(`it has more than ${rowLimits.columns} columns`);
  if (names.includes('')) throw new BadRows('a column of its header line has no name');
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new BadRows(`two columns of its header line are named “${twice}”`);
  return names;
}

async function* jsonRows(text: AsyncGenerator<string>): AsyncGenerator<Row> {
  let rest = '';
  for await (const piece of text) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield parsedLine(line);
    if (rest.length > rowLimits.record) throw new BadRows(tooLong);
  }
  if (rest.trim() !== '') yield parsedLine(rest);
}

const tooLong = `it has more than ${rowLimits.record} characters`;

function parsedLine(line: string): Row {
  if (line.length > rowLimits.record) throw new BadRows(tooLong);
  let value: unknown;
  try {
    value = JSON.parse(line, exact);
  } catch (error) {
    throw new BadRows(error instanceof Error ? error.message : String(error));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new BadRows('it is not a JSON object');
  return value as Row;
}

/** Keeps the digits of an integer that a number cannot hold. */
function exact(_key: string, value: unknown, { source }: { source?: string } = {}): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value) || !/^-?\d+$/.test(source ?? '')) return value;
  return BigInt(source as string);
}
