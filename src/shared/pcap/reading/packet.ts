/** One packet of a capture file. */
export interface CapturedPacket {
  /** Milliseconds since the Unix epoch, with a fraction. */
  readonly at: number;
  /** What its first bytes are: a LINKTYPE of the pcap registry (https://www.tcpdump.org/linktypes.html). */
  readonly linkType: number;
  /** What was captured. Good until the next packet is read. */
  readonly data: Uint8Array;
  /** Bytes of the packet on the wire: more than `data` holds where the capture cut it. */
  readonly originalLength: number;
  /** What people noted at it. */
  readonly comments: readonly string[];
  /** The program that wrote the section, and the name of the interface, as the file has them; empty where it does not. */
  readonly writer: string;
  readonly interfaceName: string;
}

/** What a capture file says beside its packets, and what of it could not be read. */
export interface CaptureEnd {
  /** Why reading stopped before the end; empty where it did not. */
  readonly cut: string;
  /** Packets whose block made no sense, and were passed over. */
  readonly damaged: number;
  /** Packets that the capturing system says it dropped. */
  readonly dropped: number;
  /** Packets that have no time: each has the time of the one before. */
  readonly untimed: number;
}

/** Reads packets one after another, and says at the end how it went. Takes any bytes; never throws for what they are. */
export type PacketReader = Generator<CapturedPacket, CaptureEnd>;

/** A longer packet is not believed: Wireshark's own largest is 128 MiB for one kind of packet that is not ours. */
export const maxPacketBytes = 16 * 1_048_576;

/** What the first bytes of a file say that it is; `undefined` for neither. 4 bytes are enough. */
export function captureKind(start: Uint8Array): 'pcap' | 'pcapng' | undefined {
  if (start.length < 4) return undefined;
  const view = new DataView(start.buffer, start.byteOffset, 4);
  const big = view.getUint32(0);
  if (big === 0x0a0d0d0a) return 'pcapng';
  const little = view.getUint32(0, true);
  return pcapMagics.has(big) || pcapMagics.has(little) ? 'pcap' : undefined;
}

/** Of pcap files: times in microseconds, and in nanoseconds. */
export const microsecondMagic = 0xa1b2c3d4;
export const nanosecondMagic = 0xa1b23c4d;
const pcapMagics = new Set([microsecondMagic, nanosecondMagic]);
