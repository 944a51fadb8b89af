import type { CallOutput } from '#shared/contract/contract.ts';
import type { Row } from '#shared/record/record.ts';
import { countText } from '../../ui/figures.ts';
import { strings } from './strings.ts';

type Read = CallOutput<'sessions.reads'>['reads'][number];

/** The part of a message that one read returned. */
export interface ReadPart {
  /** Offset in the message, and number of bytes. */
  readonly from: number;
  readonly length: number;
  /** Offset in the read. */
  readonly start: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Bytes of the whole read: more than `length` if it also returned bytes of other messages. */
  readonly whole: number;
}

/** Returns the parts of a message that `reads` returned, in order, without bytes of other messages. */
export function readParts({ offset, length }: Pick<Row, 'offset' | 'length'>, reads: readonly Read[]): ReadPart[] {
  const parts: ReadPart[] = [];
  for (const read of reads) {
    const from = Math.max(read.offset, offset);
    const to = Math.min(read.offset + read.length, offset + length);
    if (to > from)
      parts.push({
        from: from - offset,
        length: to - from,
        start: from - read.offset,
        at: read.at,
        whole: read.length,
      });
  }
  return parts;
}

/** Maximum number of sizes listed. */
const maxSizes = 6;

/** Describes the reads of a message: `received in 3 recv() calls: 1 448 + 552 + 12 B`. */
export function readsText(parts: readonly ReadPart[]): string {
  const [first] = parts;
  if (!first) return '';
  if (parts.length === 1) {
    return first.whole > first.length ? strings.reads.oneShared(first.whole) : strings.reads.one;
  }
  const sizes = parts.slice(0, maxSizes).map(({ length }) => countText(length));
  if (parts.length > maxSizes) sizes.push('…');
  return strings.reads.several(parts.length, sizes.join(' + '));
}
