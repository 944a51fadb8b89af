import { maxDelayMs, type RecordOrder } from './record-order.ts';
import type { TcpFlow } from './tcp-flow.ts';

/** Maximum number of flows that are checked for each packet; with more, each is checked once in that number of packets. */
const fewFlows = 16;

/** The flows in which a segment waits for earlier bytes. Later records of other flows wait too, for a limited time. */
export class PendingFlows {
  readonly #order: RecordOrder;
  readonly #flows = new Set<TcpFlow>();
  #packets = 0;

  constructor(order: RecordOrder) {
    this.#order = order;
  }

  /** Notes that `flow` has received a segment. */
  note(flow: TcpFlow): void {
    const since = flow.waitingSince;
    if (since !== undefined) {
      this.#flows.add(flow);
      if (flow.lastAt - since <= maxDelayMs) this.#order.hold(since);
    } else if (this.#flows.delete(flow) && this.#flows.size === 0) {
      this.#order.settle(undefined);
    }
  }

  /** Advances the time to `now`: gives up gaps that are too old. */
  settle(now: number): void {
    if (this.#flows.size === 0) return;
    this.#packets += 1;
    if (this.#flows.size > fewFlows && this.#packets < this.#flows.size) return;
    this.#packets = 0;
    let earliest: number | undefined;
    for (const flow of this.#flows) {
      flow.settle(now);
      const since = flow.waitingSince;
      if (since === undefined) this.#flows.delete(flow);
      else if (now - since <= maxDelayMs) earliest = Math.min(earliest ?? since, since);
    }
    this.#order.settle(earliest);
  }
}
