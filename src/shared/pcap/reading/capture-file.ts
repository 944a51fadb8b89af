/** One packet of a capture file. */
export interface CapturedPacket {
  /** Milliseconds since the Unix epoch, with a fraction. */
  readonly at: number;
  /** The link type: a LINKTYPE of the pcap registry (https://www.tcpdump.org/linktypes.html). */
  readonly linkType: number;
  /** The captured bytes. Valid until the next packet is read. */
  readonly data: Uint8Array;
  /** Bytes of the packet on the wire: more than `data` if the capture truncated it. */
  readonly originalLength: number;
  /** The comments on it. */
  readonly comments: readonly string[];
  /** The program that wrote the section, and the name of the interface, as in the file; empty if not given. */
  readonly writer: string;
  readonly interfaceName: string;
}

/** The information of a capture file other than its packets, and what could not be read. */
export interface CaptureEnd {
  /** Why reading stopped before the end; empty if it did not. */
  readonly truncated: string;
  /** Packets that were skipped because their block is damaged. */
  readonly damaged: number;
  /** Packets that the capturing system reports as dropped. */
  readonly dropped: number;
  /** Packets without a time: each has the time of the previous one. */
  readonly untimed: number;
}

/** Reads packets sequentially, and reports the result at the end. Accepts any bytes and never throws because of them. */
export type PacketReader = Generator<CapturedPacket, CaptureEnd>;

/** A longer packet is refused. Wireshark's own maximum is 128 MiB for one kind of packet that is not supported here. */
export const maxPacketBytes = 16 * 1_048_576;

/** Returns the format of a file by its first bytes, of which 4 are enough; `undefined` for another format. */
export function captureKind(start: Uint8Array): 'pcap' | 'pcapng' | undefined {
  if (start.length < 4) return undefined;
  const view = new DataView(start.buffer, start.byteOffset, 4);
  const big = view.getUint32(0);
  if (big === 0x0a0d0d0a) return 'pcapng';
  const little = view.getUint32(0, true);
  return pcapMagics.has(big) || pcapMagics.has(little) ? 'pcap' : undefined;
}

/** The magic numbers of pcap files: with times in microseconds, and in nanoseconds. */
const microsecondMagic = 0xa1b2c3d4;
const nanosecondMagic = 0xa1b23c4d;
const pcapMagics = new Set([microsecondMagic, nanosecondMagic]);

const capacity = 1_048_576;
/** Maximum bytes of one `take`: no packet is longer. */
const maxTake = 64 * 1_048_576;

/** Reads a file or a pipe sequentially, on demand. Keeps a part of it in memory. */
export class ByteReader {
  readonly #read: (into: Uint8Array) => number;
  #buffer = new Uint8Array(capacity);
  #from = 0;
  #to = 0;
  #ended = false;
  #position = 0;

  /** `read` fills the start of its buffer and returns the number of bytes; 0 at the end. */
  constructor(read: (into: Uint8Array) => number) {
    this.#read = read;
  }

  /** Bytes taken or skipped so far. */
  get position(): number {
    return this.#position;
  }

  /** Returns a view of the next `length` bytes (at most `maxTake`), fewer at the end. Valid until the next call. */
  peek(length: number): Uint8Array {
    this.#ensure(Math.min(length, maxTake));
    return this.#buffer.subarray(this.#from, Math.min(this.#from + length, this.#to));
  }

  /** Returns the next bytes as `peek` does, and advances past them. */
  take(length: number): Uint8Array {
    const bytes = this.peek(length);
    this.#from += bytes.length;
    this.#position += bytes.length;
    return bytes;
  }

  /** Skips the next `length` bytes; returns false if the source ends earlier. */
  skip(length: number): boolean {
    for (let left = length; left > 0; ) {
      const skipped = this.take(Math.min(left, capacity)).length;
      if (skipped === 0) return false;
      left -= skipped;
    }
    return true;
  }

  #ensure(length: number): void {
    if (this.#to - this.#from >= length || this.#ended) return;
    const unread = this.#buffer.subarray(this.#from, this.#to);
    if (length > this.#buffer.length) {
      this.#buffer = grown(unread, length);
    } else {
      this.#buffer.copyWithin(0, this.#from, this.#to);
    }
    this.#from = 0;
    this.#to = unread.length;
    while (this.#to < length && !this.#ended) {
      const count = this.#read(this.#buffer.subarray(this.#to));
      if (count === 0) this.#ended = true;
      this.#to += count;
    }
  }
}

function grown(unread: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const buffer = new Uint8Array(2 ** Math.ceil(Math.log2(length)));
  buffer.set(unread);
  return buffer;
}

const fileHeader = 24;
const packetHeader = 16;

/**
 * Reads a pcap file (https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcap/), of either byte order, with times in
 * microseconds or nanoseconds.
 */
export function* readPcap(reader: ByteReader): PacketReader {
  const header = reader.take(fileHeader);
  if (header.length < fileHeader) return end('the file header is truncated');
  const headerView = viewOf(header);
  const magic = headerView.getUint32(0);
  const little = magic !== microsecondMagic && magic !== nanosecondMagic;
  const perSecond = headerView.getUint32(0, little) === nanosecondMagic ? 1e9 : 1e6;
  // The upper bits give the length of frame check sequences, which the lengths of packets make unnecessary.
  const linkType = headerView.getUint32(20, little) & 0xffff;
  for (;;) {
    const position = reader.position;
    const head = reader.take(packetHeader);
    if (head.length === 0) return end('');
    if (head.length < packetHeader) return end(`the packet at byte ${position} is truncated`);
    const view = viewOf(head);
    const seconds = view.getUint32(0, little);
    const fraction = view.getUint32(4, little);
    const length = view.getUint32(8, little);
    const originalLength = Math.max(length, view.getUint32(12, little));
    if (length > maxPacketBytes) return end(`the packet at byte ${position} claims ${length} bytes`);
    const data = reader.take(length);
    if (data.length < length) return end(`the packet at byte ${position} is truncated`);
    const at = seconds * 1_000 + (fraction / perSecond) * 1_000;
    yield { at, linkType, data, originalLength, comments: [], writer: '', interfaceName: '' };
  }
}

function end(truncated: string): CaptureEnd {
  return { truncated, damaged: 0, dropped: 0, untimed: 0 };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
