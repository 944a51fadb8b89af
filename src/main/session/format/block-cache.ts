import type { BlockIndex } from './block-index.ts';
import { type DecodedBlock, readBlock } from './decoded-block.ts';

/** Reads blocks through an index, and caches the recently used ones: the rows on screen are requested again and again. */
export class BlockCache {
  readonly #index: BlockIndex;
  readonly #maxBytes: number;
  readonly #blocks = new Map<number, DecodedBlock>();
  #bytes = 0;

  constructor(index: BlockIndex, maxBytes = 16 * 1_048_576) {
    this.#index = index;
    this.#maxBytes = maxBytes;
  }

  /** Returns block `at` of the index, checked; `undefined` if it is damaged, which truncates the index there. */
  get(at: number): DecodedBlock | undefined {
    const known = this.#blocks.get(at);
    if (known) {
      this.#blocks.delete(at);
      this.#blocks.set(at, known);
      return known;
    }
    const block = readBlock(this.#index, at);
    if (block === undefined) return undefined;
    this.#blocks.set(at, block);
    this.#bytes += block.size;
    for (const [oldest, { size }] of this.#blocks) {
      if (this.#bytes <= this.#maxBytes || oldest === at) break;
      this.#blocks.delete(oldest);
      this.#bytes -= size;
    }
    return block;
  }
}
