import type { Rates } from './statistics.ts';

/** Steps over the whole range: between this number and twice as many, unless the range has fewer milliseconds. */
const minSteps = 240;
const maxSteps = minSteps * 2;

/**
 * Messages and bytes over time, counted in one pass over records whose range is not known in advance: when they no longer
 * fit, every two neighbouring steps are merged.
 */
export class RateBins {
  #startAt = 0;
  #stepMs = 1;
  /** Steps in use; 0 until the first message. */
  #used = 0;
  /** Of `in`, then of `out`. */
  readonly #messages = [new Float64Array(maxSteps), new Float64Array(maxSteps)] as const;
  readonly #bytes = [new Float64Array(maxSteps), new Float64Array(maxSteps)] as const;

  /** Counts one message; `flow` is 0 for `in` and 1 for `out`, `at` in milliseconds. */
  add(flow: 0 | 1, at: number, bytes: number): void {
    if (this.#used === 0) this.#startAt = Math.floor(at);
    let step = Math.floor((at - this.#startAt) / this.#stepMs);
    if (step < 0 || step >= maxSteps) {
      this.#makeRoom(at);
      step = Math.floor((at - this.#startAt) / this.#stepMs);
    }
    if (step >= this.#used) this.#used = step + 1;
    const messages = this.#messages[flow];
    const sums = this.#bytes[flow];
    messages[step] = (messages[step] as number) + 1;
    sums[step] = (sums[step] as number) + bytes;
  }

  rates(): Rates {
    const used = (column: Float64Array) => Array.from(column.subarray(0, this.#used));
    const [messagesIn, messagesOut] = this.#messages;
    const [bytesIn, bytesOut] = this.#bytes;
    return {
      startAt: this.#startAt,
      stepMs: this.#stepMs,
      messagesIn: used(messagesIn),
      messagesOut: used(messagesOut),
      bytesIn: used(bytesIn),
      bytesOut: used(bytesOut),
    };
  }

  #makeRoom(at: number): void {
    const columns = [...this.#messages, ...this.#bytes];
    while (at >= this.#startAt + this.#stepMs * maxSteps) {
      for (const column of columns) halve(column);
      this.#used = Math.ceil(this.#used / 2);
      this.#stepMs *= 2;
    }
    // The clock was set back: the range grows to the left.
    while (at < this.#startAt) {
      const missing = Math.ceil((this.#startAt - at) / this.#stepMs);
      if (this.#used + missing <= maxSteps) {
        for (const column of columns) {
          column.copyWithin(missing, 0, this.#used);
          column.fill(0, 0, missing);
        }
        this.#startAt -= missing * this.#stepMs;
        this.#used += missing;
      } else {
        for (const column of columns) halve(column);
        this.#used = Math.ceil(this.#used / 2);
        this.#stepMs *= 2;
      }
    }
  }
}

function halve(column: Float64Array): void {
  for (let at = 0; at < maxSteps / 2; at += 1) {
    column[at] = (column[at * 2] as number) + (column[at * 2 + 1] as number);
  }
  column.fill(0, maxSteps / 2);
}
