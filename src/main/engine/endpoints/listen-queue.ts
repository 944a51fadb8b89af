import { readFileSync } from 'node:fs';
import type { Address } from '#shared/socket/address.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { acceptingChanged, BacklogWatch } from './backlog-watch.ts';
import { OverflowWatch } from './overflow-watch.ts';

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
    const cap = Number(readFileSync('/proc/sys/net/core/somaxconn', 'latin1'));
    return Number.isSafeInteger(cap) && cap > 0 ? cap : undefined;
  } catch {
    return undefined;
  }
}
