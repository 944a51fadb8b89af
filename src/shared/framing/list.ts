import { type FramingSpec, framingOfKind } from './catalogue.ts';
import type { Framer } from './framer.ts';
import { type Encoded, type Frame, isUnframeable, join, noFrame, type Unframeable } from './framing.ts';
import { formatFraming } from './spec.ts';

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
    const asItIs = () => framingOfKind(spec.kind).asItIs?.(spec, body) ?? { bytes: body, head: 0, tail: 0 };
    const encoded = frame ? encodeMessage(spec, body) : asItIs();
    encodings.set(name, encoded);
    return encoded;
  };
}
