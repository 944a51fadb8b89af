import type { JobInput } from '#shared/contract/jobs/catalogue.ts';
import { type Failure, fail, ok, type Result } from '#shared/failure.ts';
import { type Clock, systemClock } from './clock.ts';
import { endpointOf, type Job, type JobContext, type JobEnd, ReceivedCounter, type ReplyWatch } from './job.ts';
import { type ListEnd, ListRun } from './list-run.ts';
import type { OpenedList } from './send-list.ts';

type Input = JobInput<'list'>;

/** What a send list works with. */
export type ListContext = Pick<JobContext, 'sockets' | 'replies' | 'lists' | 'fileOf' | 'changed'>;

/** Starts a send list on sockets of one endpoint. A socket that is named twice is used once. */
export async function startListJob(
  given: Input,
  context: ListContext,
  clock: Clock = systemClock,
): Promise<Result<Job<'list'>>> {
  const tried = 'Could not start the send list';
  const input = { ...given, sockets: [...new Set(given.sockets)] };
  const endpoint = endpointOf(tried, input.sockets, context.sockets);
  if (!endpoint.ok) return endpoint;
  const rows = input.rows === undefined ? ok(undefined) : context.fileOf(input.rows);
  if (!rows.ok) return rows;
  const list = await context.lists.open(input.list, { environment: input.environment, rows: rows.value });
  if (!list.ok) return list;
  const watches = await watchAll(list.value, endpoint.value, context);
  if (!watches.ok) return watches;
  // The connection, or its endpoint, may have ended in the meantime.
  const remaining = endpointOf(tried, input.sockets, context.sockets);
  if (!remaining.ok) {
    for (const watch of watches.value.values()) watch.end();
    return remaining;
  }
  return ok(new ListJob(input, context, { endpoint: endpoint.value, list: list.value, watches: watches.value, clock }));
}

/** Watches for the replies that the enabled steps expect, by their filters. Fails with the step whose filter is invalid. */
async function watchAll(
  { steps }: OpenedList,
  endpoint: string,
  { replies }: ListContext,
): Promise<Result<Map<string, ReplyWatch>>> {
  const watches = new Map<string, ReplyWatch>();
  for (const { enabled, expect } of steps) {
    if (!enabled || !expect || watches.has(expect.filter)) continue;
    const watch = await replies.watch(endpoint, expect.filter);
    if (!watch.ok) {
      for (const other of watches.values()) other.end();
      return watch;
    }
    watches.set(expect.filter, watch.value);
  }
  return ok(watches);
}

interface Found {
  readonly endpoint: string;
  readonly list: OpenedList;
  readonly watches: ReadonlyMap<string, ReplyWatch>;
  readonly clock: Clock;
}

class ListJob implements Job<'list'> {
  readonly endpoint: string;
  readonly ended: Promise<JobEnd>;
  readonly #input: Input;
  readonly #context: ListContext;
  readonly #list: OpenedList;
  readonly #run: ListRun;
  readonly #received: ReceivedCounter;
  readonly #cancel = new AbortController();
  readonly #over = new AbortController();

  constructor(input: Input, context: ListContext, { endpoint, list, watches, clock }: Found) {
    this.endpoint = endpoint;
    this.#input = input;
    this.#context = context;
    this.#list = list;
    this.#received = new ReceivedCounter(context.sockets, input.sockets);
    this.#run = new ListRun({
      list,
      sockets: input.sockets,
      watchOf: (filter) => watches.get(filter) as ReplyWatch,
      cancel: this.#cancel.signal,
      over: this.#over.signal,
      clock,
      changed: context.changed,
    });
    const run = this.#run.run().then((end) => this.#endOf(end));
    // The write in flight may take until the peer reads. Cancelling does not wait for it.
    const cancelled = new Promise<JobEnd>((resolve) => {
      this.#cancel.signal.addEventListener('abort', () => resolve({ state: 'cancelled' }));
    });
    this.ended = Promise.race([run, cancelled]).finally(() => {
      for (const watch of watches.values()) watch.end();
    });
  }

  figures(): ReturnType<Job<'list'>['figures']> {
    const { step, row, loop, phase, sent, failed } = this.#run;
    const { loops, usesSecret = false } = this.#list;
    return {
      usesSecret,
      kind: 'list',
      list: this.#input.list,
      ...{ step, row, loop, phase, sent, failed },
      loops: Number.isFinite(loops) ? loops : undefined,
      replies: this.#received.count(),
    };
  }

  cancel(): void {
    this.#cancel.abort();
  }

  socketsChanged(): void {
    const { sockets } = this.#context;
    if (!this.#input.sockets.some((socket) => sockets.canSend(socket))) this.#over.abort();
    this.#context.changed();
  }

  #endOf(end: ListEnd): JobEnd {
    if (end.kind === 'done') return { state: 'done' };
    if (this.#cancel.signal.aborted) return { state: 'cancelled' };
    return { state: 'failed', error: this.#failure(end) };
  }

  #failure(end: ListEnd): Failure {
    const tried = `The send list ended ${this.#place()}, after ${this.#run.sent} ${this.#run.sent === 1 ? 'message' : 'messages'}`;
    if (end.kind === 'unanswered') {
      const { filter = '', timeoutMs = 0 } = this.#list.steps[end.step]?.expect ?? {};
      const awaited = filter === '' ? 'no message was received' : `no message that matches ${filter} was received`;
      const system = `${awaited} within ${timeoutMs} ms`;
      return fail('timed-out', tried, { system, hint: 'Wait longer, or check the filter of the step.' }).error;
    }
    const error = end.kind === 'failed' ? end.error : undefined;
    const {
      code = 'closed',
      system = 'the connection ended',
      hint = 'Connect again, and start it again.',
    } = error ?? {};
    return fail(code, tried, { system: system === '' ? error?.message : system, hint }).error;
  }

  /** Returns where the list has ended, as a phrase. */
  #place(): string {
    const { step, row, loop } = this.#run;
    if (step === undefined) return 'before its first step';
    const inRow = row === 0 ? '' : `, row ${row}`;
    const inLoop = this.#list.loops === 1 ? '' : `, run ${loop}`;
    return `at step ${step + 1} (${this.#list.steps[step]?.payload})${inRow}${inLoop}`;
  }
}
