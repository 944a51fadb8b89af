import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parseJsonl } from '#shared/export/jsonl-record.ts';
import { singleBoundary } from '#shared/message/boundaries.ts';
import { acceptedSocket, answerOf, SessionFolder } from '#support/session.ts';

const euro = Buffer.from('€');
const long = Buffer.concat([euro.subarray(2), Buffer.from('é'.repeat(500_000)), euro.subarray(0, 1)]);

/** Reads of one stream, each of which ends or begins inside of a character. */
const reads = [
  Buffer.concat([Buffer.from('a'), euro.subarray(0, 2)]),
  long,
  Buffer.concat([euro.subarray(1), Buffer.from('b')]),
  Buffer.from([0xff, 0xe2]),
];

async function exported(folder: SessionFolder, format: 'jsonl' | 'text' | 'csv', filter?: string): Promise<string[]> {
  const log = folder.create(`${format}${filter === undefined ? '' : '-filtered'}.wirebench`);
  log.describe({ ...acceptedSocket, framing: 'raw' });
  for (const read of reads) {
    log.messages(acceptedSocket.id, 'in', Date.now(), new Uint8Array(0), read, singleBoundary(read.length, 0, 0));
  }
  await log.flush();
  const path = folder.file(`out.${format}`);
  answerOf(await log.ask('save', { format, path, scope: filter === undefined ? {} : { filter } }));
  return (await readFile(path, 'utf8')).trimEnd().split('\n');
}

describe('An export of a stream whose reads split characters', () => {
  it('has them as text in JSON lines, and each line gives back the bytes of its record', async () => {
    await using folder = new SessionFolder();
    const lines = await exported(folder, 'jsonl');
    const records = lines.map((line) => JSON.parse(line));
    expect(records.map(({ text }) => text)).toEqual(['a', `€${'é'.repeat(500_000)}`, '€b', undefined]);
    expect(records[1]).toMatchObject({ carried: 2, rest: 'e2', length: long.length });
    const bytes = lines.map((line) => {
      const read = parseJsonl(line);
      return read?.kind === 'message' ? Buffer.from(read.bytes) : undefined;
    });
    expect(bytes.map((one, index) => one?.equals(reads[index] as Buffer))).toEqual([true, true, true, true]);
  });

  it('has them as text in the text log and in CSV', async () => {
    await using folder = new SessionFolder();
    const text = await exported(folder, 'text');
    expect(text[0]).toMatch(/ {2}3 B {2}a$/);
    expect(text[2]).toMatch(/ {2}3 B {2}€b$/);
    expect(text[3]).toMatch(/ {2}2 B {2}hex ffe2$/);
    const csv = await exported(folder, 'csv');
    expect(csv[1]).toContain(',0,e282,text,"a"');
  });

  it('does not join what a filter has parted', async () => {
    await using folder = new SessionFolder();
    const lines = await exported(folder, 'jsonl', 'len == 3');
    expect(lines.map((line) => JSON.parse(line).seq)).toEqual([0, 2]);
    expect(JSON.parse(lines[1] as string)).toMatchObject({ base64: (reads[2] as Buffer).toString('base64') });
  });
});
