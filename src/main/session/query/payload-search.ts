import type { DecodedBlock } from '../format/decoded-block.ts';
import type { Progress } from '../threads.ts';

/** How much of a large message is searched in one step. */
const pieceBytes = 1_048_576;

/** The range of one record in which a needle is searched for. */
interface SearchRange {
  readonly block: DecodedBlock;
  readonly place: number;
  readonly needle: Uint8Array;
  /** The needle begins at or after `from` … */
  readonly from: number;
  /** … and ends at or before `to`, within the record's length. */
  readonly to: number;
}

/** Finds the first occurrence of the needle in the range; returns an offset in the record. Reads large messages in pieces. */
export function* searchForward({
  block,
  place,
  needle,
  from,
  to,
}: SearchRange): Generator<Progress, number | undefined> {
  for (let begin = from; begin + needle.length <= to; begin += pieceBytes) {
    const at = find(block, place, needle, begin, Math.min(to, begin + pieceBytes + needle.length - 1), false);
    if (at !== undefined) return at;
    yield { done: begin - from, total: to - from };
  }
  return undefined;
}

/** Finds the last occurrence of the needle in the range. */
export function* searchBackward({
  block,
  place,
  needle,
  from,
  to,
}: SearchRange): Generator<Progress, number | undefined> {
  for (let end = to; end - needle.length >= from; end -= pieceBytes) {
    const at = find(block, place, needle, Math.max(from, end - pieceBytes - needle.length + 1), end, true);
    if (at !== undefined) return at;
    yield { done: to - end, total: to - from };
  }
  return undefined;
}

/** Finds the first occurrence of `needle` in bytes `[from, to)` of a record. */
export function firstIn(
  block: DecodedBlock,
  place: number,
  needle: Uint8Array,
  from: number,
  to: number,
): number | undefined {
  const search = searchForward({ block, place, needle, from, to });
  for (let step = search.next(); ; step = search.next()) if (step.done) return step.value;
}

function find(
  block: DecodedBlock,
  place: number,
  needle: Uint8Array,
  from: number,
  to: number,
  last: boolean,
): number | undefined {
  const piece = block.bytes(place, from, to);
  const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
  const at = last ? bytes.lastIndexOf(needle) : bytes.indexOf(needle);
  return at < 0 ? undefined : from + at;
}
