import { type Failure, fail } from '#shared/failure.ts';
import { type Clock, sliceMs, waitUntil } from './clock.ts';
import type { ReplyWatch } from './job.ts';
import type { ListStep, OpenedList, Row } from './send-list.ts';
import { sendOnce } from './sender.ts';

interface ListRunOptions {
  readonly list: OpenedList;
  readonly sockets: readonly number[];
  /** Waits for the replies to a filter that a step expects. */
  readonly watchOf: (filter: string) => ReplyWatch;
  /** Ends the run immediately: bytes that are still queued are not sent. */
  readonly cancel: AbortSignal;
  /** Ends a delay or a wait for a reply, because the connections have ended. */
  readonly over: AbortSignal;
  readonly clock: Clock;
  /** Called after each change of the figures. */
  readonly changed?: (() => void) | undefined;
}

/** How a run ended. `stopped`: cancelled, or the connections have ended. */
export type ListEnd =
  | { readonly kind: 'done' | 'stopped' }
  | { readonly kind: 'unanswered'; readonly step: number }
  | { readonly kind: 'failed'; readonly error: Failure | undefined };

/**
 * Runs a send list on some sockets: the enabled steps in order, for each row, and as many times as the list says. A message goes out
 * after every socket has taken the one before. A socket on which sending fails is left out from then on.
 */
export class ListRun {
  /** The place of the current step among all steps; `undefined` before the first one. */
  step: number | undefined;
  /** The current row and the current run of the list, from 1. Without rows, `row` is 0. */
  row = 0;
  loop = 1;
  phase: 'waiting' | 'sending' | 'replying' = 'waiting';
  sent = 0;
  /** Sends that failed on one socket. */
  failed = 0;
  readonly #options: ListRunOptions;
  readonly #stop: AbortSignal;
  #sockets: readonly number[];
  #turnMs: number;

  constructor(options: ListRunOptions) {
    this.#options = options;
    this.#stop = AbortSignal.any([options.cancel, options.over]);
    this.#sockets = options.sockets;
    this.#turnMs = options.clock.now();
  }

  /** Sends until the list is done or has ended early. Rejects only for a bug. */
  async run(): Promise<ListEnd> {
    const { list } = this.#options;
    for (; this.loop <= list.loops; this.loop += 1) {
      const before = this.sent;
      const end = list.rows ? await this.#runRows(list.rows()) : await this.#runSteps(undefined);
      if (end) return end;
      // Otherwise an endless list without rows would never let the event loop run.
      if (this.sent === before)
        return failed('Could not run the send list', 'it has no row, or no step that is enabled');
    }
    this.loop = list.loops;
    return { kind: 'done' };
  }

  async #runRows(rows: AsyncGenerator<Row, Failure | undefined>): Promise<ListEnd | undefined> {
    this.row = 0;
    try {
      for (;;) {
        const next = await rows.next();
        if (next.done) return next.value ? { kind: 'failed', error: next.value } : undefined;
        this.row += 1;
        const end = await this.#runSteps(next.value);
        if (end) return end;
      }
    } finally {
      await rows.return(undefined);
    }
  }

  async #runSteps(row: Row | undefined): Promise<ListEnd | undefined> {
    for (const [index, step] of this.#options.list.steps.entries()) {
      if (!step.enabled) continue;
      this.step = index;
      for (let sent = 0; sent < step.count; sent += 1) {
        const end = await this.#sendStep(index, step, row);
        if (end) return end;
      }
    }
    return undefined;
  }

  async #sendStep(index: number, step: ListStep, row: Row | undefined): Promise<ListEnd | undefined> {
    const { clock, watchOf } = this.#options;
    if (step.delayMs > 0) {
      this.#enter('waiting');
      await waitUntil(clock, clock.now() + step.delayMs, this.#stop);
    }
    if (clock.now() - this.#turnMs >= sliceMs) {
      await clock.nextTurn();
      this.#turnMs = clock.now();
    }
    if (this.#stop.aborted) return { kind: 'stopped' };
    this.#enter('sending');
    const watch = step.expect && watchOf(step.expect.filter);
    await watch?.begin();
    const error = await this.#sendMessage(index, step, row);
    if (this.#options.cancel.aborted) return { kind: 'stopped' };
    if (error) return { kind: 'failed', error };
    this.sent += 1;
    if (!watch || !step.expect) return undefined;
    this.#enter('replying');
    return this.#awaitReply(watch, index, step.expect.timeoutMs);
  }

  /** Sends the message of a step to the sockets that remain. Fails when none remains. */
  async #sendMessage(index: number, { frame }: ListStep, row: Row | undefined): Promise<Failure | undefined> {
    const { list, cancel } = this.#options;
    const sender = list.sender(index, { row, message: this.sent + 1 });
    const outcomes = await sendOnce(sender, this.#sockets, { frame }, cancel);
    const bad = outcomes.filter(({ error }) => error);
    if (bad.length === 0 || cancel.aborted) return undefined;
    this.failed += bad.length;
    this.#sockets = outcomes.flatMap(({ socket, error }) => (error ? [] : [socket]));
    return this.#sockets.length === 0 ? bad[0]?.error : undefined;
  }

  async #awaitReply(watch: ReplyWatch, index: number, timeoutMs: number): Promise<ListEnd | undefined> {
    const { clock } = this.#options;
    const done = new AbortController();
    const signal = AbortSignal.any([this.#stop, done.signal]);
    let isReplied = false;
    const reply = watch.received(signal).then(() => {
      isReplied = !signal.aborted;
      done.abort();
    });
    try {
      await Promise.race([reply, waitUntil(clock, clock.now() + timeoutMs, signal)]);
    } finally {
      done.abort();
    }
    // A peer may reply and close immediately: the reply counts.
    if (!isReplied && !this.#options.cancel.aborted) isReplied = (await watch.records()) !== undefined;
    if (isReplied) return undefined;
    return this.#stop.aborted ? { kind: 'stopped' } : { kind: 'unanswered', step: index };
  }

  #enter(phase: ListRun['phase']): void {
    this.phase = phase;
    this.#options.changed?.();
  }
}

function failed(message: string, system: string): ListEnd {
  return { kind: 'failed', error: fail('bad-input', message, { system, hint: 'Add one, and start it again.' }).error };
}
