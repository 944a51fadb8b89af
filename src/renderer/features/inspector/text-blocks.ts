import { isMark } from '#shared/bytes/clusters.ts';
import { sequenceLength } from '#shared/bytes/utf8.ts';

/** A part of a text that is drawn separately: bytes `[from, to)`. */
export interface TextBlock {
  readonly from: number;
  readonly to: number;
  /** Number of line ends in it. */
  readonly lines: number;
}

/** Maximum size of a block. The visible blocks and a few more are drawn at the same time. */
export const maxBlockBytes = 2_048;
export const maxBlockLines = 256;

/**
 * Splits a text into blocks of at most `maxBlockBytes` and `maxBlockLines`: after a line end if there is one, else
 * between two characters. Combining marks stay in the block of their character, even if they exceed the maximum.
 */
export function textBlocks(bytes: Uint8Array): TextBlock[] {
  const blocks: TextBlock[] = [];
  for (let from = 0; from < bytes.length; ) {
    const block = blockAt(bytes, from);
    blocks.push(block);
    from = block.to;
  }
  return blocks;
}

function blockAt(bytes: Uint8Array, from: number): TextBlock {
  const most = Math.min(bytes.length, from + maxBlockBytes);
  let lines = 0;
  let end = from;
  for (let at = from; at < most && lines < maxBlockLines; at += 1) {
    // A CR alone also ends a line.
    if (bytes[at] !== 10 && (bytes[at] !== 13 || bytes[at + 1] === 10)) continue;
    lines += 1;
    end = at + 1;
  }
  if (most === bytes.length && lines < maxBlockLines) return { from, to: most, lines };
  // A line longer than a block is split.
  return { from, to: end > from ? end : characterEnd(bytes, from, most), lines };
}

/** Returns the offset nearest to `near` that neither splits a character nor separates it from its combining marks. */
function characterEnd(bytes: Uint8Array, from: number, near: number): number {
  let to = near;
  for (let back = 3; back > 0 && to > from + 1 && ((bytes[to] ?? 0) & 0xc0) === 0x80; back -= 1) to -= 1;
  // The line feed of a long line stays in its block.
  if (bytes[to] === 10) return to + 1;
  for (;;) {
    const length = sequenceLength(bytes, to);
    if (length < 2 || !isMark(codeAt(bytes, to, length))) return to;
    to += length;
  }
}

/** Returns the code point of the well-formed UTF-8 sequence of `length` bytes at `at`. */
function codeAt(bytes: Uint8Array, at: number, length: number): number {
  let code = (bytes[at] as number) & (0xff >> (length + 1));
  for (let index = 1; index < length; index += 1) code = (code << 6) | ((bytes[at + index] as number) & 0x3f);
  return code;
}
