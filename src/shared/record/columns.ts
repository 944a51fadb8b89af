import { blockHeaderSize, recordColumnsSize } from './block.ts';

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
