import type { Engine } from '#engine/engine.ts';
import type { ClientConfig } from '#shared/endpoint/endpoint-config.ts';
import { fail } from '#shared/failure.ts';
import { followsReads } from '#shared/framing/list.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import { type Delivered, type DeliveryOptions, pause, sendOnce } from './delivery.ts';
import { inputPieces } from './input.ts';
import type { InputPayload, InputSplit } from './input-source.ts';
import { note } from './report.ts';
import type { SendOptions } from './send-config.ts';

/** How long an input may take to report its end after the connection has ended. Milliseconds. */
const endGraceMs = 100;

/**
 * Returns how a stream (the standard input, or a pipe that `--file` names) is split where it is sent as it comes: in lines, or
 * under raw framing in reads. Returns `undefined` where it is read whole first: what has to be one message (a datagram, a
 * frame), what is sent again and what is sent in chunks.
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
  /** Aborted when the peer has ended its side, or nothing more of it is waited for. */
  readonly over: AbortSignal;
  /** How long the input may bring nothing after that; `undefined` for no limit. Milliseconds. */
  readonly idleMs: number | undefined;
  /** Returns why the connection ended, in words. */
  readonly endReason: () => string;
}

/**
 * Sends what an input brings, as it comes: the next piece is read when the one before it is with the system. Ends with the
 * input, with the connection, or when the peer has ended its side and the input brings nothing for `idleMs`: a peer that has ended
 * its side may still read. Fails where the connection ends before the input does; an input at a terminal has no more to lose, and
 * a note says so.
 */
export async function deliverInput(engine: Engine, socket: number, options: InputDeliveryOptions): Promise<Delivered> {
  const { input, frame, pace, cancel, gone, over, idleMs } = options;
  const pieces = inputPieces(input);
  const stop = AbortSignal.any([cancel, gone]);
  const startedAt = performance.now();
  let messages = 0;
  let bytes = 0;
  const endEarly = (unsent: number): Delivered => {
    const ended = endedEarly({ messages, bytes, unsent }, options);
    input.stream.destroy();
    return ended;
  };
  for (;;) {
    const pending = pieces.next();
    const next = await nextOrStop(pending, { stop, over, idleMs });
    if (next === undefined) {
      // The input may have ended too, without a report so far.
      const late = cancel.aborted ? undefined : await Promise.race([pending, pause(endGraceMs, cancel)]);
      if (late?.done) return { messages, error: late.value };
      return endEarly(late ? late.value.length : 0);
    }
    if (next.done) return { messages, error: next.value };
    const outcome = await sendOnce(engine, socket, { bytes: next.value, frame, pace }, cancel);
    if (outcome?.error) {
      const hasEnded = gone.aborted || ['closed', 'reset'].includes(outcome.error.code);
      if (hasEnded && !cancel.aborted) {
        const part = Math.min(outcome.bytes, next.value.length);
        bytes += part;
        return endEarly(next.value.length - part);
      }
      input.stream.destroy();
      return { messages, error: outcome.error };
    }
    messages += 1;
    bytes += next.value.length;
    // A pace holds within one piece; this is what holds over all of them.
    const rate = pace?.bytesPerSecond ?? 0;
    const waitMs = rate === 0 ? 0 : startedAt + (bytes / rate) * 1_000 - performance.now();
    if (waitMs > 0) await pause(waitMs, stop);
  }
}

/** What was sent when the connection ended. */
interface Part {
  readonly messages: number;
  readonly bytes: number;
  /** Bytes that were taken from the input and not sent. */
  readonly unsent: number;
}

/** Returns what came of an input that had not ended when the connection did. */
function endedEarly({ messages, bytes, unsent }: Part, options: InputDeliveryOptions): Delivered {
  const { input, cancel, endReason } = options;
  if (cancel.aborted) return { messages };
  const waiting = unsent + input.stream.readableLength;
  if (waiting === 0 && input.stream.isTTY) {
    note(`The connection ended before ${input.name} did.`);
    return { messages };
  }
  const rest = waiting === 0 ? 'the input was still open' : `at least ${waiting} bytes of the input were not sent`;
  const { error } = fail('closed', `Could not send ${input.name} to its end`, {
    system: `${endReason()}: ${bytes} bytes had been handed to the system before, and ${rest}`,
    hint: 'Look at what the peer reads before it ends the connection.',
  });
  return { messages, error };
}

/** Resolves with `next`, or with nothing where `stop` is aborted, or `over` is and `idleMs` pass. */
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
