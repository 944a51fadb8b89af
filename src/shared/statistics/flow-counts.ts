import { Histogram } from './histogram.ts';
import type { Distribution, Flow } from './statistics.ts';
import { maxSockets } from './statistics.ts';

/** Ids below this are looked up in a table, others in a map. */
const tableIds = 1_048_576;

/** Sizes (bytes) and gaps (microseconds) of one flow. */
export interface FlowSpread {
  readonly sizes: Histogram;
  readonly gaps: Histogram;
}

export function newSpread(): FlowSpread {
  return { sizes: new Histogram(), gaps: new Histogram() };
}

/**
 * The counts of each socket and direction. A socket has a slot, a small number from 0; its flows are
 * `slot * 2` (in) and `slot * 2 + 1` (out).
 */
export class FlowCounts {
  #table = new Int32Array(1_024);
  readonly #others = new Map<number, number>();
  readonly #ids: number[] = [];
  messages = new Float64Array(128);
  bytes = new Float64Array(128);
  firsts = new Float64Array(128);
  lasts = new Float64Array(128);

  /** Sockets seen. */
  get count(): number {
    return this.#ids.length;
  }

  /** Returns the socket's slot and assigns one if it has none; −1 if there are too many. */
  slotOf(id: number): number {
    if (id >= tableIds) return this.#others.get(id) ?? this.#newSlot(id);
    if (id < this.#table.length) {
      const known = this.#table[id] as number;
      if (known > 0) return known - 1;
    }
    return this.#newSlot(id);
  }

  idOf(slot: number): number {
    return this.#ids[slot] as number;
  }

  /**
   * Counts one message, and returns the microseconds since the latest one of its flow so far: 0 if it is earlier than
   * that; −1 for the first.
   */
  add(flow: number, at: number, bytes: number): number {
    const before = this.messages[flow] as number;
    this.messages[flow] = before + 1;
    this.bytes[flow] = (this.bytes[flow] as number) + bytes;
    if (before === 0) {
      this.firsts[flow] = at;
      this.lasts[flow] = at;
      return -1;
    }
    const lastAt = this.lasts[flow] as number;
    if (at > lastAt) this.lasts[flow] = at;
    else if (at < (this.firsts[flow] as number)) this.firsts[flow] = at;
    return gapMicros(lastAt, at);
  }

  /** Returns the flows that have messages, sorted by bytes, the most first; on a tie the earlier first. */
  busiest(count: number): number[] {
    const flows: number[] = [];
    for (let flow = 0; flow < this.count * 2; flow += 1) if ((this.messages[flow] as number) > 0) flows.push(flow);
    flows.sort((a, b) => (this.bytes[b] as number) - (this.bytes[a] as number) || a - b);
    return flows.slice(0, count);
  }

  /** The number of flows that have messages. */
  get used(): number {
    let used = 0;
    for (let flow = 0; flow < this.count * 2; flow += 1) if ((this.messages[flow] as number) > 0) used += 1;
    return used;
  }

  flow(flow: number, spread: FlowSpread): Flow {
    return {
      socket: this.idOf(flow >> 1),
      direction: (flow & 1) === 0 ? 'in' : 'out',
      messages: this.messages[flow] as number,
      bytes: this.bytes[flow] as number,
      firstAt: this.firsts[flow] as number,
      lastAt: this.lasts[flow] as number,
      ...distributionsOf(spread),
    };
  }

  #newSlot(id: number): number {
    const slot = this.#ids.length;
    if (slot === maxSockets) return -1;
    this.#ids.push(id);
    if (id >= tableIds) {
      this.#others.set(id, slot);
    } else {
      if (id >= this.#table.length) {
        const larger = new Int32Array(Math.min(tableIds, Math.max(id + 1, this.#table.length * 2)));
        larger.set(this.#table);
        this.#table = larger;
      }
      this.#table[id] = slot + 1;
    }
    if (slot * 2 + 2 > this.messages.length) this.#grow();
    return slot;
  }

  #grow(): void {
    const larger = (column: Float64Array) => {
      const grown = new Float64Array(column.length * 2);
      grown.set(column);
      return grown;
    };
    this.messages = larger(this.messages);
    this.bytes = larger(this.bytes);
    this.firsts = larger(this.firsts);
    this.lasts = larger(this.lasts);
  }
}

/** Returns the microseconds from the latest message so far to the next one; 0 if that one is earlier. */
export function gapMicros(before: number, at: number): number {
  return at > before ? Math.round((at - before) * 1_000) : 0;
}

export function distributionsOf({ sizes, gaps }: FlowSpread): { sizes: Distribution; gaps: Distribution } {
  return { sizes: sizes.distribution(), gaps: gaps.distribution(1_000) };
}
