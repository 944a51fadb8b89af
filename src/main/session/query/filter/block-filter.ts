import { isUtf8 } from 'node:buffer';
import { assertNever } from '#shared/assert-never.ts';
import type { Filter } from '#shared/filter/ast.ts';
import type { ByteTools } from '#shared/filter/compare.ts';
import { compileFilter, isCallField, needleOf } from '#shared/filter/compile.ts';
import { checksumOf } from '#shared/record/received-checksum.ts';
import type { SocketInfo } from '#shared/record/record.ts';
import type { DecodedBlock } from '../../format/decoded-block.ts';
import { allOf, anyOf, type BlockTest, Masks, noneOf, type RecordTest, recordByRecord } from './block-test.ts';
import { flagTest, kindTest, markTest, numberTest, recordTimeTest, SocketTest } from './column-tests.ts';
import { containsTest } from './contains-test.ts';
import type { FilterContext } from './filter-context.ts';
import { treeTest } from './tree-test.ts';

const compareCost = 200;
const patternCost = 3_000;
const checksumCost = 1_000;
const callCost = 2_000;
const strideNs = 8_000_000;

/** The byte operations for filters, with Node's Buffer: they accept any `Uint8Array` without a copy. */
const nodeByteTools: ByteTools = {
  indexOf: (bytes, needle, from = 0) => Buffer.prototype.indexOf.call(bytes, needle, from),
  decode: (bytes) => (isUtf8(bytes) ? Buffer.prototype.utf8Slice.call(bytes, 0, bytes.length) : undefined),
};

/** The matches of a filter in a block. */
interface BlockMatch {
  readonly count: number;
  readonly places: Uint32Array | undefined;
}

/**
 * A filter for whole blocks. It agrees with `compileFilter` on each record, but is faster: it compares numbers in
 * columns, searches the bytes of all records of a block in one pass, and evaluates records one by one only for conditions
 * that need it, after the other conditions.
 */
export class BlockFilter {
  /** True if the result depends on bookmarks or notes. */
  readonly usesMarks: boolean;
  /** How many records of ordinary size to test in one step, so that it takes a few milliseconds at most. */
  readonly stride: number;
  readonly #context: FilterContext;
  readonly #masks = new Masks();
  readonly #sockets: SocketTest[] = [];
  readonly #test: BlockTest;

  constructor(filter: Filter, context: FilterContext) {
    this.#context = context;
    this.usesMarks = asksForMarks(filter);
    this.#test = this.#testOf(filter);
    this.stride = Math.max(256, Math.round(strideNs / Math.max(1, this.#test.cost)));
  }

  /** Returns how many of the records `[from, to)` of `block` match, and which ones if there are at most `few`. */
  match(block: DecodedBlock, from: number, to: number, few: number): BlockMatch {
    const mask = this.#masks.take(block.count).fill(0, 0, block.count).fill(1, from, to);
    const count = this.#test.narrow(block, mask, to - from);
    const places = count <= few ? placesOf(mask, count) : undefined;
    this.#masks.give(mask);
    return { count, places };
  }

  /** Returns the places of the matching records of `block`, ascending. */
  places(block: DecodedBlock): Uint32Array {
    return this.match(block, 0, block.count, block.count).places as Uint32Array;
  }

  /**
   * Returns the number of the record from which earlier answers are no longer correct, because more is known of a socket
   * now; infinity if all are correct. A second call does not report the same change again.
   */
  staleFrom(): number {
    return Math.min(...this.#sockets.map((test) => test.staleFrom()));
  }

  #testOf(filter: Filter): BlockTest {
    const { index } = this.#context;
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
        return filter.flag === 'bookmarked' ? markTest(this.#recordTest(filter), this.#context) : flagTest(filter.flag);
      case 'number':
        return numberTest(filter);
      case 'time':
        return recordTimeTest(filter, this.#context);
      case 'record-kind':
        return kindTest(filter);
      case 'checksum':
        return this.#checksumTest(filter);
      case 'call-duration':
        return this.#callTest(filter);
      case 'string':
        if (isCallField(filter.field)) return this.#callTest(filter);
        return filter.field === 'note'
          ? markTest(this.#recordTest(filter), this.#context)
          : this.#socketTest(this.#recordTest(filter));
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
    const context = this.#context;
    return (record) => test(record, context);
  }

  #socketTest(holds: RecordTest, basis?: (info: SocketInfo | undefined) => unknown): SocketTest {
    const test = new SocketTest(holds, this.#context, basis);
    this.#sockets.push(test);
    return test;
  }

  /** Reads only the messages of sockets whose checksums are checked. */
  #checksumTest(filter: Extract<Filter, { kind: 'checksum' }>): BlockTest {
    const { index } = this.#context;
    const isChecked = this.#socketTest(
      ({ socket }) => checksumOf(index.sockets.get(socket))?.ok === true,
      (info) => info?.checksum,
    );
    const verdicts = recordByRecord(index, this.#recordTest(filter), checksumCost);
    return allOf([flagTest('in'), isChecked, verdicts]);
  }

  /** Reads only the records that are calls. */
  #callTest(filter: Filter): BlockTest {
    return allOf([flagTest('call'), recordByRecord(this.#context.index, this.#recordTest(filter), callCost)]);
  }

  #bytesTest(filter: Extract<Filter, { kind: 'text' | 'bytes' }>): BlockTest {
    const { index } = this.#context;
    const test = this.#recordTest(filter);
    const part = filter.kind === 'text' ? 'body' : 'bytes';
    const needle = needleOf(filter);
    if (needle) return containsTest(needle, part, test, index, this.#masks);
    if (filter.op === 'matches') return recordByRecord(index, test, patternCost);
    const whole = recordByRecord(index, test, compareCost);
    if (filter.op !== '==') return whole;
    // What is equal is also contained.
    const contained = needleOf({ ...filter, op: 'contains' });
    return contained ? allOf([containsTest(contained, part, test, index, this.#masks), whole]) : whole;
  }
}

/** Returns the positions of the 1s in `mask`, of which there are `count`. */
function placesOf(mask: Uint8Array, count: number): Uint32Array {
  const places = new Uint32Array(count);
  for (let found = 0, at = mask.indexOf(1); found < count; found += 1, at = mask.indexOf(1, at + 1)) places[found] = at;
  return places;
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
