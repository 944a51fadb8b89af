import { blockHeaderSize, recordColumnsSize } from '#shared/record/block.ts';
import { viewColumns } from '#shared/record/columns.ts';
import { isProblem, kindCodes, kindOfCode } from '#shared/record/record.ts';
import { type BlockIndex, checksumProblem, lengthsProblem } from './block-index.ts';

/** For each code whether it counts as a problem. */
const problemCodes = Uint8Array.from({ length: 256 }, (_, code) => {
  const kind = kindOfCode(code);
  return kind !== undefined && isProblem(kind) ? 1 : 0;
});

/**
 * One pass over the records blocks of an index: checks those that are not checked yet and counts what is in them. Goes
 * on where it stopped when the file has grown.
 */
export class Scan {
  readonly #index: BlockIndex;
  /** Blocks done. */
  blocks = 0;
  messagesIn = 0;
  messagesOut = 0;
  bytesIn = 0;
  bytesOut = 0;
  events = 0;
  problems = 0;
  firstAt = 0;
  lastAt = 0;

  constructor(index: BlockIndex) {
    this.#index = index;
  }

  get finished(): boolean {
    return this.blocks >= this.#index.count;
  }

  /** The file's byte up to which it has come. */
  get position(): number {
    return this.finished ? this.#index.end : (this.#index.positions[this.blocks] as number);
  }

  get records(): number {
    return this.messagesIn + this.messagesOut + this.events;
  }

  /** Takes blocks for about `ms` milliseconds, at least one. A block that does not check cuts the index. */
  run(ms: number): void {
    const until = performance.now() + ms;
    do {
      if (this.finished) return;
      this.#take(this.blocks);
    } while (performance.now() < until);
  }

  #take(at: number): void {
    const index = this.#index;
    if (!index.check(at)) {
      index.cutAt(at, checksumProblem);
      return;
    }
    const header = index.headerOf(at);
    const position = (index.positions[at] as number) + blockHeaderSize;
    const body = index.file.read(position, header.count * recordColumnsSize);
    const { kinds, lengths, times } = viewColumns(body.buffer, header.count, 0);
    let bytesIn = 0;
    let bytesOut = 0;
    let bytes = 0;
    let messagesIn = 0;
    let messagesOut = 0;
    let problems = 0;
    for (let record = 0; record < header.count; record += 1) {
      const code = kinds[record] as number;
      const length = lengths[record] as number;
      bytes += length;
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
    if (bytes !== header.payloadLength) {
      index.cutAt(at, lengthsProblem);
      return;
    }
    this.messagesIn += messagesIn;
    this.messagesOut += messagesOut;
    this.bytesIn += bytesIn;
    this.bytesOut += bytesOut;
    this.events += header.count - messagesIn - messagesOut;
    this.problems += problems;
    if (at === 0) this.firstAt = header.baseTime + (times[0] as number) / 1_000;
    this.lastAt = header.baseTime + (times[header.count - 1] as number) / 1_000;
    this.blocks = at + 1;
  }
}
