import type { Failure } from '#shared/failure.ts';
import { type Clock, sliceMs, systemClock } from './clock.ts';
import type { ReplyWatch } from './job.ts';
import {
  type RepeatCommand,
  type RepeatEnd,
  type RepeatEvent,
  type RepeatPlan,
  type RepeatState,
  startRepeat,
  stepRepeat,
} from './repeat-schedule.ts';
import { type Sender, type SendRequest, sendSome } from './sender.ts';

interface RepeatOptions {
  readonly sender: Sender;
  readonly sockets: readonly number[];
  readonly request: Omit<SendRequest, 'signal'>;
  readonly plan: RepeatPlan;
  /** Aborts sending immediately: bytes that are still queued are not sent. */
  readonly cancel: AbortSignal;
  /** Ends sending after the current message; at least one is sent. */
  readonly over?: AbortSignal | undefined;
  /** Waits for replies. Needed if the plan expects them. */
  readonly replies?: ReplyWatch | undefined;
  /** Called after each change of the state. */
  readonly onChange?: (() => void) | undefined;
  readonly clock?: Clock | undefined;
  readonly random?: (() => number) | undefined;
}

/** The maximum number of messages in a batch. */
const maxBatch = 256;

/** How a repeated send ended. */
export interface Repeated {
  readonly end: RepeatEnd;
  /** Messages that were sent completely, to every socket that remained. */
  readonly sent: number;
  /** The first failure of a send. */
  readonly error: Failure | undefined;
}

/**
 * Sends one message repeatedly to some sockets, as its plan says: executes the commands of the schedule with timers and a
 * sender. A message, or a batch of them, goes out after every socket has taken the one before, so that a full queue pauses the
 * schedule. A socket on which sending fails is left out from then on.
 */
export class Repeat {
  readonly #options: RepeatOptions;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #abort = new AbortController();
  readonly #plan: RepeatPlan;
  #sockets: readonly number[];
  #state: RepeatState;
  #disarm: (() => void) | undefined;
  /** When the current turn of the event loop began, as far as it is known. */
  #turnMs: number;
  #sending: Promise<void> | undefined;
  #error: Failure | undefined;
  /** What a call threw that only reports failures. */
  #bug: { readonly thrown: unknown } | undefined;
  #resolve: () => void = () => {};
  /** Sends that failed on one socket. */
  failed = 0;

  constructor(options: RepeatOptions) {
    this.#options = options;
    const { sender, request, plan } = options;
    // A file, a pace and the progress belong to one message.
    const isBatched = sender.sendBatch !== undefined && !request.file && !request.pace && !request.progress;
    this.#plan = { ...plan, maxBatch: isBatched ? maxBatch : 1 };
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    this.#sockets = options.sockets;
    this.#turnMs = this.#clock.now();
    this.#state = startRepeat(this.#turnMs).state;
  }

  /** Messages that were sent completely. */
  get sent(): number {
    return this.#state.sent;
  }

  /** The time on the clock at which the next message is due; `undefined` while it is not known. */
  get dueMs(): number | undefined {
    return this.#state.kind === 'waiting' ? this.#state.dueMs : undefined;
  }

  /**
   * Sends until the plan is fulfilled, or ended early. After `cancel`, resolves when the current send has ended. Rejects if the sender or
   * the watch for replies does, which is a bug.
   */
  async run(): Promise<Repeated> {
    const { cancel, over } = this.#options;
    const stop = () => {
      this.#abort.abort();
      this.#step({ kind: 'stop' });
    };
    const finish = () => this.#finish();
    cancel.addEventListener('abort', stop);
    over?.addEventListener('abort', finish);
    if (cancel.aborted) this.#abort.abort();
    await new Promise<void>((resolve) => {
      this.#resolve = resolve;
      const { state, commands } = startRepeat(this.#clock.now());
      this.#state = state;
      this.#execute(commands);
    });
    await this.#sending;
    cancel.removeEventListener('abort', stop);
    over?.removeEventListener('abort', finish);
    if (this.#bug) throw this.#bug.thrown;
    const end = this.#state.kind === 'ended' ? this.#state.end : 'stopped';
    return { end, sent: this.#state.sent, error: this.#error };
  }

  #step(event: RepeatEvent): void {
    const { state, commands } = stepRepeat(this.#plan, this.#state, event, this.#clock.now());
    this.#state = state;
    this.#execute(commands);
    if (this.#options.over?.aborted && state.kind !== 'ended') this.#finish();
    this.#options.onChange?.();
  }

  #crash(thrown: unknown): void {
    this.#bug ??= { thrown };
    this.#step({ kind: 'stop' });
  }

  /** Ends after the current message. */
  #finish(): void {
    if (this.#state.kind === 'waiting' || this.#state.kind === 'replying') this.#step({ kind: 'stop' });
  }

  #execute(commands: readonly RepeatCommand[]): void {
    for (const command of commands) {
      if (command.kind === 'arm') this.#arm(command.atMs);
      if (command.kind === 'await-reply') this.#awaitReply().catch((bug: unknown) => this.#crash(bug));
      if (command.kind === 'send') this.#send(command.messages);
      if (command.kind === 'end') this.#end();
    }
  }

  #arm(atMs: number): void {
    this.#disarm?.();
    this.#disarm = this.#clock.at(atMs, () => {
      this.#turnMs = this.#clock.now();
      this.#step({ kind: 'timer' });
    });
  }

  #end(): void {
    this.#disarm?.();
    this.#abort.abort();
    this.#resolve();
  }

  #send(messages: number): void {
    const { over } = this.#options;
    this.#disarm?.();
    if (over?.aborted && this.#state.sent > 0) {
      this.#step({ kind: 'stop' });
      return;
    }
    this.#sending = this.#sendSome(messages).catch((bug: unknown) => this.#crash(bug));
  }

  async #sendSome(count: number): Promise<void> {
    const { sender, request, replies } = this.#options;
    if (this.#clock.now() - this.#turnMs >= sliceMs) {
      await this.#clock.nextTurn();
      this.#turnMs = this.#clock.now();
    }
    if (replies) await replies.begin();
    if (this.#state.kind === 'ended') return;
    const startedMs = this.#clock.now();
    const outcomes = await sendSome(sender, this.#sockets, { request, count, cancel: this.#abort.signal });
    const tookMs = this.#clock.now() - startedMs;
    let isWhole = true;
    const counts = outcomes.map(({ messages }) => messages);
    // A message counts for the sockets that remain, and all of them remain where it was cancelled.
    const messages = this.#abort.signal.aborted ? Math.min(...counts) : Math.max(...counts);
    for (const { error } of outcomes) {
      if (!error) continue;
      isWhole = false;
      // A message that was cancelled is not a failure of its socket.
      if (this.#state.kind === 'sending') this.failed += 1;
      this.#error ??= error;
    }
    if (!isWhole) this.#sockets = outcomes.flatMap(({ socket, error }) => (error ? [] : [socket]));
    if (this.#sockets.length === 0) this.#step({ kind: 'failed', messages });
    else this.#step({ kind: 'sent', messages, tookMs, random: this.#random() });
  }

  async #awaitReply(): Promise<void> {
    const { sent } = this.#state;
    await this.#options.replies?.received(this.#abort.signal);
    // The time may be over, so that nothing waits for it.
    if (this.#state.sent === sent) this.#step({ kind: 'replied', random: this.#random() });
  }
}
