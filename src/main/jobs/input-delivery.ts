import { type Failure, fail } from '#shared/failure.ts';
import { type Delivered, type Sender, type SendOutcome, type SendRequest, sendOnce } from './sender.ts';

/** Time for an input to report its end after the connection has ended. */
const endGraceMs = 100;

/** An input that is sent as it arrives. */
export interface Input {
  /** Its name in failures. */
  readonly name: string;
  /** A user types it, so that nothing is lost if the connection ends first. */
  readonly isTerminal: boolean;
  /** Yields its messages; returns why it could not be read. */
  pieces(): AsyncGenerator<Uint8Array, Failure | undefined>;
  /** Returns the number of bytes that have been read and not been yielded. */
  waiting(): number;
  /** Stops reading. */
  stop(): void;
  /** Is called when the connection ended before an input at a terminal did. */
  endedEarly(): void;
}

interface InputDeliveryOptions {
  readonly input: Input;
  readonly request: Pick<SendRequest, 'frame' | 'pace'>;
  /** Aborts sending: bytes that are still queued are not sent. */
  readonly cancel: AbortSignal;
  /** Aborted when the connection is closed. */
  readonly gone: AbortSignal;
  /** Aborted when the peer has sent FIN, or the command waits for no more replies. */
  readonly over: AbortSignal;
  /** After that, the maximum time without input; `undefined` for no limit. */
  readonly idleMs: number | undefined;
  /** Returns why the connection ended, as a phrase. */
  readonly endReason: () => string;
}

/**
 * Sends an input as it arrives: reads the next piece after the system has taken the one before. Ends with the input, with the
 * connection, or when the peer has sent FIN and no input arrives for `idleMs`: a peer that has sent FIN may still read. Fails
 * if the connection ends before the input; at a terminal nothing is lost, so the input is only notified.
 */
export async function deliverInput(sender: Sender, socket: number, options: InputDeliveryOptions): Promise<Delivered> {
  const { input, request, cancel, gone, over, idleMs } = options;
  const pieces = input.pieces();
  const stop = AbortSignal.any([cancel, gone]);
  const startedAt = performance.now();
  let messages = 0;
  let bytes = 0;
  for (;;) {
    const pending = pieces.next();
    const next = await nextOrStop(pending, { stop, over, idleMs });
    if (next === undefined) return endWithoutNext(pending, { messages, bytes }, options);
    if (next.done) return { messages, error: next.value };
    const [outcome] = await sendOnce(sender, [socket], { bytes: next.value, ...request }, cancel);
    if (outcome?.error) return endOnError(outcome, next.value.length, { messages, bytes }, options);
    messages += 1;
    bytes += next.value.length;
    // The engine paces each piece; this paces the whole input.
    const rate = request.pace?.bytesPerSecond ?? 0;
    const waitMs = rate === 0 ? 0 : startedAt + (bytes / rate) * 1_000 - performance.now();
    if (waitMs > 0) await pause(waitMs, stop);
  }
}

/** What was sent of an input. */
interface Sent {
  readonly messages: number;
  readonly bytes: number;
}

/** Ends because the connection or the wait ended. The input may have ended as well, without having reported it. */
async function endWithoutNext(
  pending: Promise<IteratorResult<Uint8Array, Failure | undefined>>,
  sent: Sent,
  options: InputDeliveryOptions,
): Promise<Delivered> {
  const { cancel } = options;
  const late = cancel.aborted ? undefined : await Promise.race([pending, pause(endGraceMs, cancel)]);
  if (late?.done) return { messages: sent.messages, error: late.value };
  return endEarly(sent, late ? late.value.length : 0, options);
}

/** Ends because a piece of `size` bytes could not be sent. */
function endOnError(
  { error, bytes: sentOfPiece }: SendOutcome,
  size: number,
  { messages, bytes }: Sent,
  options: InputDeliveryOptions,
): Delivered {
  const { input, cancel, gone } = options;
  const isClosed = gone.aborted || error?.code === 'closed' || error?.code === 'reset';
  if (isClosed && !cancel.aborted) {
    const part = Math.min(sentOfPiece, size);
    return endEarly({ messages, bytes: bytes + part }, size - part, options);
  }
  input.stop();
  return { messages, error };
}

/** Ends before the input does. `unsent`: bytes that were read from the input and not sent. */
function endEarly({ messages, bytes }: Sent, unsent: number, options: InputDeliveryOptions): Delivered {
  const { input, cancel, endReason } = options;
  const waiting = unsent + input.waiting();
  input.stop();
  if (cancel.aborted) return { messages };
  if (waiting === 0 && input.isTerminal) {
    input.endedEarly();
    return { messages };
  }
  const rest = waiting === 0 ? 'the input was still open' : `at least ${waiting} bytes of the input were not sent`;
  const { error } = fail('closed', `Could not send all of ${input.name}`, {
    system: `${endReason()} after ${bytes} bytes were passed to the system; ${rest}`,
    hint: 'Check how much the peer reads before it closes the connection.',
  });
  return { messages, error };
}

/** Resolves with `next`, or with `undefined` when `stop` is aborted, or `idleMs` after `over` is aborted. */
function nextOrStop<Next>(
  next: Promise<Next>,
  { stop, over, idleMs }: { stop: AbortSignal; over: AbortSignal; idleMs: number | undefined },
): Promise<Next | undefined> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const settle = (value: Next | undefined) => {
      clearTimeout(timer);
      stop.removeEventListener('abort', stopped);
      over.removeEventListener('abort', idle);
      resolve(value);
    };
    const stopped = () => settle(undefined);
    const idle = () => {
      if (idleMs !== undefined) timer ??= setTimeout(stopped, idleMs);
    };
    if (stop.aborted) {
      stopped();
      return;
    }
    stop.addEventListener('abort', stopped);
    if (over.aborted) idle();
    else over.addEventListener('abort', idle);
    next.then(settle, reject);
  });
}

/** Waits for `ms`, or until `ended` is aborted. */
async function pause(ms: number, ended: AbortSignal): Promise<void> {
  const { setTimeout: delay } = await import('node:timers/promises');
  await delay(ms, undefined, { signal: ended }).catch((error: unknown) => {
    if (!ended.aborted) throw error;
  });
}
