import { messageFlags } from '../message/flags.ts';
import type { FramingSpec } from './catalogue.ts';
import { wholeCobsBlocks } from './cobs.ts';
import { decodeMessage, isEscaped } from './list.ts';
import { parseFraming } from './spec.ts';

/** What is known of a message without its bytes: how many of them are framing before and after it, and its `messageFlags`. */
export interface FramedRow {
  readonly head: number;
  readonly tail: number;
  readonly flags: number;
}

let lastName = '';
let lastSpec: FramingSpec | undefined;

/**
 * The framing by which the bytes of a message are to be decoded; `undefined` where they are the message as they stand: under
 * a framing that escapes nothing, or where they do not follow it. Without bytes of framing they were sent as they are, or
 * came before that framing was chosen. `framing`: of the record's socket, in the command line's spelling.
 */
export function escapingOf(framing: string, { head, tail, flags }: FramedRow): FramingSpec | undefined {
  const spec = specOf(framing);
  if (!spec || !isEscaped(spec) || (flags & messageFlags.malformed) !== 0) return undefined;
  const isPiece = (flags & (messageFlags.incomplete | messageFlags.truncated)) !== 0;
  // Where the blocks of COBS begin only the beginning of a frame tells, and its end whether they do.
  if (spec.kind === 'cobs') return tail === 1 && !isPiece ? spec : undefined;
  return head + tail > 0 || isPiece ? spec : undefined;
}

/** How many bytes of a message give its first `length` decoded ones, whatever is escaped: framing and all. */
export function bytesToDecode(length: number, head: number): number {
  // An escaped byte is two. COBS has a byte more for each 254, and its last block must be whole.
  return head + Math.max(2 * length, length + 2 * 255);
}

/**
 * The first bytes of a message's body: `start` is what the message begins with, its `head` bytes of framing included, and
 * ends before its tail. May give a few bytes less than it could. Never throws.
 */
export function decodeStart(spec: FramingSpec, start: Uint8Array, head: number, isWhole: boolean): Uint8Array {
  const whole = spec.kind === 'cobs' && !isWhole ? head + wholeCobsBlocks(start.subarray(head)) : start.length;
  return decodeMessage(spec, start.subarray(0, whole), head, 0);
}

/** The framing of that spelling. A run has few, and this is asked for each message. */
function specOf(name: string): FramingSpec | undefined {
  if (name !== lastName) {
    lastName = name;
    lastSpec = parseFraming(name);
  }
  return lastSpec;
}
