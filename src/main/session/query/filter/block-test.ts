import { encodeUtf8 } from '#shared/bytes/text.ts';
import { bodyRange } from '#shared/export/record-format.ts';
import type { FilterRecord } from '#shared/filter/ast.ts';
import { type ChecksumVerdict, kindOfCode, type RecordKind, type SocketInfo } from '#shared/record/record.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import type { BlockIndex } from '../../format/block-index.ts';
import { type DecodedBlock, messageCodes } from '../../format/decoded-block.ts';
import { checksumAt, rowOf } from '../rows.ts';

/**
 * A part of a filter, evaluated for all records of a block together. A mask has 1 for each record that may still
 * match, otherwise 0.
 */
export interface BlockTest {
  /** The approximate nanoseconds per record: of several conditions the cheapest is tested first. */
  readonly cost: number;
  /** Clears in `mask` the records that do not match; `left` are set. Returns how many are left. */
  narrow(block: DecodedBlock, mask: Uint8Array, left: number): number;
}

export type RecordTest = (record: FilterRecord) => boolean;

/** Reusable masks: taken and given back like a stack. */
export class Masks {
  readonly #free: Uint8Array[] = [];

  take(count: number): Uint8Array {
    const mask = this.#free.pop();
    return mask && mask.length >= count ? mask : new Uint8Array(Math.max(count, 8_192));
  }

  give(mask: Uint8Array): void {
    this.#free.push(mask);
  }
}

/** Returns the conjunction of `parts`: each is tested on what those before it leave. */
export function allOf(parts: readonly BlockTest[]): BlockTest {
  const sorted = [...parts].sort((a, b) => a.cost - b.cost);
  return {
    cost: sorted.reduce((sum, { cost }) => sum + cost, 0),
    narrow(block, mask, left) {
      let rest = left;
      for (const part of sorted) {
        if (rest === 0) break;
        rest = part.narrow(block, mask, rest);
      }
      return rest;
    },
  };
}

/** Returns the disjunction of `parts`: each is tested on what those before it have not matched. */
export function anyOf(parts: readonly BlockTest[], masks: Masks): BlockTest {
  const sorted = [...parts].sort((a, b) => a.cost - b.cost);
  return {
    cost: sorted.reduce((sum, { cost }) => sum + cost, 0),
    narrow(block, mask, left) {
      const { count } = block;
      const tried = masks.take(count);
      const passed = masks.take(count).fill(0, 0, count);
      let rest = left;
      for (const part of sorted) {
        if (rest === 0) break;
        tried.set(count === mask.length ? mask : mask.subarray(0, count));
        const kept = part.narrow(block, tried, rest);
        if (kept === 0) continue;
        rest -= kept;
        for (let at = 0; at < count; at += 1) {
          if (tried[at] === 0) continue;
          passed[at] = 1;
          mask[at] = 0;
        }
      }
      for (let at = 0; at < count; at += 1) mask[at] = passed[at] as number;
      masks.give(tried);
      masks.give(passed);
      return left - rest;
    },
  };
}

export function noneOf(part: BlockTest, masks: Masks): BlockTest {
  return {
    cost: part.cost,
    narrow(block, mask, left) {
      const { count } = block;
      const kept = masks.take(count);
      kept.set(count === mask.length ? mask : mask.subarray(0, count));
      const matched = part.narrow(block, kept, left);
      if (matched > 0) for (let at = 0; at < count; at += 1) if (kept[at] === 1) mask[at] = 0;
      masks.give(kept);
      return left - matched;
    },
  };
}

/** Evaluates `test` record by record, for conditions that a block's columns cannot answer. */
export function recordByRecord(index: BlockIndex, test: RecordTest, cost: number): BlockTest {
  const record = new BlockRecord(index);
  return {
    cost,
    narrow(block, mask, left) {
      let rest = left;
      for (let at = 0; at < block.count; at += 1) {
        if (mask[at] === 0 || test(record.move(block, at))) continue;
        mask[at] = 0;
        rest -= 1;
      }
      return rest;
    },
  };
}

/** Keeps the records for which `holds`. */
export function keep(count: number, mask: Uint8Array, left: number, holds: (at: number) => boolean): number {
  let rest = left;
  for (let at = 0; at < count; at += 1) {
    if (mask[at] === 0 || holds(at)) continue;
    mask[at] = 0;
    rest -= 1;
  }
  return rest;
}

/** The maximum number of a message's bytes for a filter that needs the whole message. */
const maxRecordBytes = 64 * 1_048_576;
const noBytes = new Uint8Array(0);

/** One record of a block as a filter sees it; `move` turns it into another one, so that no object is created per record. */
class BlockRecord implements FilterRecord {
  readonly #index: BlockIndex;
  #block: DecodedBlock | undefined;
  #place = 0;

  constructor(index: BlockIndex) {
    this.#index = index;
  }

  move(block: DecodedBlock, place: number): this {
    this.#block = block;
    this.#place = place;
    return this;
  }

  get seq(): number {
    return this.#now.first + this.#place;
  }

  get at(): number {
    return this.#now.at(this.#place);
  }

  get kind(): RecordKind {
    return kindOfCode(this.#code) ?? 'problem';
  }

  get socket(): number {
    return this.#now.columns.sockets[this.#place] as number;
  }

  get length(): number {
    return this.#isMessage ? (this.#now.columns.lengths[this.#place] as number) : 0;
  }

  get flags(): number {
    return this.#isMessage ? (this.#now.columns.flags[this.#place] as number) : 0;
  }

  get info(): SocketInfo | undefined {
    return this.#index.sockets.get(this.socket);
  }

  get bookmarked(): boolean {
    return this.#index.marks.get(this.seq)?.bookmarked ?? false;
  }

  get note(): string {
    return this.#index.marks.get(this.seq)?.note ?? '';
  }

  get event(): SocketEvent | undefined {
    return this.#isMessage ? undefined : rowOf(this.#now, this.#place).event;
  }

  checksum(): ChecksumVerdict | undefined {
    return checksumAt(this.#now, this.#place, this.#index);
  }

  body(): Uint8Array {
    const block = this.#now;
    const place = this.#place;
    if (!this.#isMessage) return encodeUtf8(rowOf(block, place).preview);
    const { lengths, heads, tails } = block.columns;
    const length = lengths[place] as number;
    const { from, to } = bodyRange({ length, head: heads[place] as number, tail: tails[place] as number });
    return this.#bytes(from, to);
  }

  bytes(): Uint8Array {
    return this.#isMessage ? this.#bytes(0, this.length) : noBytes;
  }

  get #now(): DecodedBlock {
    if (this.#block === undefined) throw new Error('a record of no block was asked for');
    return this.#block;
  }

  get #code(): number {
    return this.#now.columns.kinds[this.#place] as number;
  }

  get #isMessage(): boolean {
    return messageCodes[this.#code] === 1;
  }

  #bytes(from: number, to: number): Uint8Array {
    return from === to ? noBytes : this.#now.bytes(this.#place, from, Math.min(to, from + maxRecordBytes));
  }
}

/** Returns a record with only the given properties: to test a filter for a socket, or for a record without a mark. */
export function blankRecord(parts: Partial<FilterRecord>): FilterRecord {
  return {
    seq: 0,
    at: 0,
    kind: 'in',
    socket: 0,
    length: 0,
    flags: 0,
    info: undefined,
    bookmarked: false,
    note: '',
    checksum: () => undefined,
    body: () => noBytes,
    bytes: () => noBytes,
    ...parts,
  };
}
