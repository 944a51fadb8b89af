import { kindCodes } from '#shared/record/record.ts';
import { type BlockIndex, checksumProblem } from './block-index.ts';
import { BlockSource } from './block-source.ts';
import { problemCodes } from './decoded-block.ts';

/**
 * One pass over the records blocks of an index: checks those that were not checked yet and counts their records. Continues
 * where it stopped when the file has grown.
 */
export class Scan {
  readonly #index: BlockIndex;
  readonly #source: BlockSource;
  /** The number of processed records blocks. */
  blocks = 0;
  /** The number of valid reads blocks. */
  #reads = 0;
  messagesIn = 0;
  messagesOut = 0;
  bytesIn = 0;
  bytesOut = 0;
  events = 0;
  problems = 0;
  firstAt = 0;
  lastAt = 0;

  constructor(index: BlockIndex, source = new BlockSource(index)) {
    this.#index = index;
    this.#source = source;
  }

  get finished(): boolean {
    return this.blocks >= this.#index.count && this.#nextReads === Number.POSITIVE_INFINITY;
  }

  /** The byte of the file up to which the scan has come. */
  get position(): number {
    return this.blocks >= this.#index.count ? this.#index.end : (this.#index.positions[this.blocks] as number);
  }

  get records(): number {
    return this.messagesIn + this.messagesOut + this.events;
  }

  /** Processes blocks for about `ms` milliseconds, at least one. A damaged block truncates the index. */
  run(ms: number): void {
    const until = performance.now() + ms;
    do {
      if (this.finished) return;
      if (this.#nextReads < this.position) this.#checkReads();
      else this.#take(this.blocks);
    } while (performance.now() < until);
  }

  /** The position of the next reads block to check. */
  get #nextReads(): number {
    const { readsCount, readsPositions, trusted } = this.#index;
    return trusted || this.#reads >= readsCount ? Number.POSITIVE_INFINITY : (readsPositions[this.#reads] as number);
  }

  #checkReads(): void {
    if (this.#index.readsBlock(this.#reads) === undefined) this.#index.truncateAtReads(this.#reads, checksumProblem);
    else this.#reads += 1;
  }

  #take(at: number): void {
    const block = this.#source.load(at);
    if (block === undefined) return;
    const { count } = block;
    const { kinds, lengths, times } = block.columns;
    let bytesIn = 0;
    let bytesOut = 0;
    let messagesIn = 0;
    let messagesOut = 0;
    let problems = 0;
    let earliest = Number.POSITIVE_INFINITY;
    let latest = 0;
    for (let record = 0; record < count; record += 1) {
      const code = kinds[record] as number;
      const length = lengths[record] as number;
      const time = times[record] as number;
      if (time < earliest) earliest = time;
      if (time > latest) latest = time;
      if (code === kindCodes.in) {
        messagesIn += 1;
        bytesIn += length;
      } else if (code === kindCodes.out) {
        messagesOut += 1;
        bytesOut += length;
      } else {
        problems += problemCodes[code] as number;
      }
    }
    this.messagesIn += messagesIn;
    this.messagesOut += messagesOut;
    this.bytesIn += bytesIn;
    this.bytesOut += bytesOut;
    this.events += count - messagesIn - messagesOut;
    this.problems += problems;
    const firstAt = block.baseTime + earliest / 1_000;
    const lastAt = block.baseTime + latest / 1_000;
    // The records of an imported file may be in any order.
    this.firstAt = at === 0 ? firstAt : Math.min(this.firstAt, firstAt);
    this.lastAt = at === 0 ? lastAt : Math.max(this.lastAt, lastAt);
    this.blocks = at + 1;
  }
}
