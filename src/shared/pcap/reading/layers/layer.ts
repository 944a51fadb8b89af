/** The number spaces by which a header identifies the next one. */
export type NumberSpace = 'link' | 'etherType' | 'ppp' | 'ipProtocol' | 'udpPort';

/** The content of a header: the bytes after it, and the number that identifies them. */
export interface Inner {
  readonly kind: 'inner';
  readonly space: NumberSpace;
  readonly number: number;
  /** The captured part. */
  readonly bytes: Uint8Array;
  /** Its length on the wire. */
  readonly length: number;
}

/** A packet without recognised TCP or UDP, as a plural noun that follows a number: “ARP packets”. */
export interface Other {
  readonly kind: 'other';
  readonly what: string;
  /** False if its content is unknown and may be TCP or UDP. */
  readonly isUnderstood: boolean;
}

/** One kind of header around other packets. A new kind is one such descriptor and one line in the catalogue. */
export interface Encapsulation {
  readonly name: string;
  /** The numbers that identify it. */
  readonly numbers: Partial<Readonly<Record<NumberSpace, readonly number[]>>>;
  /**
   * Parses its header at the start of `bytes`, of which there were `length` on the wire. Accepts any bytes. Returns `undefined` for a UDP
   * port if the datagram does not look like this kind, so that it is an ordinary one.
   */
  open(bytes: Uint8Array, length: number): Inner | Other | undefined;
}

/** Returns the content after the first `skipped` bytes of a packet. */
export function inner(
  space: NumberSpace,
  number: number,
  bytes: Uint8Array,
  length: number,
  skipped: number,
): Inner | Other {
  if (skipped > bytes.length || skipped > length) return tooShort;
  return { kind: 'inner', space, number, bytes: bytes.subarray(skipped), length: length - skipped };
}

/** Describes a packet that contains neither TCP nor UDP. */
export function holdsNeither(what: string): Other {
  return { kind: 'other', what, isUnderstood: true };
}

/** Describes a packet whose content is not understood. */
export function notUnderstood(what: string): Other {
  return { kind: 'other', what, isUnderstood: false };
}

export const tooShort = notUnderstood('frames too short for their header');

/** Returns the 16-bit number at byte `at`; `undefined` if it was not captured. */
export function uint16(bytes: Uint8Array, at: number): number | undefined {
  const high = bytes[at];
  const low = bytes[at + 1];
  return high === undefined || low === undefined ? undefined : high * 256 + low;
}

/** Formats a number as `0x88be`. */
export function hex16(number: number): string {
  return `0x${number.toString(16).padStart(4, '0')}`;
}
