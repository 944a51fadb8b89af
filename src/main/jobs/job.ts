import type { JobInput, JobKind, JobView } from '#shared/contract/jobs/catalogue.ts';
import type { Failure, Result } from '#shared/failure.ts';
import type { Replies } from './reply-watch.ts';
import type { Sender } from './sender.ts';

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
  readonly ended: Promise<JobEnd>;
}

/** Starts a job, or says why it cannot be started. */
export type StartJob<Kind extends JobKind = JobKind> = (
  input: JobInput<Kind>,
  context: JobContext,
) => Promise<Result<Job<Kind>>>;
