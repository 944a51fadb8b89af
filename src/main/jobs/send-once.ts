import type { Failure } from '#shared/failure.ts';
import type { Sender, SendOutcome, SendRequest } from './sender.ts';

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
  const outcomes = await sender.send(sockets, { ...request, signal: own.signal });
  cancel.removeEventListener('abort', stop);
  return outcomes;
}
