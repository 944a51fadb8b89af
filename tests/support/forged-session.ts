import { readFileSync, writeFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { blockHeaderSize, blockTypes, checksumOffset, readBlockHeader, readEntrySize } from '#shared/record/block.ts';

/** Puts `values`, one after the other again and again, where the stream offsets of all records and reads are; fixes checksums. */
export function forgeOffsets(path: string, values: readonly number[]): void {
  const file = readFileSync(path);
  let next = 0;
  for (let at = 0; at < file.length; ) {
    const header = readBlockHeader(new DataView(file.buffer, file.byteOffset + at, blockHeaderSize));
    if (typeof header === 'string') throw new Error(header);
    const end = at + blockHeaderSize + header.bodyLength;
    const isReads = header.type === blockTypes.reads;
    const count = isReads ? header.payloadLength / readEntrySize : header.count;
    if (isReads || header.type === blockTypes.records) {
      for (let entry = 0; entry < count; entry += 1) {
        file.writeDoubleLE(values[next % values.length] as number, at + blockHeaderSize + entry * 8);
        next += 1;
      }
      file.writeUInt32LE(0, at + checksumOffset);
      file.writeUInt32LE(crc32(file.subarray(at, end)), at + checksumOffset);
    }
    at = end;
  }
  writeFileSync(path, file);
}
