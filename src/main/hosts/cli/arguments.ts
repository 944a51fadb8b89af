import { InvalidArgumentError } from 'commander';
import { parseHex } from '#shared/bytes/hex.ts';
import { type FramingSpec, framingSpellings, parseFraming } from '#shared/framing/spec.ts';
import { parseHostPort } from '#shared/socket/address.ts';

/*
 * How each argument of the command line is read. What is wrong is thrown as commander's `InvalidArgumentError`, which
 * ends the program with its words and code 2.
 */

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** Reads `[HOST:]PORT`; the host is 127.0.0.1 where it is left out. */
export function readListenAddress(text: string): HostPort {
  const address = parseHostPort(text, '127.0.0.1');
  if (!address) throw new InvalidArgumentError('Write PORT or HOST:PORT: 12345, 127.0.0.1:12345, [::1]:12345.');
  return checkAddress(address, 0);
}

/** Reads `HOST:PORT`. */
export function readPeerAddress(text: string): HostPort {
  const address = parseHostPort(text);
  if (!address) throw new InvalidArgumentError('Write HOST:PORT: 127.0.0.1:12345, [::1]:12345, localhost:12345.');
  return checkAddress(address, 1);
}

export function readPort(text: string): number {
  return readWhole(text, 0, 65_535, 'A port');
}

export function readBacklog(text: string): number {
  return readWhole(text, 1, 65_535, 'A backlog');
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
  if (!framing) throw new InvalidArgumentError(`A framing is one of ${framingSpellings.join(', ')}.`);
  return framing;
}

/** The bytes that `text` spells in hex. */
export function readHex(text: string): Uint8Array {
  const parsed = parseHex(text);
  if (!parsed.ok) throw new InvalidArgumentError(`At character ${parsed.at + 1}: ${parsed.reason}.`);
  return parsed.bytes;
}

function checkAddress(address: HostPort, lowest: number): HostPort {
  if (address.port < lowest || address.port > 65_535) {
    throw new InvalidArgumentError(`${address.port} is no port here: a port is ${lowest} to 65535.`);
  }
  if (address.host.length > 255) throw new InvalidArgumentError('A host has at most 255 characters.');
  return address;
}

function readWhole(text: string, lowest: number, highest: number, what: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= lowest && value <= highest) return value;
  const range = highest === Number.MAX_SAFE_INTEGER ? `${lowest} or more` : `${lowest} to ${highest}`;
  throw new InvalidArgumentError(`${what} is a whole number, ${range}.`);
}
