import type { FilterRecord } from '#shared/filter/ast.ts';
import type { BlockIndex } from '../reading/block-index.ts';
import type { DecodedBlock } from '../reading/decoded-block.ts';
import { BlockRecord } from './filter-record.ts';

/**
 * A part of a filter that is asked about the records of a block at once. A mask has 1 for each record that is still in
 * the running, else 0.
 */
export interface BlockTest {
  /** Roughly nanoseconds a record: of several conditions the cheaper are asked first. */
  readonly cost: number;
  /** Clears in `mask` the records that do not match; `left` are set. Gives how many are left. */
  narrow(block: DecodedBlock, mask: Uint8Array, left: number): number;
}

export type RecordTest = (record: FilterRecord) => boolean;

/** Masks that are used again: taken and given back like a stack. */
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

/** All the `parts` hold: each is asked about what those before it leave. */
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

/** One of the `parts` holds: each is asked about what those before it have not let through. */
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

/** Asks `test` about record after record: for what cannot be seen from a block as a whole. */
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

/** Leaves the records for which `holds`. */
export function keep(count: number, mask: Uint8Array, left: number, holds: (at: number) => boolean): number {
  let rest = left;
  for (let at = 0; at < count; at += 1) {
    if (mask[at] === 0 || holds(at)) continue;
    mask[at] = 0;
    rest -= 1;
  }
  return rest;
}
