import { blockHeaderSize } from './block.ts';

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
