import type { Command } from './command.ts';

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
