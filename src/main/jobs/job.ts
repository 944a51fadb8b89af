import type { WrittenPayload } from '#shared/contract/documents.ts';
import type { JobInput, JobKind, JobView } from '#shared/contract/jobs/catalogue.ts';
import { type Failure, fail, ok, type Result } from '#shared/failure.ts';
import type { SendLists } from './send-list.ts';
import type { Sender } from './sender.ts';

/** Waits for messages that answer the messages of a job. */
export interface ReplyWatch {
  /** Resolves when everything received until now no longer counts as a reply to the next message. */
  begin(): Promise<void>;
  /** Resolves when a matching message has been received since `begin`, or at `signal`. */
  received(signal: AbortSignal): Promise<void>;
  /** Returns the numbers of the first and the last record of the matching messages since `begin`; `undefined` without one. */
  records(): Promise<{ readonly first: number; readonly last: number } | undefined>;
  end(): void;
}

/** What jobs need of the session that is being recorded. */
export interface Replies {
  /** Watches for messages that `endpoint` receives and `filter` matches. Fails with `bad-input` if the filter is invalid. */
  watch(endpoint: string, filter: string): Promise<Result<ReplyWatch>>;
}

/** What jobs need to know of the sockets. */
export interface Sockets {
  /** Returns the endpoint of a socket; `undefined` if there is no such socket. */
  endpointOf(socket: number): string | undefined;
  /** Returns true while messages can be sent on a socket. */
  canSend(socket: number): boolean;
  /** Returns the number of messages received on a socket. */
  received(socket: number): number;
  /** Returns how receiving on a socket has ended; `undefined` while the peer can still send. */
  receiveEnd(socket: number): 'fin' | 'closed' | 'reset' | undefined;
}

/** What jobs need to connect a client. */
export interface Links {
  /** Connects; resolves with the socket, or with why it failed. */
  open(endpoint: string): Promise<Result<{ readonly socket: number }>>;
  /** Closes the connection, also while it is being made; resolves when it is closed. */
  close(endpoint: string): Promise<unknown>;
}

/** Counts the messages that were received on sockets since the counter was created. */
export class ReceivedCounter {
  readonly #sockets: Sockets;
  /** The messages that each socket had received before, and those since. */
  readonly #counts: Map<number, { readonly before: number; since: number }>;

  constructor(sockets: Sockets, ids: readonly number[]) {
    this.#sockets = sockets;
    this.#counts = new Map(ids.map((id) => [id, { before: sockets.received(id), since: 0 }]));
  }

  /** Returns the number. Keeps the highest count of each socket: a closed socket may leave the list. */
  count(): number {
    let sum = 0;
    for (const [id, counted] of this.#counts) {
      counted.since = Math.max(counted.since, this.#sockets.received(id) - counted.before);
      sum += counted.since;
    }
    return sum;
  }
}

/** Returns the one endpoint of the sockets, on one of which messages can be sent; or why there is no such endpoint. */
export function endpointOf(tried: string, ids: readonly number[], sockets: Sockets): Result<string> {
  const endpoints = new Set(ids.map((socket) => sockets.endpointOf(socket)));
  const [endpoint] = endpoints;
  if (endpoints.size > 1) return fail('bad-input', tried, { system: 'the sockets belong to different endpoints' });
  if (endpoint === undefined) return fail('not-found', tried, { system: `there is no socket ${ids[0]}` });
  if (ids.some((socket) => sockets.canSend(socket))) return ok(endpoint);
  return fail('wrong-state', tried, { system: 'there is no open connection', hint: 'Connect first.' });
}

/** What a job works with. */
export interface JobContext {
  readonly sender: Sender;
  /** Returns a sender of messages that are made of `payload`, for each socket and message; `bytes` of its requests is left out. */
  readonly senderOf: (payload: WrittenPayload) => Promise<Result<Sender>>;
  readonly sockets: Sockets;
  readonly replies: Replies;
  readonly links: Links;
  readonly lists: SendLists;
  /** Returns the path of a file that the user selected. */
  readonly fileOf: (handle: string) => Result<string>;
  /** Is called when the figures of the job have changed. */
  readonly changed: () => void;
}

/** How a job ended. */
export interface JobEnd {
  readonly state: Exclude<JobView['state'], 'running'>;
  readonly error?: Failure | undefined;
}

type Base = 'id' | 'endpoint' | 'state' | 'elapsedMs' | 'error';

/** A job that runs. */
export interface Job<Kind extends JobKind = JobKind> {
  readonly endpoint: string;
  /** Returns its settings and figures, as pages see them. */
  figures(): Omit<Extract<JobView, { kind: Kind }>, Base>;
  /** Ends it immediately: nothing is sent afterwards. */
  cancel(): void;
  /** Is called when sockets have changed, which may end it. */
  socketsChanged(): void;
  /** Rejects only for a bug. */
  readonly ended: Promise<JobEnd>;
}

/** Starts a job, or says why it cannot be started. */
export type StartJob<Kind extends JobKind = JobKind> = (
  input: JobInput<Kind>,
  context: JobContext,
) => Promise<Result<Job<Kind>>>;
