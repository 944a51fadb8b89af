/** The number spaces in which a header names what follows it. */
export type NumberSpace = 'link' | 'etherType' | 'ppp' | 'ipProtocol' | 'udpPort';

/** What a header is about: the bytes behind it, and the number by which it names them. */
export interface Inner {
  readonly kind: 'inner';
  readonly space: NumberSpace;
  readonly number: number;
  /** As much of it as was captured. */
  readonly bytes: Uint8Array;
  /** How long it was on the wire. */
  readonly length: number;
}

/** A packet in which no TCP or UDP was found, in words that stand behind a number: “ARP packets”. */
export interface Other {
  readonly kind: 'other';
  readonly what: string;
  /** False where it may hold TCP or UDP all the same: what it holds is not known here. */
  readonly isUnderstood: boolean;
}

/** One kind of header around other packets. A new kind is one such descriptor and one line in the catalogue. */
export interface Encapsulation {
  readonly name: string;
  /** The numbers that stand for it. */
  readonly numbers: Partial<Readonly<Record<NumberSpace, readonly number[]>>>;
  /**
   * Reads its header at the start of `bytes`, of which there were `length` on the wire. Takes any bytes. `undefined`
   * of a UDP port: the datagram does not look like this kind, so it is an ordinary one.
   */
  open(bytes: Uint8Array, length: number): Inner | Other | undefined;
}

/** Gives what lies behind the first `skipped` bytes of a packet. */
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

/** Gives a packet that is known to hold neither TCP nor UDP. */
export function holdsNeither(what: string): Other {
  return { kind: 'other', what, isUnderstood: true };
}

/** Gives a packet whose contents are not understood. */
export function notUnderstood(what: string): Other {
  return { kind: 'other', what, isUnderstood: false };
}

export const tooShort = notUnderstood('frames too short for their header');

/** The 16-bit number at byte `at`; `undefined` where it was not captured. */
export function uint16(bytes: Uint8Array, at: number): number | undefined {
  const high = bytes[at];
  const low = bytes[at + 1];
  return high === undefined || low === undefined ? undefined : high * 256 + low;
}

/** A number as `0x88be`. */
export function hex16(number: number): string {
  return `0x${number.toString(16).padStart(4, '0')}`;
}
