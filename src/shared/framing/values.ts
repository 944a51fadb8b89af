import { parseHex } from '../bytes/hex.ts';

/*
 * Which values a framing may have. The schema of the contract and the parser of the command line's spelling both ask
 * here.
 */

/** A whole number from `least` to `most`. `problem`: what to say of any other. */
interface WholeRange {
  readonly least: number;
  readonly most: number;
  readonly problem: string;
}

/** Of `fixed`. Bytes. */
export const sizeRange: WholeRange = { least: 1, most: 1_048_576, problem: 'a length is 1 to 1048576' };
/** Of `length`. Bytes. */
export const offsetRange: WholeRange = { least: 0, most: 64, problem: 'an offset is 0 to 64' };
/** Of `length`: what is added to it. Bytes. */
export const adjustRange: WholeRange = { least: -65_536, most: 65_536, problem: 'an adjustment is -65536 to 65536' };
/** Of `length`: the bytes of a trailer. */
export const trailerRange: WholeRange = { least: 0, most: 64, problem: 'a trailer is 0 to 64 bytes' };
/** Of `gap`. Milliseconds. */
export const gapRange: WholeRange = { least: 1, most: 600_000, problem: 'a gap is 1 to 600000 ms' };

export function isInRange(value: number, { least, most }: WholeRange): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

/** The bytes of a framing's field in hex; `undefined` where it has none or is no hex. */
export function framingBytes(text: string): Uint8Array | undefined {
  const hex = parseHex(text);
  return hex.ok && hex.bytes.length > 0 ? hex.bytes : undefined;
}

export const hexByteProblem = 'one byte in hex, two digits';

export function isHexByte(text: string): boolean {
  return framingBytes(text)?.length === 1;
}

export const startProblem = 'start bytes are 1 to 32 bytes in hex';
export const delimiterProblem = 'a delimiter is 1 to 32 bytes in hex';

export function isDelimiter(text: string): boolean {
  return (framingBytes(text)?.length ?? 33) <= 32;
}

export const sameStxProblem = 'STX, ETX and the escape byte must differ';

/** True where the three bytes of `stx` differ, however they are written. */
export function isStxDistinct(spec: { stx: string; etx: string; escape: string }): boolean {
  return new Set([spec.stx, spec.etx, spec.escape].map((text) => framingBytes(text)?.[0])).size === 3;
}
