/**
 * The session file's unit: a block is a 40-byte header and a body, little endian, padded to a multiple of 8 bytes. It
 * can be checked and read without any other block. docs/session-format.md describes the format for other programs.
 */

/** “WBk1” as the file's first four bytes, read as a little-endian number. */
export const blockMagic = 0x316b4257;
const blockVersion = 1;
export const blockHeaderSize = 40;

/** Codes of block types. Never reused; a reader skips unknown ones. */
export const blockTypes = {
  /** JSON `SessionHeader`; the first block of a file. */
  session: 1,
  /** Columns of records, then their bytes. */
  records: 2,
  /** JSON array of `SocketInfo`; of several with one id the last one is valid. */
  sockets: 3,
  /** JSON `SessionTotals`; the last block of a file that was closed properly, apart from marks and settings. */
  end: 4,
  /** Columns of reads: which bytes of a stream arrived together, and when. */
  reads: 5,
  /** JSON array of `Mark`; of several for one record the last one is valid. */
  marks: 6,
  /** JSON `SessionSettings`; the last one is valid. */
  settings: 7,
} as const;

/** Bytes of one record in the columns. */
export const recordColumnsSize = 24;
/** The maximum number of records in a block, so that a damaged count cannot exhaust the memory. */
const maxBlockRecords = 1_048_576;
/** The maximum payload bytes of a block: the largest message cap (512 MiB) and its framing bytes. */
const maxBlockPayload = 0x2000_0000 + 1_024;

/** The fields of a block header. Lengths in bytes; `bodyLength` includes the padding. */
export interface BlockHeader {
  readonly type: number;
  readonly version: number;
  readonly bodyLength: number;
  readonly checksum: number;
  /** The number of the block's first record; in other blocks the number that the next record will have. */
  readonly first: number;
  /** Records in the block; 0 for other types. */
  readonly count: number;
  /** Bytes after the columns: the records' bytes, or the JSON text in other types. */
  readonly payloadLength: number;
  /** Milliseconds since the Unix epoch to which the records' times are added. */
  readonly baseTime: number;
}

/** Returns `length` rounded up to a multiple of 8. */
export function padded(length: number): number {
  return Math.ceil(length / 8) * 8;
}

/** Returns the body length of a records block. */
export function recordsBodyLength(count: number, payloadLength: number): number {
  return padded(count * recordColumnsSize + payloadLength);
}

/** Writes a header at the start of `view`. The checksum is written last: see `checksumOffset`. */
export function writeBlockHeader(view: DataView, header: Omit<BlockHeader, 'version' | 'checksum'>): void {
  view.setUint32(0, blockMagic, true);
  view.setUint8(4, header.type);
  view.setUint8(5, blockVersion);
  view.setUint16(6, 0, true);
  view.setUint32(8, header.bodyLength, true);
  view.setUint32(checksumOffset, 0, true);
  view.setFloat64(16, header.first, true);
  view.setUint32(24, header.count, true);
  view.setUint32(28, header.payloadLength, true);
  view.setFloat64(32, header.baseTime, true);
}

/** The offset of the checksum: CRC-32 (IEEE, as zlib's `crc32`) of header and body with these four bytes zero. */
export const checksumOffset = 12;

/** Returns the header of a block, or in words why these 40 bytes are not one. Never throws on hostile bytes. */
export function readBlockHeader(view: DataView): BlockHeader | string {
  if (view.byteLength < blockHeaderSize) return 'the header is truncated';
  if (view.getUint32(0, true) !== blockMagic) return 'no block begins there';
  const header: BlockHeader = {
    type: view.getUint8(4),
    version: view.getUint8(5),
    bodyLength: view.getUint32(8, true),
    checksum: view.getUint32(checksumOffset, true),
    first: view.getFloat64(16, true),
    count: view.getUint32(24, true),
    payloadLength: view.getUint32(28, true),
    baseTime: view.getFloat64(32, true),
  };
  if (header.version !== blockVersion) return `the block has version ${header.version}, which this program cannot read`;
  return headerProblem(header) ?? header;
}

function headerProblem(header: BlockHeader): string | undefined {
  const { first, count, payloadLength, bodyLength } = header;
  if (!Number.isSafeInteger(first) || first < 0) return 'the record number is damaged';
  if (count > maxBlockRecords || payloadLength > maxBlockPayload) return 'the lengths are damaged';
  if (header.type !== blockTypes.records) {
    // The content of other types is up to later versions, but the length must be plausible to skip the block.
    const fits = bodyLength % 8 === 0 && payloadLength <= bodyLength && bodyLength <= padded(maxBlockPayload);
    return fits ? undefined : 'the lengths are damaged';
  }
  if (count === 0) return 'the header is damaged';
  // A time outside the range of Date would fail only when it is shown.
  if (!(Math.abs(header.baseTime) <= 8e15)) return 'the time is damaged';
  if (bodyLength !== recordsBodyLength(count, payloadLength)) return 'the lengths are damaged';
  return undefined;
}

/** Returns a block with `body` (JSON text, mostly). `crc32(bytes, before)` continues the CRC-32 `before` over `bytes`. */
export function makeBlock(
  type: number,
  body: Uint8Array,
  first: number,
  crc32: (bytes: Uint8Array, before?: number) => number,
): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(blockHeaderSize + padded(body.length));
  const view = new DataView(block.buffer);
  const bodyLength = padded(body.length);
  writeBlockHeader(view, { type, bodyLength, first, count: 0, payloadLength: body.length, baseTime: 0 });
  block.set(body, blockHeaderSize);
  view.setUint32(checksumOffset, crc32(block), true);
  return block;
}
