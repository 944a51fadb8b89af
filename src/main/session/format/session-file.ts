import { closeSync, fstatSync, readSync, statSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { openFileSync } from '#files/regular-file.ts';
import { type BlockHeader, blockHeaderSize, checksumOffset, padded, readEntrySize } from '#shared/record/block.ts';

/** How much is read in one call where headers are small and near each other. */
const windowSize = 16 * 1_024;

/** A session file open for reading. Throws what `openFileSync` throws. */
export class SessionFile {
  #fd: number;
  readonly #window = new Uint8Array(windowSize);
  #windowAt = 0;
  #windowLength = 0;

  constructor(path: string) {
    this.#fd = openFileSync(path);
  }

  /** Continues with the file at `path`, which has the same bytes. */
  reopen(path: string): void {
    const fd = openFileSync(path);
    closeSync(this.#fd);
    this.#fd = fd;
    this.#windowLength = 0;
  }

  /** Returns the size of the file in bytes. */
  size(): number {
    return fstatSync(this.#fd).size;
  }

  /** Fills `bytes` from `position`; returns the number of bytes read, fewer at the end of the file. */
  readInto(bytes: Uint8Array, position: number): number {
    let done = 0;
    while (done < bytes.length) {
      const count = readSync(this.#fd, bytes, done, bytes.length - done, position + done);
      if (count === 0) break;
      done += count;
    }
    return done;
  }

  /** Returns the `length` bytes at `position`, fewer at the end of the file, in a separate buffer. */
  read(position: number, length: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(length);
    const count = this.readInto(bytes, position);
    return count === length ? bytes : bytes.slice(0, count);
  }

  /** Returns a view of `length` (≤ 16 KiB) bytes at `position`, valid until the next `peek`: neighbours are read together. */
  peek(position: number, length: number, upTo: number): DataView {
    if (position < this.#windowAt || position + length > this.#windowAt + this.#windowLength) {
      this.#windowAt = position;
      this.#windowLength = this.readInto(this.#window.subarray(0, Math.min(windowSize, upTo - position)), position);
    }
    const at = position - this.#windowAt;
    return new DataView(this.#window.buffer, at, Math.max(0, Math.min(length, this.#windowLength - at)));
  }

  /** Returns true if `path` leads to this file. */
  isAt(path: string): boolean {
    const other = statSync(path, { throwIfNoEntry: false, bigint: true });
    const own = fstatSync(this.#fd, { bigint: true });
    return other !== undefined && other.ino === own.ino && other.dev === own.dev;
  }

  close(): void {
    closeSync(this.#fd);
  }
}

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
