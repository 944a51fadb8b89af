import type { Boundaries } from '../message/boundaries.ts';
import { messageFlags } from '../message/flags.ts';

/** The limit of a framer whose stream has no limit. */
export const noLimit = Number.MAX_SAFE_INTEGER;

/**
 * Returns why a message cannot have the length of `bytes` that it claims, as a sentence without a full stop; empty if it can. A length
 * above the limit on a message (`maxMessage`, bytes) is wrong as soon as it is read. This is the rule for all framings but HTTP and LSP.
 * A number above 2^53 - 1 is not exact, unless it is a bigint, and is reported as such.
 */
export function claimProblem(bytes: number | bigint, maxMessage: number): string {
  if (bytes <= maxMessage) return '';
  const isExact = typeof bytes === 'bigint' || bytes <= Number.MAX_SAFE_INTEGER;
  const claimed = isExact ? String(bytes) : `more than ${Number.MAX_SAFE_INTEGER}`;
  return `a message claims ${claimed} bytes, more than the limit of ${maxMessage} bytes (maxMessage)`;
}

/**
 * An incremental scanner for one framing. It keeps a few numbers between chunks and never the bytes themselves (`MessageStream` does;
 * only HTTP keeps an unfinished header line). Never throws, for any bytes.
 */
export interface Framer {
  /**
   * Scans the next chunk of the stream, read at the time `at` (milliseconds from any origin), and adds a boundary for each message that
   * ends in it. A boundary at 0 ends the message with the bytes of earlier chunks. A message that does not follow the framing is added
   * with `pushMalformed` and the reason; the framer resumes at the next place that can be the start of a message.
   */
  push(chunk: Uint8Array, boundaries: Boundaries, at: number): void;
  /** Ends the stream: returns how to record the bytes after the last boundary, if any. The framer then starts again. */
  end(): Ending;
  /** The number of framing bytes at the start of the current message, so far. */
  readonly pendingHead: number;
  /** The length that the current message claims; `undefined` while it is unknown. */
  readonly claim?: LengthClaim | undefined;
  /** False while the bytes since the last boundary are only filler between messages. */
  readonly inside?: boolean;
  /** A message ends when no bytes arrive for this time. The owner of the stream measures it. */
  readonly gapMs?: number;
  /** Reports bytes sent in the other direction of the connection, if the framing depends on them (HTTP). */
  sent?(bytes: Uint8Array): void;
}

/** A length that a message claims, and how much of it has been received. */
export interface LengthClaim {
  /** The value of the length field; `undefined` if the length is a setting of the framing. */
  readonly says?: number;
  /** The protocol's name for the length field, if it has one. */
  readonly name?: string;
  /** The unit of `says`, if not bytes. */
  readonly unit?: 'values';
  /** Bytes received after the header; `undefined` if unknown. */
  readonly received?: number;
  /** Bytes missing up to the end of the message. */
  readonly missing: number;
  /** More than `missing` bytes may follow: the length is that of a part (a chunk, a string in an array, a block in a line). */
  readonly atLeast?: boolean;
}

export interface Ending {
  readonly head: number;
  readonly tail: number;
  /** A sum of `messageFlags`. */
  readonly flags: number;
  /** The reason, if malformed, as a sentence without a full stop. */
  readonly problem?: string;
}

/** How to record bytes after the last message that are only filler between messages. */
export const fillerEnding: Ending = { head: 0, tail: 0, flags: messageFlags.filler };

/**
 * Returns how to record the bytes of an unfinished message when their stream ends: incomplete with `head` bytes of framing, or, if
 * `problem` gives a reason, malformed with `lostHead` bytes.
 */
export function unfinished(head: number, problem: string, lostHead = 0): Ending {
  if (problem !== '') return { head: lostHead, tail: 0, flags: messageFlags.malformed, problem };
  return { head, tail: 0, flags: messageFlags.incomplete };
}

/** A framer for which each read is a message: the only one that depends on how the system splits the stream. */
export class RawFramer implements Framer {
  readonly pendingHead = 0;

  push(chunk: Uint8Array, boundaries: Boundaries): void {
    if (chunk.length > 0) boundaries.push(chunk.length, 0, 0, 0);
  }

  end(): Ending {
    return { head: 0, tail: 0, flags: 0 };
  }
}

/** A loop finds a byte within this distance faster than a call of `indexOf`. */
export const nearBytes = 24;

/** Returns the offset of `byte` in `chunk` from `from` on, or -1. `near`: it is expected within `nearBytes`. */
export function find(chunk: Uint8Array, byte: number, from: number, near: boolean): number {
  let at = from;
  if (near) {
    const end = Math.min(from + nearBytes, chunk.length);
    for (; at < end; at += 1) if (chunk[at] === byte) return at;
  }
  return chunk.indexOf(byte, at);
}

/** Returns the offset of `byte` in `chunk` from `from` on, or the chunk's length. Expects it near. */
export function findOrEnd(chunk: Uint8Array, byte: number, from: number): number {
  const at = find(chunk, byte, from, true);
  return at < 0 ? chunk.length : at;
}
