import type { DecodedBlock } from './decoded-block.ts';
import type { Progress } from './slices.ts';

/** How much of a large message is looked at at once. */
const pieceBytes = 1_048_576;

/** Where in the range of one record a needle is looked for. */
interface SearchRange {
  readonly block: DecodedBlock;
  readonly place: number;
  readonly needle: Uint8Array;
  /** The needle begins at or behind `from` … */
  readonly from: number;
  /** … and ends at or before `to`, within the record's length. */
  readonly to: number;
}

/** The first place of the range where the needle begins, as an offset in the record. A message of any size, by pieces. */
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

/** The last place of the range where the needle begins. */
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

/** The first place of `needle` in bytes `[from, to)` of a record. */
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
