import { InvalidArgumentError } from 'commander';
import { parseHex } from '#shared/bytes/hex.ts';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import { maxPingBytes } from '#shared/contract/limits.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { framingUsage, parseFraming } from '#shared/framing/spec.ts';

/*
 * Parsers of arguments. An invalid argument throws commander's `InvalidArgumentError`, which ends the program with the
 * message of the error and code 2.
 */

export function readPort(text: string): number {
  return readWhole(text, 0, 65_535, 'The port');
}

export function readCount(text: string): number {
  return readWhole(text, 1, Number.MAX_SAFE_INTEGER, 'The number of messages');
}

export function readRecords(text: string): number {
  return readWhole(text, 1, Number.MAX_SAFE_INTEGER, 'The number of records');
}

/** Reads socket numbers, `1` or `1,2,3`, and appends them to those of earlier options. */
export function readSockets(text: string, before: readonly number[] = []): number[] {
  return [...before, ...text.split(',').map((part) => readWhole(part.trim(), 0, 0xffff_ffff, 'A socket number'))];
}

/** Reads a time in milliseconds, at most one day. */
export function readMs(text: string): number {
  return readWhole(text, 0, 86_400_000, 'The time in milliseconds');
}

export function readFraming(text: string): FramingSpec {
  const framing = parseFraming(text);
  if (!framing) throw new InvalidArgumentError(`Use one of these framings: ${framingUsage}.`);
  return framing;
}

/** Reads bytes in hex. */
export function readHex(text: string): Uint8Array {
  const parsed = parseHex(text);
  if (!parsed.ok) throw new InvalidArgumentError(`At character ${parsed.at + 1}: ${parsed.reason}.`);
  return parsed.bytes;
}

/** Reads a number of bytes: `4096`, `64k` (64 000), `1.5M`. */
export function readBytes(text: string): number {
  const match = /^(\d{1,12}(?:\.\d{1,6})?)([kM]?)$/.exec(text);
  const factor = match?.[2] === 'k' ? 1_000 : match?.[2] === 'M' ? 1_000_000 : 1;
  const bytes = match ? Number(match[1]) * factor : Number.NaN;
  if (Number.isInteger(bytes) && bytes > 0) return bytes;
  throw new InvalidArgumentError(
    'The number of bytes must be a number such as 4096, 64k (64 000) or 1.5M (1 500 000).',
  );
}

/** Reads byte offsets to split a message at: `4,10`. */
export function readSplits(text: string): number[] {
  return text.split(',').map((part) => readWhole(part.trim(), 1, Number.MAX_SAFE_INTEGER, 'A byte offset'));
}

/** Reads a number of repetitions; infinity for `forever`. */
export function readRepeat(text: string): number {
  if (text === 'forever') return Number.POSITIVE_INFINITY;
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('The number of repetitions must be a whole number of at least 1, or “forever”.');
}

/** Reads the payload of a ping and encodes it in UTF-8. */
export function readPing(text: string): Uint8Array {
  const payload = encodeUtf8(text);
  if (payload.length <= maxPingBytes) return payload;
  throw new InvalidArgumentError(`The payload of a ping must have at most ${maxPingBytes} bytes.`);
}

function readWhole(text: string, lowest: number, highest: number, what: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= lowest && value <= highest) return value;
  const range = highest === Number.MAX_SAFE_INTEGER ? `of at least ${lowest}` : `from ${lowest} to ${highest}`;
  throw new InvalidArgumentError(`${what} must be a whole number ${range}.`);
}
