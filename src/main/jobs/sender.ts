import type { Pace } from '#shared/contract/models.ts';
import type { Failure } from '#shared/failure.ts';
import { sliceMs } from './clock.ts';

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

/** The result of a batch on one socket. `messages`: messages that were sent completely. */
export interface BatchOutcome extends SendOutcome {
  readonly messages: number;
}

/** What jobs need to send. */
export interface Sender {
  /** Sends one message to each socket; resolves when the kernel has accepted each of them or the send failed. */
  send(sockets: readonly number[], request: SendRequest): Promise<SendOutcome[]>;
  /**
   * Sends the next messages to each socket, at least one and up to `count`: fewer where they are large. Resolves as `send` does. To a
   * socket on which one fails, no more are sent. Without it, messages are sent one by one.
   */
  sendBatch?(sockets: readonly number[], request: BatchRequest, count: number): Promise<BatchOutcome[]>;
}

/** Messages that are sent as one batch. */
export type BatchRequest = Pick<SendRequest, 'bytes' | 'frame' | 'signal'>;

/** Bytes after which a batch is complete. */
const maxBatchBytes = 65_536;

/** Returns a batch of the same message: `count` times, or fewer if they are large. */
export function repeatedBytes(bytes: Uint8Array, count: number): Uint8Array[] {
  const length = Math.min(count, Math.max(1, Math.floor(maxBatchBytes / bytes.length)));
  return Array.from({ length }, () => bytes);
}

/** What an engine offers a sender. */
interface SendingEngine {
  send: Sender['send'];
  sendBatch(
    sockets: readonly number[],
    messages: readonly Uint8Array[],
    request: Omit<BatchRequest, 'bytes'>,
  ): Promise<BatchOutcome[]>;
}

/** Returns what sends the same message repeatedly. */
export function engineSender(engine: SendingEngine): Required<Sender> {
  return {
    send: (sockets, request) => engine.send(sockets, request),
    sendBatch: (sockets, { bytes = new Uint8Array(0), ...request }, count) =>
      engine.sendBatch(sockets, repeatedBytes(bytes, count), request),
  };
}

/**
 * Returns a function that says if another message may be rendered for a batch that has `made` messages and `bytes` bytes: up to `count`
 * messages, and no more after 64 KiB or one slice of time, because the event loop waits meanwhile. The first message always may.
 */
export function batchLimit(count: number): (made: number, bytes: number) => boolean {
  const untilMs = performance.now() + sliceMs;
  return (made, bytes) => made === 0 || (made < count && bytes < maxBatchBytes && performance.now() < untilMs);
}

/** What was sent on a connection. */
export interface Delivered {
  /** Number of messages that were sent completely. */
  readonly messages: number;
  readonly error?: Failure | undefined;
}

/** Sends one message. */
export function sendOnce(
  sender: Sender,
  sockets: readonly number[],
  request: Omit<SendRequest, 'signal'>,
  cancel: AbortSignal,
): Promise<SendOutcome[]> {
  return withOwnSignal(cancel, (signal) => sender.send(sockets, { ...request, signal }));
}

/** Sends up to `count` messages: as a batch, if there is more than one and `sender` can. */
export function sendSome(
  sender: Sender,
  sockets: readonly number[],
  { request, count, cancel }: { request: Omit<SendRequest, 'signal'>; count: number; cancel: AbortSignal },
): Promise<BatchOutcome[]> {
  return withOwnSignal(cancel, async (signal) => {
    const { bytes, frame } = request;
    if (count > 1 && sender.sendBatch) return sender.sendBatch(sockets, { bytes, frame, signal }, count);
    const outcomes = await sender.send(sockets, { ...request, signal });
    return outcomes.map((outcome) => ({ ...outcome, messages: outcome.error ? 0 : 1 }));
  });
}

/** Gives each send a separate signal, because listeners on `cancel` would accumulate over many messages. */
async function withOwnSignal<T>(cancel: AbortSignal, send: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const own = new AbortController();
  const stop = () => own.abort();
  if (cancel.aborted) stop();
  cancel.addEventListener('abort', stop, { once: true });
  try {
    return await send(own.signal);
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
