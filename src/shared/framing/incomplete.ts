import type { LengthClaim } from './framer.ts';

/** What has come of a message whose end has not come yet. */
export interface Incomplete {
  /** Bytes of it so far, framing included. */
  readonly bytes: number;
  /** Bytes that it still lacks by what it says itself; 0 where the framing does not know. */
  readonly missing: number;
  /** More than `missing` may follow: the length is that of a part of the message. */
  readonly atLeast?: boolean | undefined;
  /** What the protocol calls the length field, where it has a name. */
  readonly name?: string | undefined;
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

/** Returns how much of a message has come and how much is missing, in words. `count` writes a number. */
export function incompleteText(incomplete: Incomplete, count: (value: number) => string = String): string {
  const { bytes, missing, header, name = 'length field', says, unit, atLeast } = incomplete;
  const size = (value: number) => `${count(value)} ${value === 1 ? 'byte' : 'bytes'}`;
  if (missing === 0) return `an incomplete message of ${size(bytes)}`;
  const least = atLeast ? 'at least ' : '';
  const parts = [
    ...(header === undefined ? [] : [`${count(header)} of header`]),
    ...(says === undefined ? [] : [`${name} ${count(says)}${unit ? ` ${unit}` : ''}`]),
  ];
  const said = parts.length === 0 ? '' : ` (${parts.join(', ')})`;
  return `${count(bytes)} of ${least}${size(bytes + missing)} received${said}; ${least}${count(missing)} missing`;
}
