import { closeSync, unlinkSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { createPrivateFile } from '#files/private-files.ts';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import type { Failure } from '#shared/failure.ts';
import {
  blockHeaderSize,
  blockTypes,
  checksumOffset,
  columnParts,
  makeBlock,
  padded,
  readEntrySize,
  recordColumnsSize,
  viewColumns,
  writeBlockHeader,
} from '#shared/record/block.ts';
import type { SessionHeader } from '#shared/record/session-json.ts';
import { fileFailure } from './failures.ts';
import type { FilledBlock } from './filling-block.ts';
import type { FilledReads } from './filling-reads.ts';

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

/** The maximum number of parts in one write: a little less than IOV_MAX of Linux. */
const maxParts = 1_000;

/** Yields `blocks` in groups that one write can take; a block with more parts is a group. */
export function* groupsOf(blocks: readonly OutgoingBlock[]): Generator<readonly OutgoingBlock[]> {
  let begin = 0;
  let parts = 0;
  for (const [at, block] of blocks.entries()) {
    if (at > begin && parts + block.parts.length > maxParts) {
      yield blocks.slice(begin, at);
      begin = at;
      parts = 0;
    }
    parts += block.parts.length;
  }
  if (begin < blocks.length) yield blocks.slice(begin);
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

const padding = new Uint8Array(8);

/** Returns a records block of the recorder's buffer, without copying: header, columns, bytes and padding as parts. */
export function recordsBlock(block: FilledBlock): OutgoingBlock {
  const { buffer, count, payloadLength, first, baseTime } = block;
  const header = new Uint8Array(buffer, 0, blockHeaderSize);
  const body = count * recordColumnsSize + payloadLength;
  const bodyLength = padded(body);
  const view = new DataView(buffer, 0, blockHeaderSize);
  writeBlockHeader(view, { type: blockTypes.records, bodyLength, first, count, payloadLength, baseTime });
  const parts = [header, ...columnParts(viewColumns(buffer, block.capacity), count, payloadLength)];
  if (bodyLength > body) parts.push(padding.subarray(0, bodyLength - body));
  let checksum = 0;
  for (const part of parts) checksum = crc32(part, checksum);
  view.setUint32(checksumOffset, checksum, true);
  return { parts, size: blockHeaderSize + bodyLength, next: first + count };
}

/** Returns a reads block made of these buffers without copying. `next` is the number that the next record will have. */
export function readsBlock({ buffer, capacity, count, baseTime }: FilledReads, next: number): OutgoingBlock {
  const header = new Uint8Array(buffer, 0, blockHeaderSize);
  const payloadLength = count * readEntrySize;
  const bodyLength = padded(payloadLength);
  const view = new DataView(buffer, 0, blockHeaderSize);
  writeBlockHeader(view, { type: blockTypes.reads, bodyLength, first: next, count: 0, payloadLength, baseTime });
  const column = (at: number, width: number) => new Uint8Array(buffer, blockHeaderSize + capacity * at, count * width);
  const parts = [header, column(0, 8), column(8, 4), column(12, 4), column(16, 4)];
  if (bodyLength > payloadLength) parts.push(padding.subarray(0, bodyLength - payloadLength));
  let checksum = 0;
  for (const part of parts) checksum = crc32(part, checksum);
  view.setUint32(checksumOffset, checksum, true);
  return { parts, size: blockHeaderSize + bodyLength, next };
}

/**
 * Creates the file at `path` with its header block. Never overwrites a file. Returns its length, or the failure, which
 * leaves no file.
 */
export function createSessionFile(path: string, header: SessionHeader): { readonly length: number } | Failure {
  const tried = `Could not create the session file “${path}”`;
  let fd: number;
  try {
    fd = createPrivateFile(path);
  } catch (error) {
    return fileFailure(tried, error);
  }
  try {
    const block = makeBlock(blockTypes.session, encodeUtf8(JSON.stringify(header)), 0, crc32);
    for (let done = 0; done < block.length; ) done += writeSync(fd, block, done, block.length - done, done);
    return { length: block.length };
  } catch (error) {
    unlinkSync(path);
    return fileFailure(tried, error);
  } finally {
    closeSync(fd);
  }
}
