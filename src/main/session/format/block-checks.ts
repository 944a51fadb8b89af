import { crc32 } from 'node:zlib';
import { type BlockHeader, blockHeaderSize, checksumOffset, padded } from '#shared/record/block.ts';
import { readEntrySize } from '#shared/record/reads.ts';
import type { SessionFile } from './session-file.ts';

const chunkSize = 1_048_576;
/** The maximum body length of a reads block: they are read whole. Wirebench writes 160 KiB. */
const maxReadsBytes = 16 * 1_048_576;

/** Returns true if this header of a reads block is plausible. */
export function isReadsHeader({ payloadLength, bodyLength, baseTime }: BlockHeader): boolean {
  const fits = payloadLength % readEntrySize === 0 && bodyLength === padded(payloadLength);
  return fits && bodyLength <= maxReadsBytes && Math.abs(baseTime) <= 8e15;
}

/** Returns how many of the first `count` ascending `positions` are below `at`. */
export function countBelow(positions: Float64Array, count: number, at: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((positions[middle] as number) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Returns `larger` after copying `column` to its start. */
export function grown<Column extends Float64Array | Uint8Array>(column: Column, larger: Column): Column {
  larger.set(column);
  return larger;
}

/** Checks the checksum of a block of any size, in pieces. */
export function checksumMatches(file: Pick<SessionFile, 'readInto'>, position: number, header: BlockHeader): boolean {
  const size = blockHeaderSize + header.bodyLength;
  const piece = new Uint8Array(Math.min(size, chunkSize));
  let checksum = 0;
  for (let done = 0; done < size; ) {
    const part = piece.subarray(0, Math.min(piece.length, size - done));
    if (file.readInto(part, position + done) < part.length) return false;
    if (done === 0) part.fill(0, checksumOffset, checksumOffset + 4);
    checksum = crc32(part, checksum);
    done += part.length;
  }
  return checksum === header.checksum;
}
