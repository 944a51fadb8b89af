import type { LengthClaim } from './framer.ts';

/** The received part of an incomplete message. */
export interface Incomplete {
  /** Bytes received, framing included. */
  readonly bytes: number;
  /** Bytes that are missing according to the message itself; 0 if the framing does not know. */
  readonly missing: number;
  /** More than `missing` bytes may follow: the length is that of a part of the message. */
  readonly atLeast?: boolean | undefined;
  /** The protocol's name for the length field, if it has one. */
  readonly name?: string | undefined;
  /** The value of the length field; `undefined` without one. */
  readonly says?: number | undefined;
  /** The unit of `says`, if not bytes. */
  readonly unit?: 'values' | undefined;
  /** Bytes before those that the length counts; `undefined` if the length is unknown. */
  readonly header?: number | undefined;
}

/** Describes a message of which `bytes` have been received and which claims the length `claim`. */
export function incompleteOf(bytes: number, claim: LengthClaim | undefined): Incomplete {
  if (!claim) return { bytes, missing: 0 };
  const { received, ...said } = claim;
  return { bytes, ...said, ...(received === undefined ? {} : { header: bytes - received }) };
}

/** Returns a text about how much of a message has been received and is missing. `count` formats a number. */
export function incompleteText(incomplete: Incomplete, count: (value: number) => string = String): string {
  const { bytes, missing, header, name = 'length field', says, unit, atLeast } = incomplete;
  const size = (value: number) => `${count(value)} B`;
  if (missing === 0) return `an incomplete message of ${size(bytes)}`;
  const least = atLeast ? 'at least ' : '';
  const parts = [
    ...(header === undefined ? [] : [`${count(header)} of header`]),
    ...(says === undefined ? [] : [`${name} ${count(says)}${unit ? ` ${unit}` : ''}`]),
  ];
  const said = parts.length === 0 ? '' : ` (${parts.join(', ')})`;
  return `${count(bytes)} of ${least}${size(bytes + missing)} received${said}; ${least}${count(missing)} missing`;
}
