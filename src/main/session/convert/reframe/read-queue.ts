/** The maximum number of waiting reads, of all sockets together: 24 bytes each. */
const maxWaiting = 2_000_000;

/** The number of reads in all queues of one session, and how many were merged because there were too many. */
export interface ReadBudget {
  waiting: number;
  joined: number;
}

/**
 * The reads of one socket that its records have not reached yet, in the order of the stream. Ignores reads that are not
 * consecutive: a file may contain anything. If too many wait, the next ones are merged into one.
 */
export class ReadQueue {
  readonly #budget: ReadBudget;
  #froms = new Float64Array(16);
  #tos = new Float64Array(16);
  #times = new Float64Array(16);
  #head = 0;
  #tail = 0;

  constructor(budget: ReadBudget) {
    this.#budget = budget;
  }

  add(at: number, offset: number, length: number): void {
    const last = this.#tail - 1;
    const to = offset + length;
    const isNext = this.#head === this.#tail || offset >= (this.#tos[last] as number);
    if (length === 0 || !isNext || !Number.isSafeInteger(offset)) return;
    if (this.#head < this.#tail && this.#budget.waiting >= maxWaiting) {
      this.#tos[last] = to;
      this.#times[last] = at;
      this.#budget.joined += 1;
      return;
    }
    if (this.#tail === this.#tos.length) this.#makeRoom();
    this.#froms[this.#tail] = offset;
    this.#tos[this.#tail] = to;
    this.#times[this.#tail] = at;
    this.#tail += 1;
    this.#budget.waiting += 1;
  }

  /** Drops the reads that end at or before `offset`. */
  passTo(offset: number): void {
    const before = this.#head;
    while (this.#head < this.#tail && (this.#tos[this.#head] as number) <= offset) this.#head += 1;
    this.#budget.waiting -= this.#head - before;
  }

  /** The first remaining read: where it begins and ends in the stream (infinity if there is no read), and its time. */
  get from(): number {
    return this.#head < this.#tail ? (this.#froms[this.#head] as number) : Number.POSITIVE_INFINITY;
  }

  get to(): number {
    return this.#head < this.#tail ? (this.#tos[this.#head] as number) : Number.POSITIVE_INFINITY;
  }

  get at(): number {
    return this.#times[this.#head] as number;
  }

  clear(): void {
    this.#budget.waiting -= this.#tail - this.#head;
    this.#head = 0;
    this.#tail = 0;
  }

  #makeRoom(): void {
    const head = this.#head;
    const waiting = this.#tail - head;
    const size = waiting * 2 > this.#tos.length ? this.#tos.length * 2 : this.#tos.length;
    const moved = (column: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> => {
      const into = size === column.length ? column : new Float64Array(size);
      into.set(column.subarray(head, this.#tail));
      return into;
    };
    this.#froms = moved(this.#froms);
    this.#tos = moved(this.#tos);
    this.#times = moved(this.#times);
    this.#head = 0;
    this.#tail = waiting;
  }
}
