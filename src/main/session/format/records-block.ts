import { crc32 } from 'node:zlib';
import {
  blockHeaderSize,
  blockTypes,
  checksumOffset,
  padded,
  recordColumnsSize,
  writeBlockHeader,
} from '#shared/record/block.ts';
import { columnParts, viewColumns } from '#shared/record/columns.ts';
import type { FilledBlock } from './filling-block.ts';
import type { OutgoingBlock } from './outgoing-block.ts';

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
