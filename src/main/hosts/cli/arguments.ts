import { InvalidArgumentError } from 'commander';
import { parseHex } from '#shared/bytes/hex.ts';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import { maxPingBytes } from '#shared/contract/limits.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { framingUsage, parseFraming } from '#shared/framing/spec.ts';

/*
 * How each argument of the command line is read. What is wrong is thrown as commander's `InvalidArgumentError`, which
 * ends the program with its words and code 2.
 */

export function readPort(text: string): number {
  return readWhole(text, 0, 65_535, 'A port');
}

/** A number of messages. */
export function readCount(text: string): number {
  return readWhole(text, 1, Number.MAX_SAFE_INTEGER, 'A number of messages');
}

/** A number of records. */
export function readRecords(text: string): number {
  return readWhole(text, 1, Number.MAX_SAFE_INTEGER, 'A number of records');
}

/** The numbers of sockets, `1` or `1,2,3`, together with those of earlier options. */
export function readSockets(text: string, before: readonly number[] = []): number[] {
  return [
    ...before,
    ...text.split(',').map((part) => readWhole(part.trim(), 0, 0xffff_ffff, 'The number of a socket')),
  ];
}

/** A time in milliseconds, at most a day. */
export function readMs(text: string): number {
  return readWhole(text, 0, 86_400_000, 'A time in milliseconds');
}

export function readFraming(text: string): FramingSpec {
  const framing = parseFraming(text);
  if (!framing) throw new InvalidArgumentError(`A framing is one of ${framingUsage}.`);
  return framing;
}

/** The bytes that `text` spells in hex. */
export function readHex(text: string): Uint8Array {
  const parsed = parseHex(text);
  if (!parsed.ok) throw new InvalidArgumentError(`At character ${parsed.at + 1}: ${parsed.reason}.`);
  return parsed.bytes;
}

/** A number of bytes: `4096`, `64k` (64 000), `1.5M`. */
export function readBytes(text: string): number {
  const match = /^(\d{1,12}(?:\.\d{1,6})?)([kM]?)$/.exec(text);
  const factor = match?.[2] === 'k' ? 1_000 : match?.[2] === 'M' ? 1_000_000 : 1;
  const bytes = match ? Number(match[1]) * factor : Number.NaN;
  if (Number.isInteger(bytes) && bytes > 0) return bytes;
  throw new InvalidArgumentError('A number of bytes is a whole number, or one with k (1000) or M: 4096, 64k, 1.5M.');
}

/** Places in a message, `4,10`: from byte 1 on, for before byte 0 there is nothing to split. */
export function readSplits(text: string): number[] {
  return text.split(',').map((part) => readWhole(part.trim(), 1, Number.MAX_SAFE_INTEGER, 'A place to split at'));
}

/** How often a message is sent; infinite for `forever`. */
export function readRepeat(text: string): number {
  if (text === 'forever') return Number.POSITIVE_INFINITY;
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('A number of repetitions is a whole number, 1 or more, or “forever”.');
}

/** The payload of a ping in UTF-8. */
export function readPing(text: string): Uint8Array {
  const payload = encodeUtf8(text);
  if (payload.length <= maxPingBytes) return payload;
  throw new InvalidArgumentError(`A ping has at most ${maxPingBytes} bytes.`);
}

function readWhole(text: string, lowest: number, highest: number, what: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= lowest && value <= highest) return value;
  const range = highest === Number.MAX_SAFE_INTEGER ? `${lowest} or more` : `${lowest} to ${highest}`;
  throw new InvalidArgumentError(`${what} is a whole number, ${range}.`);
}
