import fs from 'node:fs';
import type { Address } from '#shared/socket/address.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { parseNetTable } from '../doctor/net-tables.ts';
import { canonicalHost, splitZone } from '../ip-address.ts';

/** How often the system is asked. */
const everyMs = 1_000;
/** The kernel lists listening sockets first, some 150 bytes each: what comes after so many bytes is of no interest. */
const maxTableBytes = 262_144;

/** Counts the connections that wait for accept(), while nobody calls it. Linux tells; of other systems nothing is said. */
export class BacklogWatch {
  /** Connections in the backlog when it was last looked at; `undefined` where it is not watched, or not told. */
  waiting: number | undefined;
  readonly #changed: () => void;
  #timer: NodeJS.Timeout | undefined;
  /** The watch that is on; a reading for another one is too late. */
  #watch = 0;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Looks at the socket that listens at `local`, now and once a second until `stop`. */
  start(local: Address): void {
    this.stop();
    if (process.platform === 'linux' && local.family !== 'local') void this.#look(local, this.#watch);
  }

  stop(): void {
    this.#watch += 1;
    clearTimeout(this.#timer);
    this.waiting = undefined;
  }

  async #look(local: Address, watch: number): Promise<void> {
    const waiting = await waitingAt(local);
    if (watch !== this.#watch) return;
    if (waiting !== this.waiting) {
      this.waiting = waiting;
      this.#changed();
    }
    this.#timer = setTimeout(() => void this.#look(local, watch), everyMs);
  }
}

/** What is recorded of a listener from which connections are accepted again, or no more. */
export function acceptingChanged(accepting: boolean): SocketEvent {
  return accepting
    ? { kind: 'resumed', call: 'accept' }
    : { kind: 'paused', call: 'accept', reason: 'new connections wait in the backlog' };
}

/**
 * How many connections wait for accept() at a listening TCP socket (proc(5): of a listener, `rx_queue` is the length of its
 * accept queue). `undefined` where the system does not say, or has several such sockets (SO_REUSEPORT).
 */
async function waitingAt({ host, port, family }: Address): Promise<number | undefined> {
  const table = await startOf(family === 6 ? '/proc/net/tcp6' : '/proc/net/tcp');
  const wanted = canonicalHost(splitZone(host).address);
  const found = parseNetTable(table, 'tcp', (at, state) => at === port && state === 'listening').filter(
    (socket) => socket.host === wanted,
  );
  return found.length === 1 ? found[0]?.waiting : undefined;
}

/** The first bytes of a table, in whole; empty where it cannot be read. */
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
