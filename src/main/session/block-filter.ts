import { assertNever } from '#shared/assert-never.ts';
import type { Filter } from '#shared/filter/ast.ts';
import { compileFilter, needleOf } from '#shared/filter/compile.ts';
import {
  allOf,
  anyOf,
  type BlockTest,
  type FilterScope,
  Masks,
  noneOf,
  type RecordTest,
  recordByRecord,
} from './block-test.ts';
import { nodeByteTools } from './byte-tools.ts';
import { flagTest, kindTest, markTest, numberTest, recordTimeTest, SocketTest } from './column-tests.ts';
import { containsTest } from './contains-test.ts';
import type { DecodedBlock } from './decoded-block.ts';
import { treeTest } from './tree-test.ts';

const compareCost = 200;
const patternCost = 3_000;

/**
 * A filter that is asked about whole blocks. Says the same as `compileFilter` about each record, and costs less: numbers
 * are compared in columns, bytes are searched for in all records of a block at once, and what has to look at a record
 * alone is asked only about those that the rest leaves.
 */
export class BlockFilter {
  /** True where bookmarks or notes decide. */
  readonly usesMarks: boolean;
  readonly #scope: FilterScope;
  readonly #masks = new Masks();
  readonly #sockets: SocketTest[] = [];
  readonly #test: BlockTest;

  constructor(filter: Filter, scope: FilterScope) {
    this.#scope = scope;
    this.usesMarks = asksForMarks(filter);
    this.#test = this.#testOf(filter);
  }

  /** How many of the records `[from, to)` of `block` match. */
  count(block: DecodedBlock, from = 0, to = block.count): number {
    const mask = this.#masks.take(block.count);
    const matched = this.#narrow(block, mask, from, to);
    this.#masks.give(mask);
    return matched;
  }

  /** The places of the records of `block` that match, ascending. */
  places(block: DecodedBlock): Uint32Array {
    const mask = this.#masks.take(block.count);
    const places = new Uint32Array(this.#narrow(block, mask, 0, block.count));
    for (let at = 0, found = 0; found < places.length; at += 1) {
      if (mask[at] === 0) continue;
      places[found] = at;
      found += 1;
    }
    this.#masks.give(mask);
    return places;
  }

  /**
   * The number of the record from which on answers given before are no longer right, because more is known of a socket
   * than then; infinite where all hold. Takes note of it: asked again, it says so no more.
   */
  staleFrom(): number {
    return Math.min(...this.#sockets.map((test) => test.staleFrom()));
  }

  #narrow(block: DecodedBlock, mask: Uint8Array, from: number, to: number): number {
    mask.fill(0, 0, block.count);
    mask.fill(1, from, to);
    return this.#test.narrow(block, mask, to - from);
  }

  #testOf(filter: Filter): BlockTest {
    const { index } = this.#scope;
    switch (filter.kind) {
      case 'all':
        return { cost: 0, narrow: (_block, _mask, left) => left };
      case 'and':
        return allOf(filter.parts.map((part) => this.#testOf(part)));
      case 'or':
        return anyOf(
          filter.parts.map((part) => this.#testOf(part)),
          this.#masks,
        );
      case 'not':
        return noneOf(this.#testOf(filter.part), this.#masks);
      case 'flag':
        return filter.flag === 'bookmarked' ? markTest(this.#recordTest(filter), this.#scope) : flagTest(filter.flag);
      case 'number':
        return numberTest(filter);
      case 'time':
        return recordTimeTest(filter, this.#scope);
      case 'record-kind':
        return kindTest(filter);
      case 'string':
        return filter.field === 'note' ? markTest(this.#recordTest(filter), this.#scope) : this.#socketTest(filter);
      case 'text':
      case 'bytes':
        return this.#bytesTest(filter);
      case 'tree':
        return treeTest(filter, this.#recordTest(filter), index, this.#masks);
      default:
        return assertNever(filter);
    }
  }

  #recordTest(filter: Filter): RecordTest {
    const test = compileFilter(filter, nodeByteTools);
    const scope = this.#scope;
    return (record) => test(record, scope);
  }

  #socketTest(filter: Filter): SocketTest {
    const test = new SocketTest(this.#recordTest(filter), this.#scope);
    this.#sockets.push(test);
    return test;
  }

  #bytesTest(filter: Extract<Filter, { kind: 'text' | 'bytes' }>): BlockTest {
    const { index } = this.#scope;
    const test = this.#recordTest(filter);
    const part = filter.kind === 'text' ? 'body' : 'bytes';
    const needle = needleOf(filter);
    if (needle) return containsTest(needle, part, test, index, this.#masks);
    if (filter.op === 'matches') return recordByRecord(index, test, patternCost);
    const whole = recordByRecord(index, test, compareCost);
    if (filter.op !== '==') return whole;
    // What is equal is contained.
    const contained = needleOf({ ...filter, op: 'contains' });
    return contained ? allOf([containsTest(contained, part, test, index, this.#masks), whole]) : whole;
  }
}

function asksForMarks(filter: Filter): boolean {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.parts.some(asksForMarks);
    case 'not':
      return asksForMarks(filter.part);
    case 'flag':
      return filter.flag === 'bookmarked';
    case 'string':
      return filter.field === 'note';
    default:
      return false;
  }
}
