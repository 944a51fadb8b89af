import type { FilterRecord } from '#shared/filter/ast.ts';
import type { BlockIndex } from '../../format/block-index.ts';
import type { DecodedBlock } from '../../format/decoded-block.ts';
import { BlockRecord } from './filter-record.ts';

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
