import { readFileSync } from 'node:fs';

/** The minimum interval between two checks of the kernel's counters. */
const everyMs = 1_000;

/** The kernel's counts over all listening sockets of this network namespace. */
export interface ListenCounts {
  /** The number of times that an accept queue was full. */
  readonly overflows: number;
  /** Connection attempts that were dropped for that or another reason. */
  readonly drops: number;
}

/**
 * Parses `ListenOverflows` and `ListenDrops` of the text of /proc/net/netstat (proc(5)), which has pairs of lines: names and
 * values. `undefined` where they are missing.
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

/** Receives the number of drops in an interval and its length in milliseconds. */
type ReportDrops = (drops: number, withinMs: number) => void;

/** The queue that is watched. */
interface WatchedQueue {
  /** The number of connections that fit into it: with one more it is full. */
  readonly capacity: () => number;
  /** Connections in it while accept() is not called, where that is known. */
  readonly waiting: () => number | undefined;
}

/**
 * Watches for connection attempts that the kernel drops because an accept queue is full, where it counts them (Linux). It
 * checks a second after a connection was accepted, and once a second while the count grows or accept() is not called. The
 * kernel counts over all servers: drops are reported only where more connections were in this queue than fit into it.
 */
export class OverflowWatch {
  readonly #report: ReportDrops;
  readonly #read: () => ListenCounts | undefined;
  readonly #queue: WatchedQueue;
  /** Connections accepted since the last check. */
  #accepted = 0;
  #known: ListenCounts | undefined;
  #knownAt = 0;
  #isContinuous = false;
  #timer: NodeJS.Timeout | undefined;

  /** `read` returns the kernel's counts. */
  constructor(report: ReportDrops, queue: WatchedQueue, read = readListenCounts) {
    this.#report = report;
    this.#queue = queue;
    this.#read = read;
  }

  start(): void {
    this.#isContinuous = false;
    this.#accepted = 0;
    this.#known = this.#read();
    this.#knownAt = performance.now();
  }

  /** Counts an accepted connection. */
  accepted(): void {
    this.#accepted += 1;
    this.#arm();
  }

  #arm(): void {
    if (this.#known) this.#timer ??= setTimeout(() => this.#check(), everyMs).unref();
  }

  /** Checks once a second where `isContinuous`, else only after an accepted connection. */
  setContinuous(isContinuous: boolean): void {
    this.#isContinuous = isContinuous;
    if (isContinuous) this.#arm();
  }

  /** Makes a pending check, and ends. */
  stop(): void {
    this.#isContinuous = false;
    if (this.#timer) this.#check();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#known = undefined;
  }

  /** Returns true where more connections than fit into the queue were accepted since the last check, or are in it. */
  #wasFull(): boolean {
    const capacity = this.#queue.capacity();
    return (
      this.#accepted > capacity ||
      (this.#isContinuous && (this.#queue.waiting() ?? Number.POSITIVE_INFINITY) > capacity)
    );
  }

  #check(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const before = this.#known;
    const counts = this.#read();
    if (!before || !counts) return;
    const overflows = counts.overflows - before.overflows;
    const wasFull = this.#wasFull();
    this.#accepted = 0;
    if (overflows > 0 || this.#isContinuous) this.#arm();
    // The waiting connections may have been counted before the last one arrived: the next check sees it.
    if (overflows > 0 && !wasFull && this.#isContinuous) return;
    const now = performance.now();
    const withinMs = now - this.#knownAt;
    this.#known = counts;
    this.#knownAt = now;
    if (overflows > 0 && wasFull) this.#report(Math.max(overflows, counts.drops - before.drops), withinMs);
  }
}

/** Reads synchronously: the table is in the kernel's memory, not on a disk. */
function readListenCounts(): ListenCounts | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    return parseListenCounts(readFileSync('/proc/net/netstat', 'latin1'));
  } catch {
    return undefined;
  }
}
