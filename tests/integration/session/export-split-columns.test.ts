import { readFileSync } from 'node:fs';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { decodeUtf8Lossy } from '#shared/bytes/text.ts';
import type { SaveFormat } from '#shared/export/export-formats.ts';
import { readInPython, saved, splitReads } from '#support/awkward-session.ts';
import { acceptedSocket, recordMessages, SessionFolder } from '#support/session.ts';

/** What each has as text, as bytes in hex, of the character before it, and after its text. */
const splitRows = [
  { text: 'Z', bytes: null, carried: 0, rest: 'c3' },
  { text: 'ürich', bytes: null, carried: 1, rest: 'e2' },
  { text: '', bytes: null, carried: 0, rest: '82' },
  { text: '€', bytes: null, carried: 2, rest: null },
  { text: null, bytes: '00c3', carried: 0, rest: null },
  { text: null, bytes: 'bc', carried: 0, rest: null },
];

/** Saves a raw stream that arrived as `splitReads`. */
async function savedSplit(folder: SessionFolder, format: SaveFormat): Promise<string> {
  const log = folder.create('split.wirebench');
  log.describe({ ...acceptedSocket, framing: 'raw' });
  for (const read of splitReads) recordMessages(log, 'in', [read]);
  await log.flush();
  return saved(log, folder, format);
}

describe('a character that reads split', () => {
  const named = (rest: string | null) => rest ?? '';

  it('is in the CSV row of the read that ends it', async () => {
    await using folder = new SessionFolder();
    const path = await savedSplit(folder, 'csv');
    const rows = await readInPython<Record<string, string>>('csv', path);
    expect(rows.map(({ body }) => body)).toEqual(splitReads.map((read) => read.toString('hex')));
    expect(rows.map(({ carried, rest }) => ({ carried: Number(carried), rest }))).toEqual(
      splitRows.map(({ carried, rest }) => ({ carried, rest: named(rest) })),
    );
    expect(readFileSync(path, 'utf8')).toContain(',1,e2,text,"ürich"\r\n');
  });

  it('is in the SQLite row of the read that ends it', async () => {
    await using folder = new SessionFolder();
    const rows = await readInPython<Record<string, unknown>>('sqlite', await savedSplit(folder, 'sqlite'));
    const records = rows.filter(({ table }) => table === 'records');
    expect(records.map(({ text, bytes, carried, rest }) => ({ text, bytes, carried, rest }))).toEqual(splitRows);
  });

  it('is in the Parquet row of the read that ends it', async () => {
    await using folder = new SessionFolder();
    const file = await asyncBufferFromFile(await savedSplit(folder, 'parquet'));
    const rows = await parquetReadObjects({ file, utf8: false, parsers: { stringFromBytes: decodeUtf8Lossy } });
    const hex = (value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : null);
    const found = rows.map(({ text, bytes, carried, rest }) => ({
      text: text ?? null,
      bytes: hex(bytes),
      carried,
      rest: hex(rest),
    }));
    expect(found).toEqual(splitRows);
  });
});
