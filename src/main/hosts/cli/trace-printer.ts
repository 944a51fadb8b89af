import type { TracedCall } from '#shared/calls/traced-calls.ts';
import type { TraceBatch, TraceSource } from '#trace/channel.ts';
import { SourceLines } from '#trace/source-lines.ts';
import type { Output } from './output.ts';
import { callJson, callLine } from './trace-print.ts';

/** A call that waits this long is shown before it ends. */
const shownWhenWaitingNs = 100e6;

/** Prints the calls of a trace: a line for each, or a JSON object. `beginNs`: when the trace began, on the monotonic clock. */
export class TracePrinter {
  readonly #output: Output;
  readonly #source: TraceSource;
  readonly #beginNs: number;
  readonly #json: boolean;
  readonly #sources = new SourceLines();
  readonly #shown = new WeakSet<object>();
  #pids = new Set<number>();

  constructor(output: Output, source: TraceSource, beginNs: number, json: boolean) {
    this.#output = output;
    this.#source = source;
    this.#beginNs = beginNs;
    this.#json = json;
  }

  /** Prints the calls, and those that have been waiting for a while. Resolves when more can be printed. */
  async print(batches: readonly TraceBatch[]): Promise<void> {
    for (const batch of batches) await this.#printBatch(batch);
    if (!this.#json) this.#printWaiting();
    await this.#output.ready();
  }

  async #printBatch({ process: { pid }, events, wallOffsetNs }: TraceBatch): Promise<void> {
    this.#pids.add(pid);
    for (const event of events) {
      if (event.kind !== 'ended') continue;
      const text = this.#json && event.call.source ? await this.#sources.textOf(event.call.source) : '';
      this.#line(this.#json ? callJson(event.call, wallOffsetNs, text) : this.#text(event.call));
    }
  }

  /** Shows each call once that has not ended for a while. */
  #printWaiting(): void {
    const now = Number(process.hrtime.bigint());
    for (const { pending } of this.#source.processes) {
      for (const call of pending) {
        if (now - call.start.atNs < shownWhenWaitingNs || this.#shown.has(call)) continue;
        this.#shown.add(call);
        this.#line(this.#text(call));
      }
    }
  }

  #text(call: TracedCall): string {
    return callLine(call, { beginNs: this.#beginNs, showsPid: this.#pids.size > 1 });
  }

  #line(text: string): void {
    this.#output.write(`${text}\n`);
  }
}
