import { InvalidArgumentError } from 'commander';
import { parseChecksumSpec } from '#shared/bytes/checksums/spec.ts';
import { parseHex } from '#shared/bytes/hex.ts';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import { maxPingBytes } from '#shared/contract/limits.ts';
import { nameError, namePattern } from '#shared/document/document-path.ts';
import type { OptionValues } from '#shared/endpoint/options/option.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { framingUsage, parseFraming } from '#shared/framing/spec.ts';
import { parseHostPort } from '#shared/socket/address.ts';
import type { Transport } from '#shared/socket/transports.ts';

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

/** Reads a checksum, and returns its spelling. */
export function readChecksum(text: string): string {
  const read = parseChecksumSpec(text);
  if (read.ok) return text;
  throw new InvalidArgumentError(`${[read.error.system, read.error.hint].filter(Boolean).join('. ')}`);
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

/** Reads `NAME=VALUE` and appends it to those of earlier options. */
export function readVariable(text: string, before: readonly (readonly [string, string])[] = []): [string, string][] {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write NAME=VALUE.');
  if (!namePattern.test(text.slice(0, at))) throw new InvalidArgumentError(`Invalid variable: ${nameError}.`);
  return [...before.map(([name, value]): [string, string] => [name, value]), [text.slice(0, at), text.slice(at + 1)]];
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

/** The options that select the transport. */
export interface TransportFlags {
  readonly udp?: boolean | undefined;
  readonly tls?: boolean | undefined;
  readonly ws?: boolean | undefined;
  readonly unix?: boolean | undefined;
}

/** The address and transport of a server or a client. */
export interface Target {
  readonly transport: Transport;
  /** Empty for a local socket, whose port is 0. */
  readonly host: string;
  readonly port: number;
  /** The path of a local socket. */
  readonly path: string;
  /** The path and query of a WebSocket. */
  readonly wsPath: string;
  /** The values of an endpoint of the workspace, by path: what no flag sets. */
  readonly values?: OptionValues | undefined;
}

const schemes: Readonly<Record<string, TransportFlags>> = {
  tcp: {},
  tls: { tls: true },
  udp: { udp: true },
  ws: { ws: true },
  wss: { ws: true, tls: true },
  unix: { unix: true },
};

/** How to write an address, by role. */
export const addressUsage = {
  server: 'Use PORT or HOST:PORT, for example 12345, 127.0.0.1:12345 or [::1]:12345.',
  client: 'Use HOST:PORT, for example 127.0.0.1:12345, [::1]:12345 or localhost:12345.',
} as const;

/**
 * Reads the address argument of `listen` and `send`: `[HOST:]PORT`, of a client `HOST:PORT`; with `--unix` a path; with
 * `--ws` also the path of the request. All of these can have a scheme: `wss://localhost:8443/chat`, `unix:/run/app.sock`.
 * The default host of a server is 127.0.0.1. The `message` of a failure is a sentence for the error output.
 */
export function readTarget(text: string, role: 'server' | 'client', flags: TransportFlags): Result<Target> {
  const scheme = /^([a-z]+):\/\/|^(unix):/i.exec(text)?.slice(1).find(Boolean)?.toLowerCase();
  if (scheme === undefined) return readRest(text, role, transportOf(flags));
  const known = Object.hasOwn(schemes, scheme) ? schemes[scheme] : undefined;
  if (!known) {
    return wrong(`Unknown scheme “${scheme}”: use tcp, tls, udp, ws, wss or unix.`);
  }
  // `ws://… --tls` is wss; in all other cases the options must match the scheme.
  const allowed: TransportFlags = scheme === 'ws' ? { ...known, tls: true } : known;
  for (const flag of ['udp', 'tls', 'ws', 'unix'] as const) {
    if (flags[flag] && !allowed[flag]) return wrong(`--${flag} cannot be used with ${scheme}:`);
  }
  const rest = text.slice(scheme.length + 1).replace(/^\/\//, '');
  return readRest(rest, role, transportOf({ ...known, ...(flags.tls ? { tls: true } : {}) }));
}

/** Returns the transport of the options, which do not conflict. */
function transportOf({ udp, tls, ws, unix }: TransportFlags): Transport {
  if (udp) return 'udp';
  if (unix) return 'local';
  if (ws) return tls ? 'wss' : 'ws';
  return tls ? 'tls' : 'tcp';
}

function readRest(text: string, role: 'server' | 'client', transport: Transport): Result<Target> {
  if (transport === 'local') return readPath(text);
  if (transport === 'ws' || transport === 'wss') return readWebSocket(text, role, transport);
  return readAddress(text, role, transport, '/', undefined);
}

function readPath(text: string): Result<Target> {
  if (text === '') return wrong('The path of the socket is missing. Example: /run/app.sock.');
  return ok({ transport: 'local', host: '', port: 0, path: text, wsPath: '/' });
}

function readWebSocket(text: string, role: 'server' | 'client', transport: 'ws' | 'wss'): Result<Target> {
  const at = text.search(/[/?]/);
  const address = at < 0 ? text : text.slice(0, at);
  const rest = at < 0 ? '/' : text.slice(at);
  const wsPath = rest.startsWith('?') ? `/${rest}` : rest;
  // RFC 6455, section 3 allows no fragment, and an HTTP request line neither spaces nor control characters.
  if (!/^[!"$-~]*$/.test(wsPath))
    return wrong('The path of a WebSocket must be ASCII without “#” or spaces, for example /chat?room=1.');
  return readAddress(address, role, transport, wsPath, transport === 'ws' ? 80 : 443);
}

function readAddress(
  text: string,
  role: 'server' | 'client',
  transport: Transport,
  wsPath: string,
  defaultPort: number | undefined,
): Result<Target> {
  if (text.includes('@'))
    return wrong(
      'The address cannot contain a user name and password. For WebSocket, use --header "Authorization: Basic …".',
    );
  const defaultHost = role === 'server' ? '127.0.0.1' : undefined;
  const found = parseHostPort(text, defaultHost) ?? withPort(text, defaultPort);
  if (!found) return wrong(addressUsage[role]);
  const { host, port } = found;
  const lowest = role === 'server' ? 0 : 1;
  if (port < lowest || port > 65_535) return wrong(`Invalid port ${port}: it must be ${lowest}–65535.`);
  if (host.length > 255) return wrong('The host must have at most 255 characters.');
  return ok({ transport, host, port, path: '', wsPath });
}

/** Reads a host without a port, such as `localhost` or `[::1]`, if the scheme has a default port. */
function withPort(text: string, port: number | undefined): { host: string; port: number } | undefined {
  return port === undefined || /^\d*$/.test(text) ? undefined : parseHostPort(`${text}:${port}`);
}

function wrong(message: string): Result<never> {
  return fail('bad-input', message);
}
