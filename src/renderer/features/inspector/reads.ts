import type { CallOutput } from '#shared/contract/contract.ts';
import type { Row } from '#shared/record/record.ts';
import { countText } from '../../ui/figures.ts';

type Read = CallOutput<'sessions.reads'>['reads'][number];

/** What one read brought of a message. */
export interface ReadPart {
  /** Offset in the message, and bytes. */
  readonly from: number;
  readonly length: number;
  /** Offset in the read. */
  readonly start: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Bytes of the whole read: more than `length` where it brought other messages' too. */
  readonly whole: number;
}

/** The parts of a message that `reads` brought, in order; what lies beside the message is left out. */
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

/** More sizes than these are not read one by one. */
const maxSizes = 6;

/** `arrived in 3 reads: 1 448 + 552 + 12 B`. */
export function readsText(parts: readonly ReadPart[]): string {
  const [first] = parts;
  if (!first) return '';
  if (parts.length === 1) {
    const others = first.whole - first.length;
    return others > 0 ? `arrived in one read, with ${countText(others)} B of others` : 'arrived in one read';
  }
  const sizes = parts.slice(0, maxSizes).map(({ length }) => countText(length));
  if (parts.length > maxSizes) sizes.push('…');
  return `arrived in ${countText(parts.length)} reads: ${sizes.join(' + ')} B`;
}
