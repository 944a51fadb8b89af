import type { SendOutcome, SendRequest } from '#engine/endpoints/sending.ts';
import type { Engine } from '#engine/engine.ts';
import type { Pace } from '#shared/contract/models.ts';
import type { ClientConfig } from '#shared/endpoint/endpoint-config.ts';
import type { Failure } from '#shared/failure.ts';
import { isUnframeable } from '#shared/framing/framing.ts';
import { encodeMessage } from '#shared/framing/list.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import type { Payload } from './payload.ts';
import { showProgress } from './progress.ts';

export interface DeliveryOptions {
  readonly payload: Payload;
  /** Adds the bytes of the framing around each message. */
  readonly frame: boolean;
  readonly pace: Pace | undefined;
  /** How often the message is sent; may be infinite. */
  readonly repeat: number;
  /** Time from the start of one message to the start of the next. */
  readonly intervalMs: number;
  /** Aborts sending: bytes that are still queued are not sent. */
  readonly cancel: AbortSignal;
  /** Ends sending after the current message. */
  readonly over: AbortSignal;
}

export interface Delivered {
  /** Number of messages that were sent completely. */
  readonly messages: number;
  readonly error?: Failure | undefined;
}

/** Sends a message `repeat` times on one connection, each after the system has taken the one before. */
export async function deliver(engine: Engine, socket: number, options: DeliveryOptions): Promise<Delivered> {
  const { payload, frame, pace, repeat, intervalMs, cancel, over } = options;
  const content = payload.kind === 'file' ? { file: payload.file } : { bytes: payload.bytes };
  const ended = AbortSignal.any([cancel, over]);
  let messages = 0;
  while (messages < repeat && !(messages > 0 && ended.aborted)) {
    const startedAt = performance.now();
    const progress = showProgress();
    const request = { ...content, frame, pace, progress: progress.onProgress };
    const outcome = await sendOnce(engine, socket, request, cancel);
    progress.end();
    if (outcome?.error) return { messages, error: outcome.error };
    messages += 1;
    const waitMs = intervalMs - (performance.now() - startedAt);
    if (messages < repeat && waitMs > 0) await pause(waitMs, ended);
  }
  return { messages };
}

/** Sends one message. Uses a separate signal for each, because listeners on `cancel` would accumulate over many messages. */
export async function sendOnce(
  engine: Engine,
  socket: number,
  request: SendRequest,
  cancel: AbortSignal,
): Promise<SendOutcome | undefined> {
  const own = new AbortController();
  const stop = () => own.abort();
  if (cancel.aborted) stop();
  cancel.addEventListener('abort', stop, { once: true });
  const [outcome] = await engine.send([socket], { ...request, signal: own.signal });
  cancel.removeEventListener('abort', stop);
  return outcome;
}

/** Waits for `ms`, or until `ended` is aborted. */
export async function pause(ms: number, ended: AbortSignal): Promise<void> {
  const { setTimeout: delay } = await import('node:timers/promises');
  await delay(ms, undefined, { signal: ended }).catch((error: unknown) => {
    if (!ended.aborted) throw error;
  });
}

/** Returns true if `payload` yields a message. An empty line or datagram is a message; zero bytes on a stream are not. */
export function isMessage(payload: Payload, { transport, framing }: ClientConfig, frame: boolean): boolean {
  const size = payload.kind === 'file' ? payload.size : payload.bytes.length;
  if (size > 0 || abilitiesOf(transport).messageOriented) return true;
  if (!frame) return false;
  const encoded = encodeMessage(framing, new Uint8Array(0));
  // Sending an unframeable payload reports why.
  return isUnframeable(encoded) || encoded.bytes.length > 0;
}
