import fs from 'node:fs';
import type { Address } from '#shared/socket/address.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { parseNetTable } from '../doctor/net-tables.ts';
import { canonicalHost, splitZone } from '../ip-address.ts';

/** The interval of the checks. */
const everyMs = 1_000;
/** The number of bytes of the table that are read: the kernel lists listening sockets first, about 150 bytes each. */
const maxTableBytes = 262_144;

/** Counts the connections that wait for accept() while it is not called. Works on Linux only. */
export class BacklogWatch {
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
export function acceptingChanged(accepting: boolean): SocketEvent {
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
