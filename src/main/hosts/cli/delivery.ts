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
  /** Adds what the framing wants around a message. */
  readonly frame: boolean;
  readonly pace: Pace | undefined;
  /** How often it is sent; may be infinite. */
  readonly repeat: number;
  /** From the start of one to the start of the next. Milliseconds. */
  readonly intervalMs: number;
  /** Aborted: what is not handed over yet is not sent. */
  readonly cancel: AbortSignal;
  /** Aborted: the message in hand is the last one. */
  readonly over: AbortSignal;
}

export interface Delivered {
  /** Messages that were sent whole. */
  readonly messages: number;
  readonly error?: Failure | undefined;
}

/** Sends a message on one connection as often as wanted, each when the one before it is with the system. */
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

/** Sends one message. Each has a signal of its own: what listens to `cancel` would pile up over a million of them. */
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

/** Waits, but not longer than until `ended` is aborted. */
export async function pause(ms: number, ended: AbortSignal): Promise<void> {
  const { setTimeout: delay } = await import('node:timers/promises');
  await delay(ms, undefined, { signal: ended }).catch((error: unknown) => {
    if (!ended.aborted) throw error;
  });
}

/** True where `payload` makes a message: an empty line, or an empty datagram, is one, no bytes on a stream are none. */
export function isMessage(payload: Payload, { transport, framing }: ClientConfig, frame: boolean): boolean {
  const size = payload.kind === 'file' ? payload.size : payload.bytes.length;
  if (size > 0 || abilitiesOf(transport).messageOriented) return true;
  if (!frame) return false;
  const encoded = encodeMessage(framing, new Uint8Array(0));
  // Why it cannot be framed is told when it is sent.
  return isUnframeable(encoded) || encoded.bytes.length > 0;
}
