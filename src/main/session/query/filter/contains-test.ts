import { bodyRange } from '#shared/export/record-format.ts';
import type { BlockIndex } from '../../format/block-index.ts';
import { type DecodedBlock, messageCodes } from '../../format/decoded-block.ts';
import type { Progress } from '../../threads.ts';
import { type BlockTest, type Masks, type RecordTest, recordByRecord } from './block-test.ts';

/** The part of a record that is searched: the message, or the message with its framing. */
export type Part = 'body' | 'bytes';

const containsCost = 30;

/**
 * Returns the test for records that contain `needle` (not empty): searches the bytes of all records of a block in one pass
 * and maps each hit to its record. `event` tests events.
 */
export function containsTest(
  needle: Uint8Array,
  part: Part,
  event: RecordTest,
  index: BlockIndex,
  masks: Masks,
): BlockTest {
  const events = recordByRecord(index, event, containsCost);
  return {
    cost: containsCost,
    narrow(block, mask, left) {
      const { count, payload } = block;
      if (payload === undefined) return narrowLarge(block, mask, left, needle, part, events);
      if (block.onlyMessages && bufferOf(payload).indexOf(needle) < 0) {
        mask.fill(0, 0, count);
        return 0;
      }
      const hits = masks.take(count).fill(0, 0, count);
      eachHit(block, payload, needle, part, (place) => {
        hits[place] = 1;
        return true;
      });
      const rest = narrowTo(block, mask, left, hits, events, masks);
      masks.give(hits);
      return rest;
    },
  };
}

/** Keeps the messages that have a 1 in `hits`, and the events that `events` keeps. */
export function narrowTo(
  block: DecodedBlock,
  mask: Uint8Array,
  left: number,
  hits: Uint8Array,
  events: BlockTest,
  masks: Masks,
): number {
  const { count } = block;
  let rest = 0;
  if (block.onlyMessages) {
    for (let at = 0; at < count; at += 1) {
      mask[at] = (mask[at] as number) & (hits[at] as number);
      rest += mask[at] as number;
    }
    return rest;
  }
  const { kinds } = block.columns;
  const others = masks.take(count).fill(0, 0, count);
  let asked = 0;
  for (let at = 0; at < count; at += 1) {
    if (messageCodes[kinds[at] as number] === 1) {
      mask[at] = (mask[at] as number) & (hits[at] as number);
      rest += mask[at] as number;
    } else if (mask[at] === 1) {
      others[at] = 1;
      mask[at] = 0;
      asked += 1;
    }
  }
  if (asked > 0 && left > 0) {
    rest += events.narrow(block, others, asked);
    for (let at = 0; at < count; at += 1) if (others[at] === 1) mask[at] = 1;
  }
  masks.give(others);
  return rest;
}

/**
 * Calls `visit` for each occurrence of `needle` within one message of the block, in order: with the message's place
 * in the block, the position of the needle in `payload`, and where the message ends there. If `visit` returns true, continues
 * after this message. Ignores occurrences across two messages or in an event.
 */
export function eachHit(
  block: DecodedBlock,
  payload: Uint8Array,
  needle: Uint8Array,
  part: Part,
  visit: (place: number, at: number, end: number) => boolean,
): void {
  const bytes = bufferOf(payload);
  let hit = bytes.indexOf(needle);
  if (hit < 0) return;
  const { kinds, lengths, heads, tails } = block.columns;
  let place = 0;
  let end = lengths[0] as number;
  while (hit >= 0) {
    while (end <= hit) {
      place += 1;
      end += lengths[place] as number;
    }
    let next = end;
    if (messageCodes[kinds[place] as number] === 1) {
      const length = lengths[place] as number;
      let from = end - length;
      let to = end;
      if (part === 'body') {
        // Like `bodyRange`, but without an object per hit.
        from += Math.min(heads[place] as number, length);
        to = Math.max(from, end - (tails[place] as number));
      }
      if (hit < from) next = from;
      // A later hit in this message would end even further beyond it.
      else if (hit + needle.length <= to && !visit(place, hit, to)) next = hit + 1;
    }
    hit = nextHit(bytes, needle, next);
  }
}

/** Where hits are close together, a loop finds the next one faster than a call. */
const nearBytes = 128;

/** Returns the first position of `needle` in `bytes` at or after `from`, or -1. */
function nextHit(bytes: Buffer, needle: Uint8Array, from: number): number {
  const { length } = needle;
  const near = Math.min(from + nearBytes, bytes.length - length + 1);
  const first = needle[0];
  for (let at = from; at < near; at += 1) {
    if (bytes[at] !== first) continue;
    let same = 1;
    while (same < length && bytes[at + same] === needle[same]) same += 1;
    if (same === length) return at;
  }
  return near < from + nearBytes ? -1 : bytes.indexOf(needle, near);
}

/** Searches each message by ranges, in a block too large for the memory. */
function narrowLarge(
  block: DecodedBlock,
  mask: Uint8Array,
  left: number,
  needle: Uint8Array,
  part: Part,
  events: BlockTest,
): number {
  const { kinds, lengths, heads, tails } = block.columns;
  const others = new Uint8Array(block.count);
  let asked = 0;
  let rest = left;
  for (let at = 0; at < block.count; at += 1) {
    if (mask[at] === 0) continue;
    if (messageCodes[kinds[at] as number] === 0) {
      others[at] = 1;
      asked += 1;
    } else {
      const length = lengths[at] as number;
      const record = { length, head: heads[at] as number, tail: tails[at] as number };
      const { from, to } = part === 'body' ? bodyRange(record) : { from: 0, to: length };
      if (firstIn(block, at, needle, from, to) !== undefined) continue;
    }
    mask[at] = 0;
    rest -= 1;
  }
  if (asked === 0) return rest;
  // One call for all events, because it visits every record of the block.
  rest += events.narrow(block, others, asked);
  for (let at = 0; at < block.count; at += 1) if (others[at] === 1) mask[at] = 1;
  return rest;
}

/** Returns `bytes` as a Buffer, without a copy. */
export function bufferOf(bytes: Uint8Array<ArrayBuffer> | Uint8Array): Buffer {
  return Buffer.from(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length);
}

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
export function* searchForward(range: SearchRange): Generator<Progress, number | undefined> {
  const { block, place, needle, from, to } = range;
  for (let begin = from; begin + needle.length <= to; begin += pieceBytes) {
    const at = find(block, place, needle, begin, Math.min(to, begin + pieceBytes + needle.length - 1), false);
    if (at !== undefined) return at;
    yield { done: begin - from, total: to - from };
  }
  return undefined;
}

/** Finds the last occurrence of the needle in the range. */
export function* searchBackward(range: SearchRange): Generator<Progress, number | undefined> {
  const { block, place, needle, from, to } = range;
  for (let end = to; end - needle.length >= from; end -= pieceBytes) {
    const at = find(block, place, needle, Math.max(from, end - pieceBytes - needle.length + 1), end, true);
    if (at !== undefined) return at;
    yield { done: to - end, total: to - from };
  }
  return undefined;
}

/** Finds the first occurrence of `needle` in bytes `[from, to)` of a record. */
function firstIn(block: DecodedBlock, place: number, needle: Uint8Array, from: number, to: number): number | undefined {
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
  const bytes = bufferOf(piece);
  const at = last ? bytes.lastIndexOf(needle) : bytes.indexOf(needle);
  return at < 0 ? undefined : from + at;
}
