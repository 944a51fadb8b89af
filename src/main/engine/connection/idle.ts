import type { Limits } from '#shared/endpoint/endpoint-config.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import type { Command } from './command.ts';

/** The limit that was exceeded: nothing was received at all, or there was no traffic for a while. */
type Idleness = 'first-byte' | 'idle';

/** The limits of silence of one connection, with one timer, which messages do not restart. Times in milliseconds. */
export class Idle {
  readonly #limits: Pick<Limits, 'firstByteMs' | 'idleMs'>;
  readonly #out: Command[];
  #startedAt = 0;
  #movedAt = 0;
  #hasReceived = false;
  #armed = false;

  /** Appends its commands to `out`. */
  constructor(limits: Pick<Limits, 'firstByteMs' | 'idleMs'>, out: Command[]) {
    this.#limits = limits;
    this.#out = out;
  }

  start(now: number): void {
    this.#startedAt = now;
    this.#movedAt = now;
    this.#arm(now);
  }

  received(now: number): void {
    this.#hasReceived = true;
    this.#movedAt = now;
  }

  sent(now: number): void {
    this.#movedAt = now;
  }

  stop(): void {
    if (this.#armed) this.#out.push({ kind: 'disarm', timer: 'idle-check' });
    this.#armed = false;
  }

  /** Returns the event of a limit that has expired; where none has, waits again. */
  check(now: number): SocketEvent | undefined {
    this.#armed = false;
    const left = this.#left(now);
    if (!left || left.ms > 0) {
      this.#arm(now);
      return undefined;
    }
    const { firstByteMs, idleMs } = this.#limits;
    const [limit, text] =
      left.why === 'idle'
        ? ['idleMs', `nothing was sent or received for ${idleMs} ms (idleMs): the connection is closed`]
        : [
            'firstByteMs',
            `nothing was received in the first ${firstByteMs} ms (firstByteMs): the connection is closed`,
          ];
    return { kind: 'limited', limit, text };
  }

  #arm(now: number): void {
    const left = this.#left(now);
    if (!left) return;
    this.#armed = true;
    this.#out.push({ kind: 'arm', timer: 'idle-check', ms: Math.max(1, left.ms) });
  }

  /** Returns the limit that expires next, and the time until then. */
  #left(now: number): { readonly why: Idleness; readonly ms: number } | undefined {
    const { firstByteMs, idleMs } = this.#limits;
    const first =
      firstByteMs > 0 && !this.#hasReceived ? this.#startedAt + firstByteMs - now : Number.POSITIVE_INFINITY;
    const idle = idleMs > 0 ? this.#movedAt + idleMs - now : Number.POSITIVE_INFINITY;
    if (first === Number.POSITIVE_INFINITY && idle === Number.POSITIVE_INFINITY) return undefined;
    return first <= idle ? { why: 'first-byte', ms: first } : { why: 'idle', ms: idle };
  }
}
