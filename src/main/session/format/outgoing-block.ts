import { crc32 } from 'node:zlib';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import { checksumOffset, makeBlock } from '#shared/record/block.ts';

/** One block as parts in the order in which they are written. */
export interface OutgoingBlock {
  readonly parts: readonly Uint8Array[];
  readonly size: number;
  /** The number of the record after this block. */
  readonly next: number;
}

/** Returns a block of JSON. `next` is the number that the next record will have. */
export function jsonBlock(type: number, value: unknown, next: number): OutgoingBlock {
  const block = makeBlock(type, encodeUtf8(JSON.stringify(value)), next, crc32);
  return { parts: [block], size: block.length, next };
}

/** Returns the checksum in the header of a block. */
export function checksumOf({ parts }: OutgoingBlock): number {
  const { buffer, byteOffset } = parts[0] as Uint8Array;
  return new DataView(buffer, byteOffset).getUint32(checksumOffset, true);
}

/** Returns `parts` without their first `count` bytes. */
export function dropBytes(parts: readonly Uint8Array[], count: number): Uint8Array[] {
  let left = count;
  const rest: Uint8Array[] = [];
  for (const part of parts) {
    if (left >= part.length) left -= part.length;
    else {
      rest.push(left === 0 ? part : part.subarray(left));
      left = 0;
    }
  }
  return rest;
}
