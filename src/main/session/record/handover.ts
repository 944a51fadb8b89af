import type { SocketInfo } from '#shared/record/record.ts';
import { type FilledBlock, filledSize, socketInfoSize } from '../format/filling-block.ts';
import { type FilledReads, readsSize } from '../format/filling-reads.ts';
import type { Backlog } from './backlog.ts';
import type { RecorderOutput } from './recorder-options.ts';

/** Hands buffers to the writer and counts them in the backlog. */
export class Handover {
  readonly #output: RecorderOutput;
  readonly #backlog: Backlog;

  constructor(output: RecorderOutput, backlog: Backlog) {
    this.#output = output;
    this.#backlog = backlog;
  }

  /** Hands over descriptions of sockets, if there are any. */
  sockets(infos: SocketInfo[]): void {
    if (infos.length === 0) return;
    this.#backlog.add(infos.length * socketInfoSize);
    this.#output.sockets(infos);
  }

  /** Hands over reads, if there are any. */
  reads(reads: FilledReads | undefined): void {
    if (reads === undefined) return;
    this.#backlog.add(readsSize(reads));
    this.#output.reads(reads);
  }

  records(block: FilledBlock): void {
    this.#backlog.add(filledSize(block));
    this.#output.records(block);
  }
}
