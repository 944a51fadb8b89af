import type { Failure } from '#shared/failure.ts';
import { blockTypes } from '#shared/record/block.ts';
import type { Mark, SocketInfo } from '#shared/record/record.ts';
import type { SessionSettings, SessionTotals } from '#shared/record/session-json.ts';
import { type FilledBlock, filledSize, socketInfoSize } from '../format/filling-block.ts';
import { type FilledReads, readsSize } from '../format/filling-reads.ts';
import { jsonBlock, type OutgoingBlock, readsBlock, recordsBlock } from '../format/outgoing-block.ts';
import type { LogFile } from './log-file.ts';

/** The maximum bytes of one write, so that reports and returned buffers do not wait long. */
export const maxBatchBytes = 4 * 1_048_576;

type Answer = (failure: Failure | undefined) => void;

interface Item {
  readonly block: OutgoingBlock | undefined;
  /** The size that it counts as while it waits. */
  readonly bytes: number;
  readonly buffer?: ArrayBuffer;
  /** Called when everything before it and its block are in the file, or with the failure. */
  readonly answer?: Answer;
}

export interface Written {
  /** The size that `Recorder.written` expects. */
  readonly bytes: number;
  readonly buffers: ArrayBuffer[];
}

/** The blocks for the file, in order. Blocks that cannot be written stay. */
export class WriteQueue {
  #items: Item[] = [];
  #tried: ReadonlySet<Item> = new Set();
  #bytes = 0;
  /** The number of the record after all that wait. */
  #next = 0;

  /** The bytes of the waiting blocks. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The number that the next record will have when all that waits is written. */
  get next(): number {
    return this.#next;
  }

  records(block: FilledBlock): void {
    this.#next = block.first + block.count;
    this.#push({ block: recordsBlock(block), bytes: filledSize(block), buffer: block.buffer });
  }

  reads(reads: FilledReads): void {
    this.#push({ block: readsBlock(reads, this.#next), bytes: readsSize(reads), buffer: reads.buffer });
  }

  sockets(infos: readonly SocketInfo[]): void {
    const block = jsonBlock(blockTypes.sockets, infos, this.#next);
    this.#push({ block, bytes: infos.length * socketInfoSize });
  }

  marks(marks: readonly Mark[], answer: Answer): void {
    this.#push({ block: jsonBlock(blockTypes.marks, marks, this.#next), bytes: 0, answer });
  }

  settings(settings: Partial<SessionSettings>, answer: Answer): void {
    this.#push({ block: jsonBlock(blockTypes.settings, settings, this.#next), bytes: 0, answer });
  }

  end(totals: SessionTotals): void {
    this.#push({ block: jsonBlock(blockTypes.end, totals, this.#next), bytes: 0 });
  }

  /** Calls `answer` when everything pushed before is in the file. */
  whenWritten(answer: Answer): void {
    this.#push({ block: undefined, bytes: 0, answer });
  }

  /** Appends and removes everything that waits, in batches; calls `report` for each batch. */
  write(file: LogFile, report: (written: Written) => void): Failure | undefined {
    while (this.#items.length > 0) {
      const batch = this.#batch();
      const blocks = batch.flatMap(({ block }) => block ?? []);
      const failure = blocks.length > 0 ? file.append(blocks) : undefined;
      this.#take(failure ? leading(batch, file.appended) : batch, report);
      if (failure) return failure;
    }
    return undefined;
  }

  /**
   * Appends everything that waits to `file` without removing it until `adopt` confirms that this is the file. What is added
   * in between is not in it.
   */
  tryWrite(file: LogFile): Failure | undefined {
    this.#tried = new Set(this.#items);
    return file.append(this.#items.flatMap(({ block }) => block ?? []));
  }

  /** Removes what the last `tryWrite` appended. */
  adopt(report: (written: Written) => void): void {
    const tried = this.#tried;
    const [written, rest] = [
      this.#items.filter((item) => tried.has(item)),
      this.#items.filter((item) => !tried.has(item)),
    ];
    this.#tried = new Set();
    this.#items = rest;
    this.#done(written, report);
  }

  /** Answers waiting requests with the failure, and drops blocks that only they wanted written. */
  refuse(failure: Failure): void {
    const refused = this.#items.filter(({ answer }) => answer !== undefined);
    this.#items = this.#items.filter(({ answer }) => answer === undefined);
    this.#bytes = this.#items.reduce((sum, { block }) => sum + (block?.size ?? 0), 0);
    for (const { answer } of refused) answer?.(failure);
  }

  #push(item: Item): void {
    this.#items.push(item);
    this.#bytes += item.block?.size ?? 0;
  }

  #batch(): Item[] {
    let count = 0;
    for (let bytes = 0; count < this.#items.length && bytes < maxBatchBytes; count += 1) {
      bytes += this.#items[count]?.block?.size ?? 0;
    }
    return this.#items.slice(0, count);
  }

  #take(items: readonly Item[], report: (written: Written) => void): void {
    this.#items = this.#items.slice(items.length);
    this.#done(items, report);
  }

  #done(items: readonly Item[], report: (written: Written) => void): void {
    let bytes = 0;
    const buffers: ArrayBuffer[] = [];
    for (const item of items) {
      bytes += item.bytes;
      this.#bytes -= item.block?.size ?? 0;
      if (item.buffer) buffers.push(item.buffer);
    }
    if (items.some(({ block }) => block)) report({ bytes, buffers });
    for (const { answer } of items) answer?.(undefined);
  }
}

/** The items of `batch` up to the one with its last written block. */
function leading(batch: readonly Item[], blocks: number): Item[] {
  let left = blocks;
  const end = batch.findIndex(({ block }) => {
    if (block === undefined) return false;
    left -= 1;
    return left < 0;
  });
  return batch.slice(0, end < 0 ? batch.length : end);
}
