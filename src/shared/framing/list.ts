import { assertNever } from '../assert-never.ts';
import { parseHex } from '../bytes/hex.ts';
import { createCobsFramer, decodeCobs, encodeCobs } from './cobs.ts';
import { Cuts } from './cuts.ts';
import { createDelimiterFramer } from './delimiter.ts';
import { createFixedFramer, fixedPadding } from './fixed.ts';
import type { Framer } from './framer.ts';
import { createGapFramer } from './gap.ts';
import { createHttpFramer } from './http.ts';
import { createJsonFramer, jsonTail } from './json.ts';
import { createLengthFramer, lengthHeader } from './length.ts';
import { createRawFramer } from './raw.ts';
import { createSlipFramer, decodeSlip, encodeSlip } from './slip.ts';
import { type FramingSpec, formatFraming } from './spec.ts';
import { createStxFramer, decodeStx, encodeStx, type StxBytes } from './stx.ts';
import { createXmlFramer } from './xml.ts';

/** A new scanner for one direction of one stream. */
export function createFramer(spec: FramingSpec): Framer {
  switch (spec.kind) {
    case 'raw':
      return createRawFramer();
    case 'delimiter':
      return createDelimiterFramer(hexBytes(spec.delimiter), spec.keep ?? false);
    case 'fixed':
      return createFixedFramer(spec.size);
    case 'length':
      return createLengthFramer(spec);
    case 'stx':
      return createStxFramer(stxBytes(spec));
    case 'slip':
      return createSlipFramer();
    case 'cobs':
      return createCobsFramer();
    case 'json':
      return createJsonFramer(false);
    case 'json-array':
      return createJsonFramer(true);
    case 'xml':
      return createXmlFramer();
    case 'http':
      return createHttpFramer();
    case 'gap':
      return createGapFramer(spec.ms);
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

/** What stands before and after a body. */
export interface Frame {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
}

/** True where the bytes of a message change when it is framed, so that all of it must be at hand. */
export function isEscaped(spec: FramingSpec): boolean {
  return spec.kind === 'stx' || spec.kind === 'slip' || spec.kind === 'cobs';
}

const nothing = new Uint8Array(0);
const noFrame: Frame = { head: nothing, tail: nothing };
const arrayFrame: Frame = { head: Uint8Array.of(0x5b), tail: Uint8Array.of(0x5d) };

/**
 * What `spec` wants before and after a body of `size` bytes that is sent piece by piece and never looked at whole. JSON,
 * XML and HTTP want nothing: such a body says itself where it ends.
 */
export function frameAround(spec: FramingSpec, size: number): Frame | Unframeable {
  switch (spec.kind) {
    case 'raw':
    case 'json':
    case 'xml':
    case 'http':
    case 'gap':
      return noFrame;
    case 'json-array':
      return arrayFrame;
    case 'delimiter':
      return { head: nothing, tail: hexBytes(spec.delimiter) };
    case 'fixed': {
      const tail = fixedPadding(spec.size, hexBytes(spec.pad)[0] as number, size);
      return typeof tail === 'string' ? { problem: tail } : { head: nothing, tail };
    }
    case 'length': {
      const head = lengthHeader(spec, size);
      return typeof head === 'string' ? { problem: head } : { head, tail: nothing };
    }
    case 'stx':
    case 'slip':
    case 'cobs':
      return {
        problem: `the framing “${formatFraming(spec)}” changes bytes inside of a message, so that it cannot be sent straight from a file`,
      };
    default:
      return assertNever(spec);
  }
}

/**
 * Adds to `body` what `spec` wants around a message. A line that already ends with its delimiter is left alone; a JSON
 * number or word gets a line feed, without which its reader could not tell that it has ended; an element of a JSON array
 * is sent as an array of its own. Padding and a kept delimiter belong to the message, as they do to its reader.
 */
export function encodeMessage(spec: FramingSpec, body: Uint8Array): Encoded | Unframeable {
  switch (spec.kind) {
    case 'delimiter': {
      const delimiter = hexBytes(spec.delimiter);
      const bytes = endsWith(body, delimiter) ? body : join(nothing, body, delimiter);
      return { bytes, head: 0, tail: spec.keep ? 0 : delimiter.length };
    }
    case 'json':
      // Trailing white space is the next message's head to a reader, so it is no tail here either.
      return { bytes: join(nothing, body, jsonTail(body)), head: 0, tail: 0 };
    case 'stx':
      return { bytes: encodeStx(stxBytes(spec), body), head: 1, tail: 1 };
    case 'slip':
      if (body.length === 0) return { problem: 'SLIP has no empty messages' };
      return { bytes: encodeSlip(body), head: 1, tail: 1 };
    case 'cobs':
      return { bytes: encodeCobs(body), head: 0, tail: 1 };
    default: {
      const frame = frameAround(spec, body.length);
      if (isUnframeable(frame)) return frame;
      const tail = spec.kind === 'fixed' ? 0 : frame.tail.length;
      return { bytes: join(frame.head, body, frame.tail), head: frame.head.length, tail };
    }
  }
}

/**
 * The body of one message as it stood on the wire (`message` with its framing, `head` and `tail` bytes of it): without
 * framing, and with what the framing escaped put back. A view of `message` where nothing is escaped. The inverse of
 * `encodeMessage`; never throws, whatever it is given.
 */
export function decodeMessage(spec: FramingSpec, message: Uint8Array, head: number, tail: number): Uint8Array {
  const from = Math.min(head, message.length);
  const body = message.subarray(from, Math.max(from, message.length - tail));
  switch (spec.kind) {
    case 'stx':
      return decodeStx(stxBytes(spec), body);
    case 'slip':
      return decodeSlip(body);
    case 'cobs':
      return decodeCobs(body);
    default:
      return body;
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
    const encoded = frame ? encodeMessage(spec, body) : asItIs(spec, body);
    encodings.set(name, encoded);
    return encoded;
  };
}

/** A message that is sent as it is: its framing bytes are those that a reader would find, where it is one message. */
function asItIs(spec: FramingSpec, bytes: Uint8Array): Encoded {
  if (spec.kind === 'delimiter') {
    const delimiter = hexBytes(spec.delimiter);
    const tail = !spec.keep && endsWith(bytes, delimiter) ? delimiter.length : 0;
    return { bytes, head: 0, tail };
  }
  if (!isEscaped(spec) && spec.kind !== 'length') return { bytes, head: 0, tail: 0 };
  const cuts = new Cuts();
  createFramer(spec).push(bytes, cuts, 0);
  const isWhole = cuts.count === 1 && cuts.ends[0] === bytes.length;
  return { bytes, head: isWhole ? (cuts.heads[0] as number) : 0, tail: isWhole ? (cuts.tails[0] as number) : 0 };
}

function stxBytes(spec: { readonly stx: string; readonly etx: string; readonly escape: string }): StxBytes {
  const byteOf = (hex: string) => hexBytes(hex)[0] as number;
  return { stx: byteOf(spec.stx), etx: byteOf(spec.etx), escape: byteOf(spec.escape) };
}

function hexBytes(hex: string): Uint8Array {
  const parsed = parseHex(hex);
  if (!parsed.ok || parsed.bytes.length === 0) throw new Error(`bytes of a framing that were never parsed: ${hex}`);
  return parsed.bytes;
}

function endsWith(bytes: Uint8Array, ending: Uint8Array): boolean {
  const from = bytes.length - ending.length;
  return from >= 0 && ending.every((byte, index) => bytes[from + index] === byte);
}

/** The three in a row; `body` itself where the others are empty. */
function join(head: Uint8Array, body: Uint8Array, tail: Uint8Array): Uint8Array {
  if (head.length === 0 && tail.length === 0) return body;
  const joined = new Uint8Array(head.length + body.length + tail.length);
  joined.set(head);
  joined.set(body, head.length);
  joined.set(tail, head.length + body.length);
  return joined;
}
