import { messageFlags } from '../message/flags.ts';
import { type FramingSpec, framingOfKind, framings } from './catalogue.ts';
import type { Framer } from './framer.ts';
import { type Encoded, type Frame, isUnframeable, join, noFrame, type Unframeable } from './framing.ts';
import { framingOfProtocol, protocols } from './protocols.ts';

/** What happens after bytes that do not follow the framing: search for the next message, or stop and record reads. */
export const badFrames = ['resynchronise', 'stop'] as const;
export type BadFrame = (typeof badFrames)[number];

/** The spellings that the command line accepts, for its help and errors. Capitals stand for values, brackets for optional parts. */
export const framingSpellings: readonly string[] = framings.flatMap(({ spellings }) =>
  spellings.map(({ text }) => text),
);

/** The spellings and the names of protocols, for a help text. */
export const framingUsage = `${framingSpellings.join(', ')}; or the name of a protocol: ${protocols.map(({ name }) => name).join(', ')}`;

/**
 * Parses the command line's spelling of a framing (`line`, `line:crlf`, `delim:0d0a`, `len:4be`, `json`, …) or the name of a
 * protocol (`modbus`). Returns `undefined` for any other text.
 */
export function parseFraming(text: string): FramingSpec | undefined {
  return parseSpelling(text) ?? parseSpelling(framingOfProtocol(text) ?? '');
}

function parseSpelling(text: string): FramingSpec | undefined {
  for (const framing of framings) {
    const spec = framing.parse(text);
    if (spec) return spec;
  }
  return undefined;
}

/** Returns the command line's spelling of `spec`: the inverse of `parseFraming`, and the same for all specs that frame alike. */
export function formatFraming(spec: FramingSpec): string {
  return framingOfKind(spec.kind).format(spec);
}

/** Creates a scanner for one direction of one stream, whose messages have at most `maxMessage` bytes. */
export function createFramer(spec: FramingSpec, maxMessage: number): Framer {
  return framingOfKind(spec.kind).createFramer(spec, maxMessage);
}

/** Returns true if framing changes the bytes of a message, so that they have to be decoded for display. */
export function isEscaped(spec: FramingSpec): boolean {
  return framingOfKind(spec.kind).decode !== undefined;
}

/** Returns true if the frame of a message depends on its bytes, so that the whole message has to be in memory. */
export function needsBody(spec: FramingSpec): boolean {
  return framingOfKind(spec.kind).needsBody ?? false;
}

/** Returns true if messages end where reads or pauses do, so that any part of a stream can be sent alone. */
export function followsReads(spec: FramingSpec): boolean {
  return framingOfKind(spec.kind).followsReads ?? false;
}

/** Returns what sending adds to a message, in a few words; empty if nothing. */
export function addedBy(spec: FramingSpec): string {
  return framingOfKind(spec.kind).adds?.(spec) ?? '';
}

/**
 * Returns the frame of a body of `size` bytes that is sent in chunks and is never in memory whole. JSON, XML and HTTP have none:
 * such a body shows where it ends.
 */
export function frameAround(spec: FramingSpec, size: number): Frame | Unframeable {
  const framing = framingOfKind(spec.kind);
  if (!framing.needsBody) return framing.frameAround?.(spec, size) ?? noFrame;
  const reason = framing.decode ? 'changes bytes inside a message' : 'depends on every byte of a message';
  return { problem: `the framing “${formatFraming(spec)}” ${reason}, so it cannot be sent directly from a file` };
}

/** Frames `body`; docs/framing.md lists what each kind adds. */
export function encodeMessage(spec: FramingSpec, body: Uint8Array): Encoded | Unframeable {
  const framing = framingOfKind(spec.kind);
  if (framing.encode) return framing.encode(spec, body);
  const frame = framing.frameAround?.(spec, body.length) ?? noFrame;
  if (isUnframeable(frame)) return frame;
  const { head, tail, keepsTail } = frame;
  return { bytes: join(head, body, tail), head: head.length, tail: keepsTail ? 0 : tail.length };
}

/**
 * Returns the body of one message on the wire (`message`, of which `head` and `tail` bytes are framing), without framing and escapes:
 * the inverse of `encodeMessage`. It is a view of `message` if the framing escapes nothing. Never throws.
 */
export function decodeMessage(spec: FramingSpec, message: Uint8Array, head: number, tail: number): Uint8Array {
  const from = Math.min(head, message.length);
  const body = message.subarray(from, Math.max(from, message.length - tail));
  return framingOfKind(spec.kind).decode?.(spec, body) ?? body;
}

/**
 * Returns a function that encodes `body` for many peers, once for each framing. If `frame` is false, the body is sent unchanged; its
 * framing bytes are those that a reader finds if it is one message.
 */
export function createEncoder(body: Uint8Array, frame: boolean): (spec: FramingSpec) => Encoded | Unframeable {
  const encodings = new Map<string, Encoded | Unframeable>();
  return (spec) => {
    const name = formatFraming(spec);
    const known = encodings.get(name);
    if (known) return known;
    const encoded = encodeOnce(spec, body, frame);
    encodings.set(name, encoded);
    return encoded;
  };
}

/** Returns a message as it is sent over `spec`: framed with `frame`; without it unchanged, with the framing that is found in it. */
export function encodeOnce(spec: FramingSpec, body: Uint8Array, frame: boolean): Encoded | Unframeable {
  if (frame) return encodeMessage(spec, body);
  return framingOfKind(spec.kind).asItIs?.(spec, body) ?? { bytes: body, head: 0, tail: 0 };
}

/** A message without its bytes: the number of framing bytes before and after it, and its `messageFlags`. */
export interface FramedRow {
  readonly head: number;
  readonly tail: number;
  readonly flags: number;
}

let lastName = '';
let lastSpec: FramingSpec | undefined;

/**
 * Returns the framing by which the bytes of a message have to be decoded; `undefined` if they are the message: under a framing
 * without escapes, for malformed bytes, and without bytes of framing, since the message was then sent unframed or before the
 * framing was set. `framing` is the one of the record's socket, in the command line's spelling.
 */
export function escapingOf(framing: string, { head, tail, flags }: FramedRow): FramingSpec | undefined {
  const spec = specOf(framing);
  if (!spec || !isEscaped(spec) || (flags & messageFlags.malformed) !== 0) return undefined;
  const isPiece = (flags & (messageFlags.incomplete | messageFlags.truncated)) !== 0;
  // Only the start of a frame shows where its blocks begin, and only its end shows whether they do.
  if (framingOfKind(spec.kind).blocks) return tail === 1 && !isPiece ? spec : undefined;
  return head + tail > 0 || isPiece ? spec : undefined;
}

/** Returns false if the last byte of a message shows that it is not a frame of `spec`. */
export function canEndFrame(spec: FramingSpec, last: number | undefined): boolean {
  const { blocks } = framingOfKind(spec.kind);
  return blocks === undefined || last === blocks.end;
}

/** Returns the number of bytes of a message, framing included, that decode to at least its first `length` bytes. */
export function bytesToDecode(length: number, head: number): number {
  // An escaped byte is two bytes. COBS adds a byte to each 254, and its last block must be whole.
  return head + Math.max(2 * length, length + 2 * 255);
}

/**
 * Decodes the first bytes of a message's body. `start` is the start of the message, its `head` bytes of framing included and its
 * tail excluded. May return a few bytes less than possible. Never throws.
 */
export function decodeStart(spec: FramingSpec, start: Uint8Array, head: number, isWhole: boolean): Uint8Array {
  const { blocks } = framingOfKind(spec.kind);
  const end = blocks && !isWhole ? head + blocks.wholeBytes(start.subarray(head)) : start.length;
  return decodeMessage(spec, start.subarray(0, end), head, 0);
}

/** Returns the framing of a spelling. A session has few, and this is called for each message. */
function specOf(name: string): FramingSpec | undefined {
  if (name !== lastName) {
    lastName = name;
    lastSpec = parseFraming(name);
  }
  return lastSpec;
}
