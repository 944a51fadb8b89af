import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { peekSession } from '#session/format/session-peek.ts';
import { blockHeaderSize, blockTypes, writeBlockHeader } from '#shared/record/block.ts';
import { storedFile } from '#support/stored-file.ts';

const laterType = 99;

/** What a peer may have sent: headers one after another, each of a block that goes to `behind` bytes after the last. */
function headersToTheEnd(length: number, behind: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at + blockHeaderSize <= length; at += blockHeaderSize) {
    const bodyLength = length + behind - at - blockHeaderSize;
    const header = { type: laterType, bodyLength, first: 0, count: 0, payloadLength: bodyLength, baseTime: 0 };
    writeBlockHeader(new DataView(bytes.buffer, at), header);
  }
  return bytes;
}

describe('a look at a session file', () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wirebench-peek-'));
    path = join(folder, 'a.wirebench');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('comes to an end where the end is full of what looks like blocks', async () => {
    await writeFile(path, Buffer.concat([storedFile({ name: 'a', crashed: true }), headersToTheEnd(1_048_000, 0)]));
    expect(peekSession(path)).toMatchObject({ name: 'a', totals: undefined });
  });

  it('finds the end and the names behind bytes that look like blocks up to there', async () => {
    const end = storedFile({ name: '', renamed: 'before', renamedLater: 'after' });
    // Without the session block: as the end of a longer file.
    const rest = end.subarray(blockHeaderSize + end.readUInt32LE(8));
    expect(end[4]).toBe(blockTypes.session);
    for (const behind of [rest.length, 8]) {
      const bytes = [storedFile({ name: 'a', crashed: true }), headersToTheEnd(40_000, behind), rest];
      await writeFile(path, Buffer.concat(bytes));
      expect(peekSession(path)).toMatchObject({ name: 'after', totals: { records: 0 } });
    }
  });
});
