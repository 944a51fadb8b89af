import { blockHeaderSize } from './block.ts';

/** Bytes that one read takes in a reads block. */
export const readEntrySize = 20;

/** The columns of up to `capacity` reads over one buffer. Reads only ever are of what a socket received. */
export interface ReadColumns {
  /** Of the first byte in what the socket received. */
  readonly offsets: Float64Array;
  /** Microseconds after the block's base time. */
  readonly times: Uint32Array;
  readonly sockets: Uint32Array;
  /** Bytes that the read brought. */
  readonly lengths: Uint32Array;
}

/** The views over `buffer` for `capacity` reads, behind room for the block header. */
export function viewReads(buffer: ArrayBuffer, capacity: number, start = blockHeaderSize): ReadColumns {
  return {
    offsets: new Float64Array(buffer, start, capacity),
    times: new Uint32Array(buffer, start + capacity * 8, capacity),
    sockets: new Uint32Array(buffer, start + capacity * 12, capacity),
    lengths: new Uint32Array(buffer, start + capacity * 16, capacity),
  };
}

/** Bytes of a buffer for `capacity` reads. */
export function readsBufferSize(capacity: number): number {
  return blockHeaderSize + capacity * readEntrySize;
}
