import type { Filter, FlagName } from '#shared/filter/ast.ts';
import { timeTest } from '#shared/filter/compile.ts';
import { compareBy } from '#shared/filter/exact-number.ts';
import { messageFlags } from '#shared/message/flags.ts';
import { isProblem, kindOfCode, type SocketInfo } from '#shared/record/record.ts';
import { messageCodes } from '../../format/decoded-block.ts';
import { type BlockTest, blankRecord, keep, type RecordTest } from './block-test.ts';
import type { FilterContext } from './filter-context.ts';

/*
 * The conditions that a block's columns answer: loops over arrays of numbers, without reading a record's bytes.
 */

const columnCost = 3;
const markCost = 4;
const socketCost = 6;

type Of<Kind extends Filter['kind']> = Extract<Filter, { kind: Kind }>;

export function flagTest(flag: Exclude<FlagName, 'bookmarked'>): BlockTest {
  switch (flag) {
    case 'in':
    case 'out':
      return codesTest((code) => kindOfCode(code) === flag);
    case 'message':
      return codesTest((code) => messageCodes[code] === 1);
    case 'problem':
      return codesTest((code) => isProblem(kindOfCode(code) ?? 'problem'));
    case 'call':
      return codesTest((code) => kindOfCode(code) === 'call');
    case 'truncated':
      return messageFlagTest(messageFlags.truncated);
    case 'part':
      return messageFlagTest(messageFlags.part);
    case 'incomplete':
      return messageFlagTest(messageFlags.incomplete);
    case 'malformed':
      return messageFlagTest(messageFlags.malformed);
    case 'filler':
      return messageFlagTest(messageFlags.filler);
  }
}

export function kindTest({ op, value }: Of<'record-kind'>): BlockTest {
  const isWanted = (code: number) =>
    value === 'message' ? messageCodes[code] === 1 : (kindOfCode(code) ?? 'problem') === value;
  return codesTest((code) => isWanted(code) === (op === '=='));
}

export function numberTest({ field, op, value }: Of<'number'>): BlockTest {
  const holds = (number: number) => compareBy(op, number, value);
  return {
    cost: columnCost,
    narrow(block, mask, left) {
      const { count, first } = block;
      if (field === 'seq') return keep(count, mask, left, (at) => holds(first + at));
      const { sockets, lengths, kinds } = block.columns;
      if (field === 'socket') return keep(count, mask, left, (at) => holds(sockets[at] as number));
      return keep(count, mask, left, (at) => messageCodes[kinds[at] as number] === 1 && holds(lengths[at] as number));
    },
  };
}

export function recordTimeTest(filter: Of<'time'>, context: FilterContext): BlockTest {
  const holds = timeTest(filter);
  return {
    cost: columnCost,
    narrow(block, mask, left) {
      const { baseTime, count } = block;
      const { times } = block.columns;
      return keep(count, mask, left, (at) => holds(baseTime + (times[at] as number) / 1_000, context));
    },
  };
}

/** `test` must depend only on a record's mark. */
export function markTest(test: RecordTest, { marks }: FilterContext): BlockTest {
  const unmarked = test(blankRecord({}));
  return {
    cost: markCost,
    narrow(block, mask, left) {
      const { first, count } = block;
      const kept: number[] = [];
      const seen: number[] = [];
      for (const seq of marks.within(first, first + count)) {
        const at = seq - first;
        if (mask[at] === 0) continue;
        seen.push(at);
        if (test(blankRecord({ seq, ...marks.get(seq) }))) kept.push(at);
      }
      if (unmarked) {
        for (const at of seen) mask[at] = 0;
        for (const at of kept) mask[at] = 1;
        return left - seen.length + kept.length;
      }
      mask.fill(0, 0, count);
      for (const at of kept) mask[at] = 1;
      return kept.length;
    },
  };
}

/** Evaluates `test`, which must depend only on what is known of a record's socket, once per socket. */
export class SocketTest implements BlockTest {
  readonly cost = socketCost;
  readonly #test: RecordTest;
  readonly #context: FilterContext;
  readonly #basis: (info: SocketInfo | undefined) => unknown;
  readonly #verdicts = new Map<number, { info: SocketInfo | undefined; holds: boolean; seq: number }>();

  /** `basis` returns what else the answers to a filter depend on: if it changes, they are no longer correct. */
  constructor(test: RecordTest, context: FilterContext, basis: (info: SocketInfo | undefined) => unknown = () => '') {
    this.#test = test;
    this.#context = context;
    this.#basis = basis;
  }

  narrow({ columns, count, first }: Parameters<BlockTest['narrow']>[0], mask: Uint8Array, left: number): number {
    const { sockets } = columns;
    let last = -1;
    let holds = false;
    return keep(count, mask, left, (at) => {
      const socket = sockets[at] as number;
      if (socket !== last) {
        last = socket;
        holds = this.#holds(socket, first);
      }
      return holds;
    });
  }

  /** Returns the record from which earlier answers are no longer correct, because more is known of a socket. */
  staleFrom(): number {
    let from = Number.POSITIVE_INFINITY;
    const { sockets } = this.#context.index;
    for (const [socket, verdict] of this.#verdicts) {
      const info = sockets.get(socket);
      if (info === verdict.info) continue;
      const holds = this.#test(blankRecord({ socket, info }));
      const isOther = holds !== verdict.holds || this.#basis(info) !== this.#basis(verdict.info);
      if (isOther) from = Math.min(from, verdict.seq);
      verdict.info = info;
      verdict.holds = holds;
    }
    return from;
  }

  #holds(socket: number, seq: number): boolean {
    const info = this.#context.index.sockets.get(socket);
    const known = this.#verdicts.get(socket);
    if (known) known.seq = Math.min(known.seq, seq);
    // If more has become known, `staleFrom` returns from where on; until then all records get the same answer.
    if (known) return known.holds;
    const holds = this.#test(blankRecord({ socket, info }));
    this.#verdicts.set(socket, { info, holds, seq });
    return holds;
  }
}

function codesTest(holds: (code: number) => boolean): BlockTest {
  const wanted = Uint8Array.from({ length: 256 }, (_, code) => (holds(code) ? 1 : 0));
  return {
    cost: columnCost,
    narrow(block, mask, left) {
      const { kinds } = block.columns;
      return keep(block.count, mask, left, (at) => wanted[kinds[at] as number] === 1);
    },
  };
}

function messageFlagTest(bit: number): BlockTest {
  return {
    cost: columnCost,
    narrow(block, mask, left) {
      const { kinds, flags } = block.columns;
      const holds = (at: number) => messageCodes[kinds[at] as number] === 1 && ((flags[at] as number) & bit) !== 0;
      return keep(block.count, mask, left, holds);
    },
  };
}
