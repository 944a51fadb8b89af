import type { LengthClaim } from './framer.ts';

/** What has come of a message whose end has not come yet. */
export interface Incomplete {
  /** Bytes of it so far, framing included. */
  readonly bytes: number;
  /** Bytes that it still lacks by what it says itself; 0 where the framing does not know. */
  readonly missing: number;
  /** More than `missing` may follow: the length is that of a part of the message. */
  readonly atLeast?: boolean | undefined;
  /** The number in the length field; nothing where no field says it. */
  readonly says?: number | undefined;
  /** What `says` counts, where it is not bytes. */
  readonly unit?: 'values' | undefined;
  /** Bytes before those that the length is for; nothing where no length is known. */
  readonly header?: number | undefined;
}

/** Returns what is known of a message of which `bytes` have come, and which says `claim` of its own length. */
export function incompleteOf(bytes: number, claim: LengthClaim | undefined): Incomplete {
  if (!claim) return { bytes, missing: 0 };
  const { received, ...said } = claim;
  return { bytes, ...said, ...(received === undefined ? {} : { header: bytes - received }) };
}

/** Says what is waited for, in words. `count` writes a number. */
export function incompleteText(incomplete: Incomplete, count: (value: number) => string = String): string {
  const { bytes, missing, says, unit, atLeast } = incomplete;
  const size = (value: number) => `${count(value)} ${value === 1 ? 'byte' : 'bytes'}`;
  if (missing === 0) return `an incomplete message of ${size(bytes)}`;
  const more = `${atLeast ? 'at least ' : ''}${count(missing)} more ${missing === 1 ? 'byte' : 'bytes'}`;
  const field = says === undefined ? '' : `, whose length field says ${count(says)}${unit ? ` ${unit}` : ''}`;
  return `waiting for ${more} of a message of ${atLeast ? 'at least ' : ''}${size(bytes + missing)}${field}`;
}
