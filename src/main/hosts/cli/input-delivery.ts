import type { SendOutcome } from '#engine/endpoints/sending.ts';
import type { Engine } from '#engine/engine.ts';
import type { ClientConfig } from '#shared/endpoint/endpoint-config.ts';
import { type Failure, fail } from '#shared/failure.ts';
import { followsReads } from '#shared/framing/list.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import { type Delivered, type DeliveryOptions, pause, sendOnce } from './delivery.ts';
import { inputPieces } from './input.ts';
import type { InputPayload, InputSplit } from './input-source.ts';
import { note } from './report.ts';
import type { SendOptions } from './send-config.ts';

/** Time for an input to report its end after the connection has ended. */
const endGraceMs = 100;

/**
 * Returns how an input stream (the standard input, or a pipe that `--file` names) is split to be sent as it arrives: into
 * lines, or under raw framing into reads. Returns `undefined` if the stream must be read to its end first: it is one message
 * (a datagram, a frame), is sent repeatedly, or is sent in chunks.
 */
export function splitOf(options: SendOptions, { transport, framing }: ClientConfig): InputSplit | undefined {
  const { lines, frame, repeat, reconnect, chunk, split } = options;
  const isStream = !abilitiesOf(transport).messageOriented;
  const isRaw = isStream && (!frame || followsReads(framing));
  if (lines) return isRaw ? 'whole-lines' : 'lines';
  const isWhole = [repeat, reconnect, chunk, split].some((option) => option !== undefined);
  return isRaw && !isWhole ? 'reads' : undefined;
}

interface InputDeliveryOptions extends Pick<DeliveryOptions, 'frame' | 'pace' | 'cancel'> {
  readonly input: InputPayload;
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
 * if the connection ends before the input; for an input at a terminal, from which nothing is lost, it prints a note instead.
 */
export async function deliverInput(engine: Engine, socket: number, options: InputDeliveryOptions): Promise<Delivered> {
  const { input, frame, pace, cancel, gone, over, idleMs } = options;
  const pieces = inputPieces(input);
  const stop = AbortSignal.any([cancel, gone]);
  const startedAt = performance.now();
  let messages = 0;
  let bytes = 0;
  for (;;) {
    const pending = pieces.next();
    const next = await nextOrStop(pending, { stop, over, idleMs });
    if (next === undefined) return endWithoutNext(pending, { messages, bytes }, options);
    if (next.done) return { messages, error: next.value };
    const outcome = await sendOnce(engine, socket, { bytes: next.value, frame, pace }, cancel);
    if (outcome?.error) return endOnError(outcome, next.value.length, { messages, bytes }, options);
    messages += 1;
    bytes += next.value.length;
    // The engine paces each piece; this paces the whole input.
    const rate = pace?.bytesPerSecond ?? 0;
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
  input.stream.destroy();
  return { messages, error };
}

/** Ends before the input does. `unsent`: bytes that were read from the input and not sent. */
function endEarly({ messages, bytes }: Sent, unsent: number, options: InputDeliveryOptions): Delivered {
  const { input, cancel, endReason } = options;
  const waiting = unsent + input.stream.readableLength;
  input.stream.destroy();
  if (cancel.aborted) return { messages };
  if (waiting === 0 && input.stream.isTTY) {
    note(`The connection ended before ${input.name} did.`);
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
