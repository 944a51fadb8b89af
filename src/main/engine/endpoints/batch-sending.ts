import type { Failure } from '#shared/failure.ts';
import { isUnframeable } from '#shared/framing/framing.ts';
import { encodeOnce } from '#shared/framing/spec.ts';
import { type Batch, Boundaries, singleBatch } from '#shared/message/boundaries.ts';
import type { LogSink } from '#shared/record/record.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import type { Connection } from '../connection/connection.ts';
import { incompleteFailure, type SendOutcome, type SendRequest, type SendTarget, sendTo } from './sending.ts';

/** How a batch of messages is sent. */
export type BatchRequest = Pick<SendRequest, 'frame' | 'signal'>;

/** The result of a batch on one socket. `messages`: messages that the kernel has accepted completely. */
export interface BatchOutcome extends SendOutcome {
  readonly messages: number;
}

/**
 * Sends messages in their order to each target; resolves when the kernel has accepted them or a send failed. On a stream they are passed to
 * the kernel together; each is framed and recorded separately. With a transport of messages, one is sent after the other, so that
 * each is recorded before its reply; and while the log is congested, so that it is not filled faster. Nothing is sent to a target after
 * its first failure.
 */
export function sendBatchTo(
  targets: readonly SendTarget[],
  messages: readonly Uint8Array[],
  request: BatchRequest,
  log: Pick<LogSink, 'stalled' | 'congested'>,
): Promise<BatchOutcome[]> {
  const { stalled, congested } = log;
  return Promise.all(
    targets.map((target) => {
      const { socket, connection } = target;
      const gathered = 'code' in connection || congested ? undefined : gather(connection, messages, request.frame);
      if ('code' in connection || !gathered) return sendInTurn(target, messages, request, stalled);
      return sendTogether(socket, connection, { gathered, messages, request });
    }),
  );
}

/** Sends one message after the other, until one fails. */
async function sendInTurn(
  target: SendTarget,
  messages: readonly Uint8Array[],
  request: BatchRequest,
  stalled: boolean,
): Promise<BatchOutcome> {
  const { socket } = target;
  let bytes = 0;
  let error: Failure | undefined;
  let sent = 0;
  for (; sent < messages.length && !error; sent += error ? 0 : 1) {
    const [outcome] = await sendTo([target], { ...request, bytes: messages[sent] }, stalled);
    bytes += outcome?.bytes ?? 0;
    error = outcome?.error;
  }
  return error ? { socket, bytes, messages: sent, error } : { socket, bytes, messages: sent };
}

interface Gathered {
  readonly gathered: Batch;
  readonly messages: readonly Uint8Array[];
  readonly request: BatchRequest;
}

async function sendTogether(
  socket: number,
  connection: Connection,
  { gathered, messages, request }: Gathered,
): Promise<BatchOutcome> {
  const { bytes, boundaries } = gathered;
  const sent = await connection.send({ batches: singleBatch(bytes, boundaries), signal: request.signal });
  if (sent.complete) return { socket, bytes: sent.bytes, messages: messages.length };
  let whole = 0;
  while (whole < messages.length && (boundaries.ends[whole] as number) <= sent.bytes) whole += 1;
  const begun = whole === 0 ? 0 : (boundaries.ends[whole - 1] as number);
  const failed = { ...request, bytes: messages[whole] };
  const error = incompleteFailure(connection, sent.bytes - begun, failed);
  return { socket, bytes: sent.bytes, messages: whole, error };
}

/**
 * Returns the framed messages as one batch; `undefined` where they cannot be sent together: with a transport of messages, on a connection
 * that is ending, for a message that cannot be framed, and where the send queue has no room for all of them.
 */
function gather(connection: Connection, messages: readonly Uint8Array[], frame: boolean): Batch | undefined {
  const { lifecycle, received, sent, limits, writeEnding } = connection;
  if (abilitiesOf(lifecycle.info.transport).messageOriented || writeEnding !== '') return undefined;
  const boundaries = new Boundaries(messages.length);
  const parts: Uint8Array[] = [];
  let end = 0;
  let body: Uint8Array | undefined;
  let encoded: ReturnType<typeof encodeOnce> | undefined;
  for (const message of messages) {
    // A repeated message is encoded once.
    if (message !== body || !encoded) encoded = encodeOnce(received.framing, message, frame);
    body = message;
    // A record without bytes would have no place in the stream.
    if (isUnframeable(encoded) || encoded.bytes.length === 0) return undefined;
    end += encoded.bytes.length;
    parts.push(encoded.bytes);
    boundaries.push(end, encoded.head, encoded.tail, 0);
  }
  return sent.queued + end > limits.maxQueued ? undefined : { bytes: joined(parts, end), boundaries };
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
