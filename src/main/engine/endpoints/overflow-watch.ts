import { readFileSync } from 'node:fs';

/** How often the kernel's counters are read, at the most. */
const everyMs = 1_000;

/** What the kernel has counted, over all listening sockets of this network namespace. */
export interface ListenCounts {
  /** How often an accept queue was full. */
  readonly overflows: number;
  /** Connection attempts that were dropped, for that or another reason. */
  readonly drops: number;
}

/**
 * Reads `ListenOverflows` and `ListenDrops` out of the text of /proc/net/netstat (proc(5)): pairs of lines, of names and of
 * values. `undefined` where they are not in it.
 */
export function parseListenCounts(table: string): ListenCounts | undefined {
  const [names, values] = table.split('\n').filter((line) => line.startsWith('TcpExt: '));
  const order = names?.split(' ');
  const counts = values?.split(' ');
  if (!order || !counts) return undefined;
  const count = (name: string) => Number(counts[order.indexOf(name)]);
  const overflows = count('ListenOverflows');
  const drops = count('ListenDrops');
  return Number.isSafeInteger(overflows) && Number.isSafeInteger(drops) ? { overflows, drops } : undefined;
}

/** Drops in an interval: how many, and its length in milliseconds. */
type ReportDrops = (drops: number, withinMs: number) => void;

/** The queue that is watched. */
interface WatchedQueue {
  /** How many connections it holds: one more, and it is full. */
  readonly capacity: () => number;
  /** Connections in it while nothing is accepted, where that is known. */
  readonly waiting: () => number | undefined;
}

/**
 * Watches for connection attempts that the kernel drops because an accept queue is full, where it counts them (Linux): a
 * second after a connection was accepted, and once a second while the count grows or nothing is accepted. The kernel counts
 * over all servers: drops are reported only where this queue was full, which is when as many connections come out of it.
 */
export class OverflowWatch {
  readonly #report: ReportDrops;
  readonly #read: () => ListenCounts | undefined;
  readonly #queue: WatchedQueue;
  /** Connections that were accepted since the last look. */
  #taken = 0;
  #known: ListenCounts | undefined;
  #knownAt = 0;
  #isHeld = false;
  #timer: NodeJS.Timeout | undefined;

  /** `read` gives the kernel's counts; the system's where it is left out. */
  constructor(report: ReportDrops, queue: WatchedQueue, read = readListenCounts) {
    this.#report = report;
    this.#queue = queue;
    this.#read = read;
  }

  start(): void {
    this.#isHeld = false;
    this.#taken = 0;
    this.#known = this.#read();
    this.#knownAt = performance.now();
  }

  /** Notes that a connection was accepted. */
  accepted(): void {
    this.#taken += 1;
    this.#arm();
  }

  #arm(): void {
    if (this.#known) this.#timer ??= setTimeout(() => this.#look(), everyMs).unref();
  }

  /** Watches all the time while connections are left in the queue, or only after those that are accepted. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    if (isHeld) this.#arm();
  }

  /** Looks a last time where there is reason to, and ends. */
  stop(): void {
    this.#isHeld = false;
    if (this.#timer) this.#look();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#known = undefined;
  }

  /** True where more connections than the queue holds have come out of it since the last look, or are in it. */
  #wasFull(): boolean {
    const capacity = this.#queue.capacity();
    return this.#taken > capacity || (this.#isHeld && (this.#queue.waiting() ?? Number.POSITIVE_INFINITY) > capacity);
  }

  #look(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const before = this.#known;
    const counts = this.#read();
    if (!before || !counts) return;
    const overflows = counts.overflows - before.overflows;
    const wasFull = this.#wasFull();
    this.#taken = 0;
    if (overflows > 0 || this.#isHeld) this.#arm();
    // How many wait may have been counted before the last one came: it is seen at the next look.
    if (overflows > 0 && !wasFull && this.#isHeld) return;
    const now = performance.now();
    const withinMs = now - this.#knownAt;
    this.#known = counts;
    this.#knownAt = now;
    if (overflows > 0 && wasFull) this.#report(Math.max(overflows, counts.drops - before.drops), withinMs);
  }
}

/** The table lies in the kernel's memory: reading it waits for no disk. */
function readListenCounts(): ListenCounts | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    return parseListenCounts(readFileSync('/proc/net/netstat', 'latin1'));
  } catch {
    return undefined;
  }
}
