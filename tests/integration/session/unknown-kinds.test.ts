import { readFileSync, writeFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { saveFormats } from '#shared/export/export-formats.ts';
import { blockHeaderSize, blockTypes, checksumOffset, readBlockHeader } from '#shared/record/block.ts';
import { acceptedSocket, answerOf, recordLines, SessionFolder } from '#support/session.ts';

/** Gives each event of kind 28 (`problem`) the code 99 and another name, as a later version might write it. */
function forgeKind(path: string): void {
  const file = readFileSync(path);
  for (let at = 0; at < file.length; ) {
    const header = readBlockHeader(new DataView(file.buffer, file.byteOffset + at, blockHeaderSize));
    if (typeof header === 'string') throw new Error(header);
    const end = at + blockHeaderSize + header.bodyLength;
    if (header.type === blockTypes.records) {
      const kinds = file.subarray(at + blockHeaderSize + header.count * 20).subarray(0, header.count);
      for (let record = 0; record < header.count; record += 1) if (kinds[record] === 28) kinds[record] = 99;
      const name = file.indexOf('"problem"', at);
      if (name >= 0 && name < end) file.write('"migrate"', name);
      file.writeUInt32LE(0, at + checksumOffset);
      file.writeUInt32LE(crc32(file.subarray(at, end)), at + checksumOffset);
    }
    at = end;
  }
  writeFileSync(path, file);
}

const shown = 'a record of kind 99 that this version cannot read: {"kind":"migrate","text":"to 10.0.0.9"}';

async function forged(folder: SessionFolder) {
  const log = folder.create('new.wirebench');
  log.describe(acceptedSocket);
  recordLines(log, 2);
  log.event(1, Date.now(), { kind: 'problem', text: 'to 10.0.0.9' });
  recordLines(log, 1);
  await log.close();
  forgeKind(folder.file('new.wirebench'));
  return folder.open('new.wirebench');
}

describe('a record of a kind of a later version', () => {
  it('is shown with its bytes, among the others', async () => {
    await using folder = new SessionFolder();
    const session = await forged(folder);
    const { rows, total } = answerOf(await session.ask('window', { first: 0, count: 10 }));
    expect(session.notice).toBe('');
    expect(total).toBe(4);
    expect(rows.map(({ kind }) => kind)).toEqual(['in', 'in', 'problem', 'in']);
    expect(rows[2]?.preview).toBe(shown);
  });

  it.each(saveFormats)('does not stop an export as %s', async (format) => {
    await using folder = new SessionFolder();
    const session = await forged(folder);
    const saved = answerOf(await session.ask('save', { format, path: folder.file('copy') }));
    expect(saved.bytes).toBeGreaterThan(0);
    if (format === 'text' || format === 'jsonl') {
      expect(readFileSync(saved.path, 'utf8').replaceAll('\\"', '"')).toContain(shown);
    }
  });

  it('is the same in a copy of some records', async () => {
    await using folder = new SessionFolder();
    const session = await forged(folder);
    const scope = { filter: 'seq >= 1' };
    answerOf(await session.ask('save', { format: 'wirebench', path: folder.file('part.wirebench'), scope }));
    const copy = await folder.open('part.wirebench');
    const { rows } = answerOf(await copy.ask('window', { first: 0, count: 10 }));
    expect(rows.map(({ preview }) => preview)).toEqual(['line 1', shown, 'line 0']);
  });
});
