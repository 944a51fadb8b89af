import { Boundaries } from '../message/boundaries.ts';
import { messageFlags } from '../message/flags.ts';
import type { FramingSpec } from './catalogue.ts';
import { createFramer } from './spec.ts';

/** A part of a window of a stream: bytes `[from, to)`. */
export interface StreamPart {
  readonly from: number;
  readonly to: number;
}

/** The part of a window that one read returned, and its time in milliseconds from any origin. */
export interface ReadPart extends StreamPart {
  readonly at: number;
}

/** A message in a window of a stream. */
export interface MessagePart extends StreamPart {
  /** Framing bytes at its start and its end. */
  readonly head: number;
  readonly tail: number;
  /** A sum of `messageFlags`; `incomplete` where the window ends within it. */
  readonly flags: number;
}

/** The maximum size of one message: more than any window that is shown. */
const maxMessage = 64 * 1_048_576;

/**
 * Splits a window of a stream into the messages that the framing yields, as if the stream began there. `reads` tile `bytes` in order.
 * The messages tile it as well: what follows the last whole one is the last part. Only framings that follow reads or pauses depend on
 * `reads`. Never throws.
 */
export function splitStream(
  bytes: Uint8Array,
  reads: readonly ReadPart[],
  spec: FramingSpec,
): { readonly messages: readonly MessagePart[]; readonly problem: string } {
  const framer = createFramer(spec, maxMessage);
  const boundaries = new Boundaries();
  const messages: MessagePart[] = [];
  let from = 0;
  let problem = '';
  let lastAt = Number.POSITIVE_INFINITY;
  const push = (to: number, part: Omit<MessagePart, 'from' | 'to'>) => {
    if (to > from) messages.push({ from, to, ...part });
    from = Math.max(from, to);
  };
  for (const read of reads) {
    if (framer.gapMs !== undefined && read.at - lastAt >= framer.gapMs) push(read.from, framer.end());
    lastAt = read.at;
    framer.push(bytes.subarray(read.from, read.to), boundaries, read.at);
    for (let at = 0; at < boundaries.count; at += 1) {
      const [head = 0, tail = 0, flags = 0] = [boundaries.heads[at], boundaries.tails[at], boundaries.flags[at]];
      push(read.from + (boundaries.ends[at] ?? 0), { head, tail, flags });
    }
    problem ||= boundaries.problem;
    boundaries.clear();
  }
  if (from < bytes.length) {
    const isInside = framer.inside !== false;
    const { head, tail, flags } = framer.end();
    // The message may continue after the window.
    push(bytes.length, { head, tail, flags: isInside ? messageFlags.incomplete : flags });
  }
  return { messages, problem };
}

/** Returns the index of the part that has byte `at`, by bisection; -1 if there is none. `parts` in order, without overlaps. */
export function partAt(parts: readonly StreamPart[], at: number): number {
  let low = 0;
  let high = parts.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const part = parts[middle] as StreamPart;
    if (at < part.from) high = middle - 1;
    else if (at >= part.to) low = middle + 1;
    else return middle;
  }
  return -1;
}

/**
 * Returns reads that tile a window of `length` bytes whose first byte has the offset `start` in its stream: the known ones are clipped to
 * the window, and bytes that none of them returned are a separate read.
 */
export function tilingReads(
  reads: readonly { readonly offset: number; readonly length: number; readonly at: number }[],
  start: number,
  length: number,
): readonly ReadPart[] {
  const parts: ReadPart[] = [];
  let end = 0;
  const push = (to: number, at: number) => {
    if (to <= end) return;
    parts.push({ from: end, to, at });
    end = to;
  };
  for (const read of reads.toSorted((one, other) => one.offset - other.offset)) {
    push(Math.min(length, read.offset - start), read.at);
    push(Math.min(length, read.offset + read.length - start), read.at);
  }
  push(length, parts.at(-1)?.at ?? 0);
  return parts;
}
