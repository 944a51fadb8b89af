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

/** Types that must not follow the end. Others may: marks and settings added later, and types of later versions. */
export const notAfterEndTypes: ReadonlySet<number> = new Set([
  blockTypes.session,
  blockTypes.records,
  blockTypes.sockets,
  blockTypes.end,
  blockTypes.reads,
]);

/** Types whose payload is JSON. */
export const jsonTypes: ReadonlySet<number> = new Set([
  blockTypes.session,
  blockTypes.sockets,
  blockTypes.end,
  blockTypes.marks,
  blockTypes.settings,
]);

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

/**
 * The columns of up to `capacity` records and their payload, over one buffer that begins with room for the
 * block header. In a file the capacity equals the count; a buffer that is being filled has spare room.
 */
export interface RecordColumns {
  readonly capacity: number;
  /** Of the first byte in the stream of its socket and direction; 0 for lifecycle records. */
  readonly offsets: Float64Array;
  /** Microseconds after the block's base time. */
  readonly times: Uint32Array;
  readonly sockets: Uint32Array;
  /** Bytes of the record in the payload: the message with its framing, or the JSON of an event. */
  readonly lengths: Uint32Array;
  /** `kindCodes`. */
  readonly kinds: Uint8Array;
  /** `messageFlags`. */
  readonly flags: Uint8Array;
  readonly heads: Uint8Array;
  readonly tails: Uint8Array;
  /** The records' bytes, one after another. */
  readonly payload: Uint8Array;
}

/** Returns views over `buffer` for `capacity` records. The widest columns come first, so that each is aligned. */
export function viewColumns(buffer: ArrayBuffer, capacity: number, start = blockHeaderSize): RecordColumns {
  const bytesAt = start + capacity * 20;
  return {
    capacity,
    offsets: new Float64Array(buffer, start, capacity),
    times: new Uint32Array(buffer, start + capacity * 8, capacity),
    sockets: new Uint32Array(buffer, start + capacity * 12, capacity),
    lengths: new Uint32Array(buffer, start + capacity * 16, capacity),
    kinds: new Uint8Array(buffer, bytesAt, capacity),
    flags: new Uint8Array(buffer, bytesAt + capacity, capacity),
    heads: new Uint8Array(buffer, bytesAt + capacity * 2, capacity),
    tails: new Uint8Array(buffer, bytesAt + capacity * 3, capacity),
    payload: new Uint8Array(buffer, start + capacity * recordColumnsSize),
  };
}

/** Returns the size in bytes of a buffer for `capacity` records with `payloadCapacity` bytes. */
export function columnsBufferSize(capacity: number, payloadCapacity: number): number {
  return blockHeaderSize + capacity * recordColumnsSize + payloadCapacity;
}

/** Returns the parts of a filled buffer in the order in which they follow the header in the file, without the padding. */
export function columnParts(columns: RecordColumns, count: number, payloadLength: number): Uint8Array[] {
  const { buffer, byteOffset } = columns.offsets;
  const { capacity } = columns;
  const part = (at: number, width: number) => new Uint8Array(buffer, byteOffset + capacity * at, count * width);
  return [
    part(0, 8),
    part(8, 4),
    part(12, 4),
    part(16, 4),
    part(20, 1),
    part(21, 1),
    part(22, 1),
    part(23, 1),
    columns.payload.subarray(0, payloadLength),
  ];
}

/** Bytes of one read in a reads block. */
export const readEntrySize = 20;

/** The columns of up to `capacity` reads over one buffer. There are only reads of received data. */
export interface ReadColumns {
  /** Of the first byte in the received stream. */
  readonly offsets: Float64Array;
  /** Microseconds after the block's base time. */
  readonly times: Uint32Array;
  readonly sockets: Uint32Array;
  /** Bytes that the read delivered. */
  readonly lengths: Uint32Array;
}

/** Returns views over `buffer` for `capacity` reads, after room for the block header. */
export function viewReads(buffer: ArrayBuffer, capacity: number, start = blockHeaderSize): ReadColumns {
  return {
    offsets: new Float64Array(buffer, start, capacity),
    times: new Uint32Array(buffer, start + capacity * 8, capacity),
    sockets: new Uint32Array(buffer, start + capacity * 12, capacity),
    lengths: new Uint32Array(buffer, start + capacity * 16, capacity),
  };
}

/** Returns the size in bytes of a buffer for `capacity` reads. */
export function readsBufferSize(capacity: number): number {
  return blockHeaderSize + capacity * readEntrySize;
}
