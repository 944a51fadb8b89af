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
export const microsecondMagic = 0xa1b2c3d4;
export const nanosecondMagic = 0xa1b23c4d;
const pcapMagics = new Set([microsecondMagic, nanosecondMagic]);
