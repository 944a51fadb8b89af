import type { Command } from './command.ts';

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
