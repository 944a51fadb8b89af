import { hostname } from 'node:os';
import { crc32 } from 'node:zlib';
import {
  blockHeaderSize,
  blockTypes,
  checksumOffset,
  makeBlock,
  recordColumnsSize,
  recordsBodyLength,
  writeBlockHeader,
} from '#shared/record/block.ts';

/** What a session file made by `storedFile` is like. */
export interface StoredFile {
  readonly name?: string;
  readonly createdAt?: string;
  /** Messages of one byte each, in one block. */
  readonly records?: number;
  /** Without an end block: as a killed program leaves it. */
  readonly crashed?: boolean;
  /** The process that made it, on this machine; none where left out. */
  readonly pid?: number;
  /** A bookmark, before the end. */
  readonly marked?: boolean;
  /** A name given later: before the end block, or after it as of a file that was closed. */
  readonly renamed?: string;
  readonly renamedLater?: string;
}

const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

/** The bytes of a session file. */
export function storedFile(about: StoredFile = {}): Buffer {
  const { name = 'a run', createdAt = '2026-03-01T14:05:09.000Z', records = 0, crashed = false, pid } = about;
  const header = { format: 'wirebench-session', version: 1, app: 'test', id: 'x', name, createdAt };
  const recorder = pid === undefined ? {} : { pid, host: hostname() };
  const blocks = [makeBlock(blockTypes.session, json({ ...header, ...recorder }), 0, crc32)];
  if (records > 0) blocks.push(messagesBlock(records));
  const settings = (given: string) => makeBlock(blockTypes.settings, json({ name: given }), records, crc32);
  if (about.marked)
    blocks.push(makeBlock(blockTypes.marks, json([{ seq: 0, bookmarked: true, note: '' }]), records, crc32));
  if (about.renamed !== undefined) blocks.push(settings(about.renamed));
  const totals = { records, messages: records, bytes: records, problems: 0 };
  if (!crashed) blocks.push(makeBlock(blockTypes.end, json(totals), records, crc32));
  if (about.renamedLater !== undefined) blocks.push(settings(about.renamedLater));
  return Buffer.concat(blocks);
}

/** A records block of `count` messages received, one byte each. */
export function messagesBlock(count: number): Uint8Array<ArrayBuffer> {
  const bodyLength = recordsBodyLength(count, count);
  const block = new Uint8Array(blockHeaderSize + bodyLength);
  const view = new DataView(block.buffer);
  const header = { type: blockTypes.records, bodyLength, first: 0, count, payloadLength: count, baseTime: 0 };
  writeBlockHeader(view, header);
  for (let index = 0; index < count; index += 1) {
    view.setFloat64(blockHeaderSize + index * 8, index, true);
    view.setUint32(blockHeaderSize + count * 12 + index * 4, 1, true);
    view.setUint32(blockHeaderSize + count * 16 + index * 4, 1, true);
  }
  block.fill(0x78, blockHeaderSize + count * recordColumnsSize, blockHeaderSize + count * (recordColumnsSize + 1));
  view.setUint32(checksumOffset, crc32(block), true);
  return block;
}
