import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BlockSource } from '#session/format/block-source.ts';
import { BlockFilter } from '#session/query/filter/block-filter.ts';
import { contextOf } from '#session/query/filter/filter-context.ts';
import { filterOf } from '#session/query/filter/filter-text.ts';
import {
  blockHeaderSize,
  blockTypes,
  checksumOffset,
  recordsBodyLength,
  viewColumns,
  writeBlockHeader,
} from '#shared/record/block.ts';
import { kindCodes } from '#shared/record/record.ts';
import { indexOf } from '#support/filter-session.ts';
import { answerOf } from '#support/session.ts';
import { storedFile } from '#support/stored-file.ts';

const bytesEach = 40;

/** A block that no recorder makes: of many small records, every tenth a message, too large to be read whole. */
function largeBlock(count: number): Uint8Array {
  const payloadLength = count * bytesEach;
  const bodyLength = recordsBodyLength(count, payloadLength);
  const block = new Uint8Array(blockHeaderSize + bodyLength);
  const view = new DataView(block.buffer);
  writeBlockHeader(view, { type: blockTypes.records, bodyLength, first: 0, count, payloadLength, baseTime: 0 });
  const columns = viewColumns(block.buffer, count);
  for (let at = 0; at < count; at += 1) {
    const isMessage = at % 10 === 0;
    columns.lengths[at] = bytesEach;
    columns.kinds[at] = isMessage ? kindCodes.in : kindCodes.problem;
    const body = isMessage ? `the message ${at % 100}` : `{"kind":"problem","text":"case ${at % 100}"}`;
    columns.payload.set(Buffer.from(body.padEnd(bytesEach)), at * bytesEach);
  }
  view.setUint32(checksumOffset, crc32(block), true);
  return block;
}

describe('a filter on a block that is too large to be read whole', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'wirebench-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('finds messages and events within a test’s time, however many events there are', () => {
    const count = 60_000;
    const path = join(folder, 'a.wirebench');
    writeFileSync(path, Buffer.concat([storedFile({ crashed: true }), largeBlock(count)]));
    const index = indexOf(path);
    const block = new BlockSource(index).load(0);
    if (block === undefined) throw new Error('the session has no block');
    expect(block.payload).toBeUndefined();
    for (const [needle, places] of [
      ['message 50', [50, 150]],
      ['case 51', [51, 151]],
    ] as const) {
      const filter = answerOf(filterOf(`text contains "${needle}"`));
      const found = new BlockFilter(filter, contextOf(index)).places(block);
      expect(found).toHaveLength(count / 100);
      expect([...found.subarray(0, 2)]).toEqual(places);
    }
    index.file.close();
  });
});
