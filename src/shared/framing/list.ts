import { type FramingSpec, framingOfKind } from './catalogue.ts';
import type { Framer } from './framer.ts';
import { type Encoded, type Frame, isUnframeable, join, noFrame, type Unframeable } from './framing.ts';
import { formatFraming } from './spec.ts';

/** Creates a scanner for one direction of one stream whose messages may have `maxMessage` bytes. */
export function createFramer(spec: FramingSpec, maxMessage: number): Framer {
  return framingOfKind(spec.kind).createFramer(spec, maxMessage);
}

/** Returns true where the bytes of a message change when it is framed, so that they are decoded to be shown. */
export function isEscaped(spec: FramingSpec): boolean {
  return framingOfKind(spec.kind).decode !== undefined;
}

/** Returns true where the frame of a message depends on its bytes, so that all of it must be at hand to be sent. */
export function needsBody(spec: FramingSpec): boolean {
  return framingOfKind(spec.kind).needsBody ?? false;
}

/**
 * Makes what `spec` wants before and after a body of `size` bytes that is sent piece by piece and never looked at whole.
 * JSON, XML and HTTP want nothing: such a body says itself where it ends.
 */
export function frameAround(spec: FramingSpec, size: number): Frame | Unframeable {
  const framing = framingOfKind(spec.kind);
  if (!framing.needsBody) return framing.frameAround?.(spec, size) ?? noFrame;
  const how = framing.decode ? 'changes bytes inside of a message' : 'depends on every byte of a message';
  return { problem: `the framing “${formatFraming(spec)}” ${how}, so that it cannot be sent straight from a file` };
}

/**
 * Adds to `body` what `spec` wants around a message; `docs/framing.md` says what that is for each kind.
 */
export function encodeMessage(spec: FramingSpec, body: Uint8Array): Encoded | Unframeable {
  const framing = framingOfKind(spec.kind);
  if (framing.encode) return framing.encode(spec, body);
  const frame = framing.frameAround?.(spec, body.length) ?? noFrame;
  if (isUnframeable(frame)) return frame;
  return { bytes: join(frame.head, body, frame.tail), head: frame.head.length, tail: frame.tail.length };
}

/**
 * Returns the body of one message as it stood on the wire (`message` with its framing, `head` and `tail` bytes of it):
 * without framing, and with what the framing escaped put back. A view of `message` where nothing is escaped. The inverse
 * of `encodeMessage`; never throws, whatever it is given.
 */
export function decodeMessage(spec: FramingSpec, message: Uint8Array, head: number, tail: number): Uint8Array {
  const from = Math.min(head, message.length);
  const body = message.subarray(from, Math.max(from, message.length - tail));
  return framingOfKind(spec.kind).decode?.(spec, body) ?? body;
}

/**
 * Encodes `body` for many peers: once for each framing among them, however many they are. Without `frame` it goes as it
 * is: its framing bytes are those that a reader would find, where it is one message.
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
