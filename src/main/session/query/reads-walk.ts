import { readEntrySize, viewReads } from '#shared/record/reads.ts';
import { type BlockIndex, checksumProblem } from '../format/block-index.ts';
import type { Progress } from '../slices.ts';

/** Receives one read: its time (milliseconds since the epoch), and its `offset` in the received stream of its socket. */
type TakeRead = (socket: number, at: number, offset: number, length: number) => void;

/**
 * Passes once through the reads of a session, in parallel with a walk over its records: a read is in the file before the
 * messages that it completed.
 */
export class ReadsWalk {
  readonly #index: BlockIndex;
  #next = 0;

  constructor(index: BlockIndex) {
    this.#index = index;
  }

  /**
   * Passes to `take` the reads of the blocks before byte `position` that were not passed yet. Pauses between the blocks. A
   * damaged block truncates the index. Throws what reading the file throws.
   */
  *upTo(position: number, take: TakeRead): Generator<Progress, void> {
    const index = this.#index;
    while (this.#next < index.readsCount && (index.readsPositions[this.#next] as number) < position) {
      const block = index.readsBlock(this.#next);
      if (block === undefined) {
        index.truncateAtReads(this.#next, checksumProblem);
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
