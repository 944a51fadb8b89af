/** A checksum that is computed over one part of the data after the other. */
export interface RunningChecksum {
  /** Starts again, without data. */
  reset(): void;
  /** Adds `bytes[from, to)`. */
  update(bytes: Uint8Array, from: number, to: number): void;
  /** Writes the checksum of the data so far, big-endian, to `into` from `at`. More data may follow, except for a digest. */
  write(into: Uint8Array, at: number): void;
}

type ChecksumGroup = 'CRC' | 'sum' | 'digest';

/** How a checksum is written into a message: as its bytes, or as two hex digits a byte, in lower or upper case. */
export const checksumForms = ['bytes', 'hex', 'HEX'] as const;
export type ChecksumForm = (typeof checksumForms)[number];

/** One algorithm of the catalogue. */
export interface ChecksumAlgorithm {
  /** As in documents and on the command line: `CRC-16/MODBUS`. Case does not matter there. */
  readonly name: string;
  /** Other names of the same algorithm. */
  readonly aliases: readonly string[];
  readonly group: ChecksumGroup;
  /** What it is, as a phrase for a menu and a table. */
  readonly label: string;
  /** The width in bits. A checksum takes whole bytes; the unused bits, which are the highest, are zero. */
  readonly bits: number;
  /** How the protocols that use it write it. */
  readonly form: ChecksumForm;
  /** The text before the checksum, in ASCII: `*` for NMEA. */
  readonly mark: string;
  /** ASCII characters that may begin a message and are not part of the data: `$!` for NMEA. */
  readonly starts: string;
  /** Returns the offset of the first byte in `bytes[from, to)` that the algorithm does not accept, -1 without one. */
  readonly refused?: (bytes: Uint8Array, from: number, to: number) => number;
  create(): RunningChecksum;
}

/** Returns the number of bytes of a checksum. */
export function checksumSize({ bits }: ChecksumAlgorithm): number {
  return Math.ceil(bits / 8);
}

/** Computes the checksum of `bytes[from, to)`, big-endian. If its width is not a multiple of 8 bits, it begins with zero bits. */
export function computeChecksum(
  algorithm: ChecksumAlgorithm,
  bytes: Uint8Array,
  from = 0,
  to = bytes.length,
): Uint8Array<ArrayBuffer> {
  const running = algorithm.create();
  running.update(bytes, from, to);
  const checksum = new Uint8Array(checksumSize(algorithm));
  running.write(checksum, 0);
  return checksum;
}
