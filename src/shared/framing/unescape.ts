import { messageFlags } from '../message/flags.ts';
import { type FramingSpec, framingOfKind } from './catalogue.ts';
import { decodeMessage, isEscaped } from './list.ts';
import { parseFraming } from './spec.ts';

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
