import type { JobInput } from '#shared/contract/jobs/catalogue.ts';
import { type Failure, fail, ok, type Result } from '#shared/failure.ts';
import { endpointOf, type Job, type JobContext, type JobEnd, ReceivedCounter, type ReplyWatch } from './job.ts';
import { Repeat, type Repeated } from './repeat.ts';
import type { Sender } from './sender.ts';

type Input = JobInput<'repeat'>;

/** Starts sending a payload repeatedly to sockets of one endpoint. A socket that is named twice is used once. */
export async function startRepeatJob(given: Input, context: JobContext): Promise<Result<Job<'repeat'>>> {
  const input = { ...given, sockets: [...new Set(given.sockets)] };
  const tried = 'Could not start the repeated send';
  const endpoint = endpointOf(tried, input.sockets, context.sockets);
  if (!endpoint.ok) return endpoint;
  const file = input.file === undefined ? ok(undefined) : context.fileOf(input.file);
  if (!file.ok) return file;
  const sender = input.payload ? await context.senderOf(input.payload) : ok(context.sender);
  if (!sender.ok) return sender;
  const replies = input.reply ? await context.replies.watch(endpoint.value, input.reply.filter) : ok(undefined);
  if (!replies.ok) return replies;
  // The connection, or its endpoint, may have ended in the meantime.
  const remaining = endpointOf(tried, input.sockets, context.sockets);
  if (!remaining.ok) {
    replies.value?.end();
    return remaining;
  }
  return ok(
    new RepeatJob(input, context, {
      endpoint: endpoint.value,
      file: file.value,
      replies: replies.value,
      sender: sender.value,
    }),
  );
}

interface Found {
  readonly endpoint: string;
  readonly file: string | undefined;
  readonly replies: ReplyWatch | undefined;
  readonly sender: Sender;
}

class RepeatJob implements Job<'repeat'> {
  readonly endpoint: string;
  readonly ended: Promise<JobEnd>;
  readonly #input: Input;
  readonly #context: JobContext;
  readonly #repeat: Repeat;
  readonly #startedMs = performance.now();
  readonly #cancel = new AbortController();
  readonly #over = new AbortController();
  readonly #received: ReceivedCounter;

  constructor(input: Input, context: JobContext, { endpoint, file, replies, sender }: Found) {
    const { sockets, bytes, frame, pace, count, intervalMs, jitterMs, reply } = input;
    this.endpoint = endpoint;
    this.#input = input;
    this.#context = context;
    this.#received = new ReceivedCounter(context.sockets, sockets);
    this.#repeat = new Repeat({
      sender,
      sockets,
      request: { bytes, file, frame, pace },
      plan: { count: count ?? Number.POSITIVE_INFINITY, intervalMs, jitterMs, replyMs: reply?.waitMs },
      cancel: this.#cancel.signal,
      over: this.#over.signal,
      replies,
      onChange: context.changed,
    });
    const run = this.#repeat.run().then((repeated) => this.#endOf(repeated));
    // The write in flight may take until the peer reads. Cancelling does not wait for it.
    const cancelled = new Promise<JobEnd>((resolve) => {
      this.#cancel.signal.addEventListener('abort', () => resolve({ state: 'cancelled' }));
    });
    this.ended = Promise.race([run, cancelled]).finally(() => replies?.end());
  }

  figures(): ReturnType<Job<'repeat'>['figures']> {
    const { count, intervalMs, jitterMs } = this.#input;
    const { sent, failed, dueMs } = this.#repeat;
    const nextMs = dueMs === undefined ? undefined : dueMs - this.#startedMs;
    return { kind: 'repeat', count, intervalMs, jitterMs, sent, failed, replies: this.#received.count(), nextMs };
  }

  cancel(): void {
    this.#cancel.abort();
  }

  socketsChanged(): void {
    const { sockets } = this.#context;
    if (!this.#input.sockets.some((socket) => sockets.canSend(socket))) this.#over.abort();
    this.#context.changed();
  }

  #endOf({ end, sent, error }: Repeated): JobEnd {
    if (end === 'done') return { state: 'done' };
    if (this.#cancel.signal.aborted) return { state: 'cancelled' };
    return { state: 'failed', error: this.#failure(end, sent, error) };
  }

  #failure(end: Repeated['end'], sent: number, error: Failure | undefined): Failure {
    const { count, reply } = this.#input;
    const tried = `The repeated send ended after ${sent}${count === undefined ? '' : ` of ${count}`} messages`;
    if (end === 'unanswered') {
      const system = `no matching reply to message ${sent} within ${reply?.waitMs} ms`;
      return fail('timed-out', tried, { system, hint: 'Wait longer, or check the filter of the reply.' }).error;
    }
    const {
      code = 'closed',
      system = 'the connection ended',
      hint = 'Connect again, and start it again.',
    } = error ?? {};
    return fail(code, tried, { system: system === '' ? error?.message : system, hint }).error;
  }
}
