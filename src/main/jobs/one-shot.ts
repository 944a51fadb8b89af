import type { JobInput, JobView } from '#shared/contract/jobs/catalogue.ts';
import { type Failure, fail, ok, type Result } from '#shared/failure.ts';
import { type Clock, systemClock, waitUntil } from './clock.ts';
import type { Job, JobContext, JobEnd, ReplyWatch } from './job.ts';
import { type Sender, sendOnce } from './sender.ts';

type Input = JobInput<'one-shot'>;

/** Starts an exchange with a client that is not connected: connect, send, wait for the answer, close. */
export async function startOneShotJob(
  input: Input,
  context: JobContext,
  clock: Clock = systemClock,
): Promise<Result<Job<'one-shot'>>> {
  const file = input.file === undefined ? ok(undefined) : context.fileOf(input.file);
  if (!file.ok) return file;
  const sender = input.payload ? await context.senderOf(input.payload) : ok(context.sender);
  if (!sender.ok) return sender;
  const filter = input.until.kind === 'filter' ? input.until.filter : '';
  const watch = await context.replies.watch(input.endpoint, filter);
  if (!watch.ok) return watch;
  return ok(new OneShotJob(input, context, { file: file.value, sender: sender.value, watch: watch.value, clock }));
}

/** What an exchange needs, found from its input. */
interface Found {
  readonly file: string | undefined;
  readonly sender: Sender;
  readonly watch: ReplyWatch;
  readonly clock: Clock;
}

class OneShotJob implements Job<'one-shot'> {
  readonly endpoint: string;
  readonly ended: Promise<JobEnd>;
  readonly #input: Input;
  readonly #context: JobContext;
  readonly #sender: Sender;
  readonly #watch: ReplyWatch;
  readonly #clock: Clock;
  readonly #cancel = new AbortController();
  /** The peer can send nothing more. */
  readonly #over = new AbortController();
  #phase: JobView<'one-shot'>['phase'] = 'connecting';
  #socket: number | undefined;
  #sentBytes = 0;
  #received = 0;
  #records: JobView<'one-shot'>['records'];

  constructor(input: Input, context: JobContext, { file, sender, watch, clock }: Found) {
    this.endpoint = input.endpoint;
    this.#input = input;
    this.#context = context;
    this.#sender = sender;
    this.#watch = watch;
    this.#clock = clock;
    this.ended = this.#run(file).finally(() => watch.end());
  }

  figures(): ReturnType<Job<'one-shot'>['figures']> {
    if (this.#socket !== undefined) {
      this.#received = Math.max(this.#received, this.#context.sockets.received(this.#socket));
    }
    return {
      kind: 'one-shot',
      phase: this.#phase,
      socket: this.#socket,
      sentBytes: this.#sentBytes,
      received: this.#received,
      records: this.#records,
    };
  }

  cancel(): void {
    this.#cancel.abort();
    void this.#context.links.close(this.endpoint);
  }

  socketsChanged(): void {
    if (this.#socket !== undefined && this.#context.sockets.receiveEnd(this.#socket)) this.#over.abort();
    this.#context.changed();
  }

  async #run(file: string | undefined): Promise<JobEnd> {
    // All that the connection receives counts until it is closed; otherwise, only what follows the message.
    if (this.#input.until.kind === 'close') await this.#watch.begin();
    const opened = await this.#context.links.open(this.endpoint);
    if (!opened.ok) return this.#endWith(opened.error);
    this.#socket = opened.value.socket;
    const error = this.#cancel.signal.aborted ? undefined : await this.#exchange(opened.value.socket, file);
    this.#enter('closing');
    await this.#context.links.close(this.endpoint);
    return this.#endWith(error);
  }

  #endWith(error: Failure | undefined): JobEnd {
    if (this.#cancel.signal.aborted) return { state: 'cancelled' };
    return error ? { state: 'failed', error } : { state: 'done' };
  }

  /** Sends the message and waits; returns why one of them failed. */
  async #exchange(socket: number, file: string | undefined): Promise<Failure | undefined> {
    const { bytes, frame, pace, until } = this.#input;
    const { sockets } = this.#context;
    this.#enter('sending');
    if (until.kind !== 'close') await this.#watch.begin();
    const [outcome] = await sendOnce(this.#sender, [socket], { bytes, file, frame, pace }, this.#cancel.signal);
    this.#sentBytes = outcome?.bytes ?? 0;
    if (outcome?.error) return outcome.error;
    this.#enter('waiting');
    // It may have ended while the message was being sent.
    if (sockets.receiveEnd(socket)) this.#over.abort();
    await this.#wait();
    if (this.#cancel.signal.aborted) return undefined;
    this.#records = await this.#watch.records();
    return this.#missing(sockets.receiveEnd(socket));
  }

  /** Waits for what the input names, for the end of the connection, and not longer than the input allows. */
  async #wait(): Promise<void> {
    const { until, waitMs } = this.#input;
    const done = new AbortController();
    const signal = AbortSignal.any([done.signal, this.#cancel.signal, this.#over.signal]);
    const waits = [waitUntil(this.#clock, this.#clock.now() + waitMs, signal)];
    if (until.kind !== 'close') waits.push(this.#watch.received(signal));
    await Promise.race(waits);
    done.abort();
  }

  /** Returns the failure if what was waited for did not happen. `end`: how receiving has ended. */
  #missing(end: 'fin' | 'closed' | 'reset' | undefined): Failure | undefined {
    const { until, waitMs } = this.#input;
    if (until.kind === 'close' ? end === 'fin' || end === 'closed' : this.#records !== undefined) return undefined;
    const tried = 'The message was sent, but the exchange is not complete';
    if (end === 'reset') {
      const hint = 'The peer may not accept the message: check its log and the framing.';
      return fail('reset', tried, { system: 'the peer reset the connection (ECONNRESET)', hint }).error;
    }
    if (until.kind === 'close') {
      const system = `the peer did not close the connection within ${waitMs} ms`;
      return fail('timed-out', tried, { system, hint: 'Wait longer, or wait for a message instead.' }).error;
    }
    const awaited = until.kind === 'filter' ? `message that matches ${until.filter}` : 'message';
    if (end) {
      const system = `the peer closed the connection, and no ${awaited} was received`;
      return fail('closed', tried, { system, hint: 'Check what the peer expects, and the framing.' }).error;
    }
    const system = `no ${awaited} was received within ${waitMs} ms`;
    return fail('timed-out', tried, { system, hint: 'Wait longer, or check what the peer expects.' }).error;
  }

  #enter(phase: JobView<'one-shot'>['phase']): void {
    this.#phase = phase;
    this.#context.changed();
  }
}
