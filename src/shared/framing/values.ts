import { parseHex } from '../bytes/hex.ts';

/** A range of whole numbers. `problem` is the message for any other value. */
interface WholeRange {
  readonly least: number;
  readonly most: number;
  readonly problem: string;
}

/** Returns true if `value` is a whole number in the range. */
export function isInRange(value: number, { least, most }: WholeRange): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

/** Returns the bytes of a value in hex; `undefined` if the text is empty or not hex. */
export function framingBytes(text: string): Uint8Array | undefined {
  const hex = parseHex(text);
  return hex.ok && hex.bytes.length > 0 ? hex.bytes : undefined;
}

/** Returns true for one byte in hex. */
export function isHexByte(text: string): boolean {
  return framingBytes(text)?.length === 1;
}

/** Returns true for 1 to 32 bytes in hex. */
export function isDelimiter(text: string): boolean {
  return (framingBytes(text)?.length ?? 33) <= 32;
}

/** One byte in hex. */
export const byteValue = { type: 'bytes', least: 1, most: 1, problem: 'enter one byte in hex (two digits)' } as const;

/** A number of bytes that every message has. */
export const sizeValue = {
  type: 'whole',
  least: 1,
  most: 1_048_576,
  problem: 'a length is 1 to 1048576',
  words: {
    label: 'Length (bytes)',
    help: 'Every message has this number of bytes: recv() is called until they have been received.',
    example: '16',
  },
} as const;

/** Bytes that every message ends with. */
export const delimiterValue = {
  type: 'bytes',
  least: 1,
  most: 32,
  problem: 'a delimiter is 1 to 32 bytes in hex',
  words: { label: 'Delimiter', help: '1 to 32 bytes in hex, for example 03 or 0d0a0d0a.', example: '03' },
} as const;

/** Bytes that every message begins with. */
export const startValue = {
  type: 'bytes',
  least: 1,
  most: 32,
  problem: 'start bytes are 1 to 32 bytes in hex',
  words: {
    label: 'Start bytes',
    help: 'Every message begins with these 1 to 32 bytes in hex.',
    search: 'mark magic sync',
  },
} as const;
