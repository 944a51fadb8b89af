import { InvalidArgumentError } from 'commander';
import { parseHex } from '#shared/bytes/hex.ts';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import { maxPingBytes } from '#shared/contract/limits.ts';
import { headerProblem, headerValueProblem } from '#shared/endpoint/http-header.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { framingUsage, parseFraming } from '#shared/framing/spec.ts';

/*
 * Parsers of arguments. An invalid argument throws commander's `InvalidArgumentError`, which ends the program with the
 * message of the error and code 2.
 */

export function readPort(text: string): number {
  return readWhole(text, 0, 65_535, 'The port');
}

export function readBacklog(text: string): number {
  return readWhole(text, 1, 65_535, 'The backlog');
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
  throw new InvalidArgumentError('The number of bytes must be like 4096, 64k (64,000) or 1.5M (1,500,000).');
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

export function readTtl(text: string): number {
  return readWhole(text, 1, 255, 'The TTL');
}

/** Reads a multicast TTL. 0: datagrams stay on this machine. */
export function readMulticastTtl(text: string): number {
  return readWhole(text, 0, 255, 'The multicast TTL');
}

export function readConnections(text: string): number {
  return readWhole(text, 1, 100_000, 'The number of connections');
}

/** Reads a timeout in milliseconds. */
export function readTimeout(text: string): number {
  return readWhole(text, 50, 600_000, 'The timeout in milliseconds');
}

/** Reads a delay before reconnecting, in milliseconds. */
export function readDelay(text: string): number {
  return readWhole(text, 10, 86_400_000, 'The delay in milliseconds');
}

/** Reads a comma-separated list. */
export function readList(text: string): string[] {
  const words = text.split(',').map((word) => word.trim());
  if (words.every((word) => word !== '')) return words;
  throw new InvalidArgumentError('Use one name, or several separated by commas: h2,http/1.1.');
}

/** Reads a header of the WebSocket handshake, `Name: value`, and appends it to those of earlier options. */
export function readHeader(text: string, before: readonly string[] = []): string[] {
  const problem = headerProblem(text);
  if (problem) throw new InvalidArgumentError(`${problem[0]?.toUpperCase()}${problem.slice(1)}.`);
  return [...before, text];
}

/** Reads the value of the Origin header. */
export function readOrigin(text: string): string {
  if (headerValueProblem(text) === undefined && text.trim() !== '') return text.trim();
  throw new InvalidArgumentError('The origin must be like https://example.org, without control characters.');
}

/** Reads the payload of a ping and encodes it in UTF-8. */
export function readPing(text: string): Uint8Array {
  const payload = encodeUtf8(text);
  if (payload.length <= maxPingBytes) return payload;
  throw new InvalidArgumentError(`The payload of a ping must have at most ${maxPingBytes} bytes.`);
}

/**
 * Reads the SHA-256 fingerprint of a certificate and appends it to those of earlier options: 32 bytes in hex, with or
 * without colons. It may have the prefix `sha256 Fingerprint=`, which openssl prints.
 */
export function readFingerprint(text: string, before: readonly string[] = []): string[] {
  const hex = text.replace(/^.*=/, '').replaceAll(/[: ]/g, '').toUpperCase();
  if (!/^[0-9A-F]{64}$/.test(hex)) {
    throw new InvalidArgumentError('The fingerprint must be the SHA-256 of a certificate, 32 bytes in hex: AB:CD:….');
  }
  return [...before, (hex.match(/../g) ?? []).join(':')];
}

function readWhole(text: string, lowest: number, highest: number, what: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= lowest && value <= highest) return value;
  const range = highest === Number.MAX_SAFE_INTEGER ? `of at least ${lowest}` : `from ${lowest} to ${highest}`;
  throw new InvalidArgumentError(`${what} must be a whole number ${range}.`);
}
