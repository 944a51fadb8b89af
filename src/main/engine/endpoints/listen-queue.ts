import fs from 'node:fs';
import type { Address } from '#shared/socket/address.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { parseNetTable } from '../doctor/net-tables.ts';
import { canonicalHost, splitZone } from '../ip-address.ts';
import { OverflowWatch } from './overflow-watch.ts';

/** The interval of the checks. */
const everyMs = 1_000;
/** The number of bytes of the table that are read: the kernel lists listening sockets first, about 150 bytes each. */
const maxTableBytes = 262_144;

/** The accept queue of a listening socket: the connections that wait in it, and those that were dropped. */
export class ListenQueue {
  /** Connection attempts that were dropped because the queue was full, where the system counts them. */
  dropped = 0;
  readonly #changed: () => void;
  readonly #backlog: BacklogWatch;
  readonly #overflow: OverflowWatch;
  #emit: ((event: SocketEvent) => void) | undefined;

  /** `changed` is called when the counts have changed. `backlogOf` returns the argument of listen(). */
  constructor(changed: () => void, backlogOf: () => number) {
    this.#changed = changed;
    this.#backlog = new BacklogWatch(changed);
    const report = (drops: number, withinMs: number) => {
      this.dropped += drops;
      this.#emit?.({ kind: 'limited', limit: 'backlog', text: overflowText(drops, withinMs, backlogOf()) });
      this.#changed();
    };
    const capacity = () => Math.min(backlogOf(), readBacklogCap() ?? Number.POSITIVE_INFINITY);
    this.#overflow = new OverflowWatch(report, { capacity, waiting: () => this.waiting });
  }

  /** Connections in the queue at the last check, while accept() is not called. */
  get waiting(): number | undefined {
    return this.#backlog.waiting;
  }

  /** Starts watching the queue of a socket that listens; `emit` records its events. */
  start(emit: (event: SocketEvent) => void): void {
    this.dropped = 0;
    this.#emit = emit;
    this.#overflow.start();
  }

  /** Counts a connection that was accepted from the queue. */
  accepted(): void {
    this.#overflow.accepted();
  }

  /** Records that accept() is called again, or no longer, on the socket at `local`. */
  setAccepting(accepting: boolean, local: Address): void {
    if (accepting) this.#backlog.stop();
    else this.#backlog.start(local);
    this.#overflow.setContinuous(!accepting);
    this.#emit?.(acceptingChanged(accepting));
  }

  stop(): void {
    this.#backlog.stop();
    this.#overflow.stop();
    this.#emit = undefined;
  }
}

/** Returns the text of the event of dropped connection attempts. */
function overflowText(drops: number, withinMs: number, backlog: number): string {
  const attempts = drops === 1 ? '1 connection attempt was' : `${drops} connection attempts were`;
  return `the accept queue overflowed: ${attempts} dropped in the last ${(withinMs / 1_000).toFixed(1)} s (counted over all servers of this machine); connect() retries after 1 s or more. The backlog is ${backlog}`;
}

/** Returns `event` with the system's maximum backlog, where that is below the requested backlog (listen(2)). */
export function withBacklogCap(event: SocketEvent, cap = readBacklogCap()): SocketEvent {
  return event.kind === 'listening' && cap !== undefined && cap < event.backlog ? { ...event, backlogCap: cap } : event;
}

function readBacklogCap(): number | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const cap = Number(fs.readFileSync('/proc/sys/net/core/somaxconn', 'latin1'));
    return Number.isSafeInteger(cap) && cap > 0 ? cap : undefined;
  } catch {
    return undefined;
  }
}

/** Counts the connections that wait for accept() while it is not called. Works on Linux only. */
class BacklogWatch {
  /** Connections in the backlog at the last check; `undefined` where it is not watched or the system does not report it. */
  waiting: number | undefined;
  readonly #changed: () => void;
  #timer: NodeJS.Timeout | undefined;
  /** The number of the current watch; a result of an earlier one is ignored. */
  #watch = 0;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Checks the socket that listens at `local` now, and once a second until `stop`. */
  start(local: Address): void {
    this.stop();
    if (process.platform === 'linux' && local.family !== 'local') void this.#check(local, this.#watch);
  }

  stop(): void {
    this.#watch += 1;
    clearTimeout(this.#timer);
    this.waiting = undefined;
  }

  async #check(local: Address, watch: number): Promise<void> {
    const waiting = await waitingAt(local);
    if (watch !== this.#watch) return;
    if (waiting !== this.waiting) {
      this.waiting = waiting;
      this.#changed();
    }
    this.#timer = setTimeout(() => void this.#check(local, watch), everyMs);
  }
}

/** Returns the event of a listener that resumes or pauses accept(). */
function acceptingChanged(accepting: boolean): SocketEvent {
  return accepting
    ? { kind: 'resumed', call: 'accept' }
    : { kind: 'paused', call: 'accept', reason: 'new connections wait in the backlog' };
}

/**
 * Returns the number of connections that wait for accept() at a listening TCP socket (proc(5): `rx_queue` of a listener is
 * the length of its accept queue). `undefined` where the system does not report it, or has several such sockets (SO_REUSEPORT).
 */
async function waitingAt({ host, port, family }: Address): Promise<number | undefined> {
  const table = await startOf(family === 6 ? '/proc/net/tcp6' : '/proc/net/tcp');
  const wanted = canonicalHost(splitZone(host).address);
  const found = parseNetTable(table, 'tcp', (at, state) => at === port && state === 'listening').filter(
    (socket) => socket.host === wanted,
  );
  return found.length === 1 ? found[0]?.waiting : undefined;
}

/** Reads the first `maxTableBytes` of a table; empty where it cannot be read. */
async function startOf(path: string): Promise<string> {
  try {
    await using file = await fs.promises.open(path);
    const bytes = Buffer.allocUnsafe(maxTableBytes);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(bytes, length, maxTableBytes - length, null);
      length += bytesRead;
      if (bytesRead === 0 || length === maxTableBytes) return bytes.toString('latin1', 0, length);
    }
  } catch {
    return '';
  }
}
