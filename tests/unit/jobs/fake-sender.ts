import type { Clock } from '#jobs/clock.ts';
import type { BatchOutcome, BatchRequest, Sender, SendOutcome, SendRequest } from '#jobs/sender.ts';
import { fail } from '#shared/failure.ts';

/** A clock that stands still until the test moves it. Its timers are late by what `lateness` returns. */
export class FakeClock implements Clock {
  #now = 1_000;
  #timers: { readonly atMs: number; readonly run: () => void }[] = [];
  readonly #lateness: () => number;

  constructor(lateness: () => number = () => 0) {
    this.#lateness = lateness;
  }

  now(): number {
    return this.#now;
  }

  at(atMs: number, run: () => void): () => void {
    const timer = { atMs: Math.max(atMs, this.#now) + this.#lateness(), run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  async nextTurn(): Promise<void> {}

  /** Moves by `ms` without running a timer: something took this long. */
  spend(ms: number): void {
    this.#now += ms;
  }

  get armed(): number {
    return this.#timers.length;
  }

  /** Moves to the next timer and runs it; returns whether there was one. */
  async next(): Promise<boolean> {
    const [first] = this.#timers.toSorted((a, b) => a.atMs - b.atMs);
    if (!first) return false;
    this.#timers = this.#timers.filter((other) => other !== first);
    this.#now = Math.max(this.#now, first.atMs);
    first.run();
    await settled();
    return true;
  }

  /** Moves by `ms`, and runs the timers on the way. */
  async pass(ms: number): Promise<void> {
    const until = this.#now + ms;
    while (this.#timers.some(({ atMs }) => atMs <= until)) await this.next();
    this.#now = until;
    await settled();
  }
}

/** Resolves when what was resolved before has had its consequences. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

interface Message {
  readonly atMs: number;
  readonly sockets: readonly number[];
  readonly request: SendRequest;
}

/** A sender that notes each message, and takes it at once or when the test says so. */
export class FakeSender implements Sender {
  readonly messages: Message[] = [];
  /** The sockets on which sending fails. */
  readonly broken = new Set<number>();
  isHeld = false;
  readonly #clock: Clock;
  readonly #waiting: (() => void)[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async send(sockets: readonly number[], request: SendRequest): Promise<SendOutcome[]> {
    const { signal } = request;
    if (!signal?.aborted) this.messages.push({ atMs: this.#clock.now(), sockets, request });
    if (this.isHeld && !signal?.aborted) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        signal?.addEventListener('abort', () => resolve());
      });
    }
    return sockets.map((socket) => {
      if (signal?.aborted) return { socket, bytes: 0, error: fail('cancelled', 'Could not send').error };
      return this.broken.has(socket) ? { socket, bytes: 0, error: closed } : { socket, bytes: 4 };
    });
  }

  /** Takes the messages that wait. */
  async take(): Promise<void> {
    for (const resolve of this.#waiting.splice(0)) resolve();
    await settled();
  }
}

/** A sender of batches. What it does with a batch is the test's choice. */
export class FakeBatchSender extends FakeSender {
  /** The sizes of the batches. A message that is sent alone is not one. */
  readonly batches: number[] = [];
  /** The messages of the next batch that each socket takes. Without it, all. */
  taken: (socket: number, count: number) => number = (_socket, count) => count;
  /** Is called for each batch. */
  onBatch: () => void = () => {};

  async sendBatch(sockets: readonly number[], { signal }: BatchRequest, count: number): Promise<BatchOutcome[]> {
    this.batches.push(count);
    this.onBatch();
    return sockets.map((socket) => {
      const messages = signal?.aborted ? 0 : this.taken(socket, count);
      return this.broken.has(socket) || signal?.aborted
        ? { socket, bytes: 0, messages, error: closed }
        : { socket, bytes: 4 * messages, messages };
    });
  }
}

export const { error: closed } = fail('closed', 'Could not send', { system: 'the connection ended (ECONNRESET)' });
