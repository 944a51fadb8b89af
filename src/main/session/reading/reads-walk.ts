import { readEntrySize, viewReads } from '#shared/record/reads.ts';
import { type BlockIndex, checksumProblem } from './block-index.ts';
import type { Progress } from './slices.ts';

/** Gets one read: at which time (milliseconds since the epoch), `offset` in what its socket received. */
type TakeRead = (socket: number, at: number, offset: number, length: number) => void;

/**
 * Goes once through the reads of a session, beside a walk over its records: a read is in the file before the messages
 * that it completed.
 */
export class ReadsWalk {
  readonly #index: BlockIndex;
  #next = 0;

  constructor(index: BlockIndex) {
    this.#index = index;
  }

  /**
   * Gives `take` the reads of the blocks before byte `position` that it has not given yet. Stops between the blocks. One
   * that does not check cuts the index; what reading the file throws comes through.
   */
  *upTo(position: number, take: TakeRead): Generator<Progress, void> {
    const index = this.#index;
    while (this.#next < index.readsCount && (index.readsPositions[this.#next] as number) < position) {
      const block = index.readsBlock(this.#next);
      if (block === undefined) {
        index.cutAtReads(this.#next, checksumProblem);
        return;
      }
      this.#next += 1;
      const { header, body } = block;
      const count = header.payloadLength / readEntrySize;
      const { sockets, times, offsets, lengths } = viewReads(body.buffer, count, body.byteOffset);
      for (let at = 0; at < count; at += 1) {
        const time = header.baseTime + (times[at] as number) / 1_000;
        take(sockets[at] as number, time, offsets[at] as number, lengths[at] as number);
      }
      yield { done: index.readsPositions[this.#next - 1] as number, total: index.end };
    }
  }
}
