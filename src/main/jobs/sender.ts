import type { Pace } from '#shared/contract/models.ts';
import type { Failure } from '#shared/failure.ts';

/** One message, and how to send it. */
export interface SendRequest {
  readonly bytes?: Uint8Array | undefined;
  /** The path of a file, instead of `bytes`. */
  readonly file?: string | undefined;
  /** Frames the message with the framing of the payload if it has one, or else with that of each socket. */
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

/** Adds up the progress of sends that report each for themselves. */
export class JointProgress {
  readonly #report: SendRequest['progress'];
  readonly #parts: { done: number; total: number }[] = [];

  constructor(report: SendRequest['progress']) {
    this.#report = report;
  }

  /** Returns the function that one of the sends reports its progress to. */
  part(): NonNullable<SendRequest['progress']> {
    const part = { done: 0, total: 0 };
    this.#parts.push(part);
    return (done, total) => {
      Object.assign(part, { done, total });
      const sum = (key: 'done' | 'total') => this.#parts.reduce((all, one) => all + one[key], 0);
      this.#report?.(sum('done'), sum('total'));
    };
  }
}
