import type { Readable } from 'node:stream';
import type { Engine } from '#engine/engine.ts';
import type { ClientConfig } from '#shared/contract/endpoint-config.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import { type Delivered, type DeliveryOptions, pause, sendOnce } from './delivery.ts';
import { type InputSplit, inputPieces } from './input.ts';
import { note } from './report.ts';
import type { SendOptions } from './send-config.ts';

/** The standard input, sent as it comes. */
export interface InputPayload {
  readonly kind: 'input';
  readonly stream: Readable;
  readonly split: InputSplit;
}

/**
 * Returns the standard input as what is sent, where it is sent as it comes: in lines, or under raw framing in reads. What
 * has to be one message (a datagram, a frame), what is sent again and what is sent in pieces of its own is read whole first.
 */
export function streamedInput(options: SendOptions, { transport, framing }: ClientConfig): InputPayload | undefined {
  const { stdin, lines, frame, repeat, reconnect, chunk, split } = options;
  if (!stdin) return undefined;
  const input = { kind: 'input', stream: process.stdin } as const;
  const isStream = !abilitiesOf(transport).messages;
  const isRaw = isStream && (!frame || framing.kind === 'raw' || framing.kind === 'gap');
  if (lines) return { ...input, split: isRaw ? 'whole-lines' : 'lines' };
  const isWhole = [repeat, reconnect, chunk, split].some((option) => option !== undefined);
  return isRaw && !isWhole ? { ...input, split: 'reads' } : undefined;
}

export interface InputDeliveryOptions extends Pick<DeliveryOptions, 'frame' | 'pace' | 'cancel'> {
  readonly input: InputPayload;
  /** Aborted when the connection is closed. */
  readonly gone: AbortSignal;
  /** Aborted when the peer has ended its side, or nothing more of it is waited for. */
  readonly over: AbortSignal;
  /** How long the input may bring nothing after that. Milliseconds. */
  readonly idleMs: number;
}

/**
 * Sends what the standard input brings, as it comes: the next piece is read when the one before it is with the system. Ends
 * with the input, with the connection, or when the peer has ended its side and the input brings nothing.
 */
export async function deliverInput(engine: Engine, socket: number, options: InputDeliveryOptions): Promise<Delivered> {
  const { input, frame, pace, cancel, gone, over, idleMs } = options;
  const pieces = inputPieces(input.stream, input.split);
  const stop = AbortSignal.any([cancel, gone]);
  const startedAt = performance.now();
  let messages = 0;
  let bytes = 0;
  for (;;) {
    const next = await nextOrStop(pieces.next(), { stop, over, idleMs });
    if (next === undefined) {
      input.stream.destroy();
      if (!cancel.aborted) note('The connection ended before the standard input did.');
      return { messages };
    }
    if (next.done) return { messages, error: next.value };
    const outcome = await sendOnce(engine, socket, { bytes: next.value, frame, pace }, cancel);
    if (outcome?.error) {
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

/** Resolves with `next`, or with nothing where `stop` is aborted, or `over` is and `idleMs` pass. */
function nextOrStop<Next>(
  next: Promise<Next>,
  { stop, over, idleMs }: { stop: AbortSignal; over: AbortSignal; idleMs: number },
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
      timer ??= setTimeout(stopped, idleMs);
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
