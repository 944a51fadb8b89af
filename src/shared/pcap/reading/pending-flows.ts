import { maxDelayMs, type RecordOrder } from './record-order.ts';
import type { TcpFlow } from './tcp-flow.ts';

/** So many flows are looked at for each packet; of more, each once in as many packets as there are flows. */
const fewFlows = 16;

/** The flows in which something waits for what lies before it: what is recorded after it waits as well, for a while. */
export class PendingFlows {
  readonly #order: RecordOrder;
  readonly #flows = new Set<TcpFlow>();
  #packets = 0;

  constructor(order: RecordOrder) {
    this.#order = order;
  }

  /** `flow` has taken a segment. */
  note(flow: TcpFlow): void {
    const since = flow.waitingSince;
    if (since !== undefined) {
      this.#flows.add(flow);
      if (flow.lastAt - since <= maxDelayMs) this.#order.hold(since);
    } else if (this.#flows.delete(flow) && this.#flows.size === 0) {
      this.#order.settle(undefined);
    }
  }

  /** A packet came at time `now`: what has waited for too long is given up. */
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
