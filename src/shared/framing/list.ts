import { assertNever } from '../assert-never.ts';
import { parseHex } from '../bytes/hex.ts';
import { createDelimiterFramer } from './delimiter.ts';
import type { Framer } from './framer.ts';
import { createJsonFramer } from './json.ts';
import { createRawFramer } from './raw.ts';
import { type FramingSpec, formatFraming } from './spec.ts';

/** A new scanner for one direction of one stream. */
export function createFramer(spec: FramingSpec): Framer {
  switch (spec.kind) {
    case 'raw':
      return createRawFramer();
    case 'delimiter':
      return createDelimiterFramer(delimiterBytes(spec.delimiter));
    case 'json':
      return createJsonFramer();
    default:
      return assertNever(spec);
  }
}

/** A message as it goes on the wire: `head` bytes at its start and `tail` at its end are framing. */
export interface Encoded {
  readonly bytes: Uint8Array;
  readonly head: number;
  readonly tail: number;
}

/** A body that a framing cannot carry: why, as a sentence without a full stop. */
export interface Unframeable {
  readonly problem: string;
}

export function isUnframeable(result: object): result is Unframeable {
  return 'problem' in result;
}

/**
 * Adds to `body` what `spec` wants around a message. A line that already ends with its delimiter is left alone; a JSON
 * number or word gets a line feed, without which its reader could not tell that it has ended.
 */
export function encodeMessage(spec: FramingSpec, body: Uint8Array): Encoded | Unframeable {
  switch (spec.kind) {
    case 'raw':
      return { bytes: body, head: 0, tail: 0 };
    case 'delimiter': {
      const delimiter = delimiterBytes(spec.delimiter);
      return { bytes: endsWith(body, delimiter) ? body : concat(body, delimiter), head: 0, tail: delimiter.length };
    }
    case 'json': {
      const last = body.at(-1);
      const ended = last === undefined || last === 0x7d || last === 0x5d || last === 0x22 || last <= 0x20;
      // Trailing white space is the next message's head to a reader, so it is no tail here either.
      return { bytes: ended ? body : concat(body, Uint8Array.of(0x0a)), head: 0, tail: 0 };
    }
    default:
      return assertNever(spec);
  }
}

/**
 * Encodes `body` for many peers: once for each framing among them, however many they are. Without `frame` it goes as it
 * is.
 */
export function createEncoder(body: Uint8Array, frame: boolean): (spec: FramingSpec) => Encoded | Unframeable {
  const encodings = new Map<string, Encoded | Unframeable>();
  return (spec) => {
    const name = formatFraming(spec);
    const known = encodings.get(name);
    if (known) return known;
    const encoded = frame ? encodeMessage(spec, body) : { bytes: body, head: 0, tail: tailOf(spec, body) };
    encodings.set(name, encoded);
    return encoded;
  };
}

/** The framing bytes at the end of a message that is sent as it is. */
function tailOf(spec: FramingSpec, bytes: Uint8Array): number {
  if (spec.kind !== 'delimiter') return 0;
  const delimiter = delimiterBytes(spec.delimiter);
  return endsWith(bytes, delimiter) ? delimiter.length : 0;
}

function delimiterBytes(hex: string): Uint8Array {
  const parsed = parseHex(hex);
  if (!parsed.ok || parsed.bytes.length === 0) throw new Error(`a delimiter that was never parsed: ${hex}`);
  return parsed.bytes;
}

function endsWith(bytes: Uint8Array, ending: Uint8Array): boolean {
  const from = bytes.length - ending.length;
  return from >= 0 && ending.every((byte, index) => bytes[from + index] === byte);
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}

/**
 * The body of one message as it stood on the wire (`message` with its framing, `head` and `tail` bytes of it): without
 * framing, and with what the framing escaped put back. A view of `message` where nothing is escaped. The inverse of
 * `encodeMessage`; never throws, whatever it is given.
 */
export function decodeMessage(_spec: FramingSpec, message: Uint8Array, head: number, tail: number): Uint8Array {
  return message.subarray(Math.min(head, message.length), Math.max(head, message.length - tail));
}

/** The bytes before and after a body of `size` bytes that is never wholly in memory. */
export function frameAround(
  spec: FramingSpec,
  _size: number,
): { readonly head: Uint8Array; readonly tail: Uint8Array } | Unframeable {
  const none = new Uint8Array(0);
  return { head: none, tail: spec.kind === 'delimiter' ? delimiterBytes(spec.delimiter) : none };
}

/** True where a message's bytes are not its body between framing, but escaped. */
export function isEscaped(_spec: FramingSpec): boolean {
  return false;
}
