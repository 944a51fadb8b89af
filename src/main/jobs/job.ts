import type { JobInput, JobKind, JobView } from '#shared/contract/jobs/catalogue.ts';
import type { Pace } from '#shared/contract/models.ts';
import type { WrittenPayload } from '#shared/contract/workspace.ts';
import type { Failure, Result } from '#shared/failure.ts';

/** One message, and how to send it. */
export interface SendRequest {
  readonly bytes?: Uint8Array | undefined;
  /** The path of a file, instead of `bytes`. */
  readonly file?: string | undefined;
  /** Frames the message with each socket's framing. */
  readonly frame: boolean;
  readonly pace?: Pace | undefined;
  /** When aborted, bytes that were not yet passed to the kernel are not sent. */
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of bytes that the kernel has accepted and the total, over all sockets. */
  readonly progress?: ((done: number, total: number) => void) | undefined;
}

/** The result of one message on one socket. `bytes`: bytes that the kernel has accepted. */
export interface SendOutcome {
  readonly socket: number;
  readonly bytes: number;
  readonly error?: Failure;
}

/** What jobs need to send. The engine is one. */
export interface Sender {
  /** Sends one message to each socket; resolves when the kernel has accepted each of them or the send failed. */
  send(sockets: readonly number[], request: SendRequest): Promise<SendOutcome[]>;
}

/** What was sent on a connection. */
export interface Delivered {
  /** Number of messages that were sent completely. */
  readonly messages: number;
  readonly error?: Failure | undefined;
}

/** Sends one message. Uses a separate signal for each, because listeners on `cancel` would accumulate over many messages. */
export async function sendOnce(
  sender: Sender,
  sockets: readonly number[],
  request: Omit<SendRequest, 'signal'>,
  cancel: AbortSignal,
): Promise<SendOutcome[]> {
  const own = new AbortController();
  const stop = () => own.abort();
  if (cancel.aborted) stop();
  cancel.addEventListener('abort', stop, { once: true });
  try {
    return await sender.send(sockets, { ...request, signal: own.signal });
  } finally {
    cancel.removeEventListener('abort', stop);
  }
}

/** Waits for messages that answer the messages of a job. */
export interface ReplyWatch {
  /** Resolves when everything received until now no longer counts as a reply to the next message. */
  begin(): Promise<void>;
  /** Resolves when a matching message has been received since `begin`, or at `signal`. */
  received(signal: AbortSignal): Promise<void>;
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
}

/** What a job works with. */
export interface JobContext {
  readonly sender: Sender;
  /** Returns a sender of messages that are made of `payload`, for each socket and message; `bytes` of its requests is left out. */
  readonly senderOf: (payload: WrittenPayload) => Promise<Result<Sender>>;
  readonly sockets: Sockets;
  readonly replies: Replies;
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
