import { readFileSync } from 'node:fs';
import type { Address } from '#shared/socket/address.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { acceptingChanged, BacklogWatch } from './backlog-watch.ts';
import { OverflowWatch } from './overflow-watch.ts';

/** The queue of a listening socket: what waits in it, and what did not fit. */
export class ListenQueue {
  /** Connection attempts that were dropped while it was full, since it listens, where the system tells. */
  dropped = 0;
  readonly #changed: () => void;
  readonly #backlog: BacklogWatch;
  readonly #overflow: OverflowWatch;
  #emit: ((event: SocketEvent) => void) | undefined;

  /** `changed`: what it shows has changed. `backlogOf`: the argument of listen(). */
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

  /** Connections in it when it was last looked at, while nothing is accepted. */
  get waiting(): number | undefined {
    return this.#backlog.waiting;
  }

  /** A socket listens: `emit` records what happens to its queue. */
  start(emit: (event: SocketEvent) => void): void {
    this.dropped = 0;
    this.#emit = emit;
    this.#overflow.start();
  }

  /** Notes that a connection was taken out of it. */
  accepted(): void {
    this.#overflow.accepted();
  }

  /** The socket at `local` is accepted from again, or no more. */
  setAccepting(accepting: boolean, local: Address): void {
    if (accepting) this.#backlog.stop();
    else this.#backlog.start(local);
    this.#overflow.hold(!accepting);
    this.#emit?.(acceptingChanged(accepting));
  }

  stop(): void {
    this.#backlog.stop();
    this.#overflow.stop();
    this.#emit = undefined;
  }
}

/** What is recorded of connection attempts that were dropped. */
function overflowText(drops: number, withinMs: number, backlog: number): string {
  const attempts = drops === 1 ? '1 connection attempt was' : `${drops} connection attempts were`;
  return `the accept queue overflowed: ${attempts} dropped in the last ${(withinMs / 1_000).toFixed(1)} s (counted over all servers of this machine); connect() retries after 1 s or more. The backlog is ${backlog}`;
}

/** `event` of a socket that listens, with the system's own maximum where it is less than what was asked for (listen(2)). */
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
