import type { Cuts } from '#shared/framing/cuts.ts';
import type { FillingBlock } from './filling-block.ts';

/** Messages of one socket and direction that are recorded together. */
export interface Run {
  readonly socket: number;
  /** `kindCodes`. */
  readonly kind: number;
  /** Of the first message in the stream. */
  readonly offset: number;
  readonly cuts: Cuts;
}

/** The messages `[done, end)` of a run: where the first begins, `from`, is counted as the run's ends are. */
export interface RunPart {
  readonly done: number;
  readonly end: number;
  readonly from: number;
  /** Of the block's time, microseconds. */
  readonly delta: number;
  /** Bytes of the run before those that its ends count. */
  readonly heldLength: number;
}

/** Writes the columns of a part of `run` behind the records that `block` has; gives where the part ends. */
export function fillColumns(block: FillingBlock, run: Run, part: RunPart): number {
  const { offsets, times, sockets, lengths, kinds, flags, heads, tails } = block.columns;
  const { socket, kind, cuts } = run;
  const { end, delta } = part;
  let begin = part.from;
  let offset = run.offset + part.heldLength + begin;
  for (let index = part.done, to = block.count; index < end; index += 1, to += 1) {
    const next = cuts.ends[index] as number;
    const length = next - begin;
    begin = next;
    offsets[to] = offset;
    offset += length;
    times[to] = delta;
    sockets[to] = socket;
    lengths[to] = length;
    kinds[to] = kind;
    flags[to] = cuts.flags[index] as number;
    heads[to] = cuts.heads[index] as number;
    tails[to] = cuts.tails[index] as number;
  }
  return begin;
}
