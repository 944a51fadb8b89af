import type { Limits } from '#shared/endpoint/endpoint-config.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import type { Command } from './step.ts';

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

/** What the timer has to know of a stream: the time of its gap, and the bytes that wait for it. */
interface GapStream {
  readonly gapMs: number | undefined;
  readonly pending: number;
}

/** Measures the idle gap that ends a message under some framings, without the time of pauses. Times in milliseconds. */
export class GapTimer {
  readonly #out: Command[];
  #armed = false;
  /** The total time of pauses, and the start of the current one. */
  #pausedMs = 0;
  #pausedAt: number | undefined;

  /** Appends its commands to `out`. */
  constructor(out: Command[]) {
    this.#out = out;
  }

  /** Returns the time `now` minus the time of pauses. */
  streamTime(now: number): number {
    return Math.min(now, this.#pausedAt ?? now) - this.#pausedMs;
  }

  /** Arms the timer where bytes wait for the end of a gap. */
  watch({ gapMs, pending }: GapStream): void {
    if (gapMs === undefined || this.#pausedAt !== undefined) return;
    if (pending === 0) {
      this.disarm();
      return;
    }
    this.#armed = true;
    this.#out.push({ kind: 'arm', timer: 'gap-over', ms: gapMs });
  }

  fired(): void {
    this.#armed = false;
  }

  disarm(): void {
    if (this.#armed) this.#out.push({ kind: 'disarm', timer: 'gap-over' });
    this.#armed = false;
  }

  stopClock(now: number): void {
    this.#pausedAt ??= now;
    this.disarm();
  }

  startClock(now: number): void {
    if (this.#pausedAt === undefined) return;
    this.#pausedMs += now - this.#pausedAt;
    this.#pausedAt = undefined;
  }
}

/** A message that is incomplete for this long may wait for bytes that will not arrive. Milliseconds. */
const overdueMs = 1_000;

/**
 * Notices a message that stays incomplete, with one timer. `look` is called once per read, not per message, so that the cost
 * does not depend on the number of messages.
 */
export class IncompleteMessage {
  /** True where the current message has been incomplete for a second. */
  overdue = false;
  readonly #out: Command[];
  /** The offset of the incomplete message in the stream, and the time at which it began; `undefined` while no message is incomplete. */
  #begun: number | undefined;
  #since = 0;
  #armed = false;

  /** Appends its commands to `out`. */
  constructor(out: Command[]) {
    this.#out = out;
  }

  /** Notes that the message which begins at byte `begun` is incomplete, or that no message is (`undefined`). */
  look(begun: number | undefined, now: number): void {
    if (begun === this.#begun) return;
    this.#begun = begun;
    this.overdue = false;
    if (begun === undefined) return;
    this.#since = now;
    if (!this.#armed) this.#arm(overdueMs);
  }

  /** Handles the timer: the message is overdue, or a later one began after the timer was armed. */
  check(now: number): void {
    this.#armed = false;
    if (this.#begun === undefined) return;
    const left = this.#since + overdueMs - now;
    if (left > 0) this.#arm(left);
    else this.overdue = true;
  }

  /** The stream has ended: its last message is not overdue. */
  end(): void {
    if (this.#armed) this.#out.push({ kind: 'disarm', timer: 'overdue-check' });
    this.#armed = false;
    this.#begun = undefined;
    this.overdue = false;
  }

  #arm(ms: number): void {
    this.#armed = true;
    this.#out.push({ kind: 'arm', timer: 'overdue-check', ms: Math.ceil(ms) });
  }
}
