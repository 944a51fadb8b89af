import type { Pace } from '#shared/contract/models.ts';
import { type Failure, fail } from '#shared/failure.ts';
import { isUnframeable } from '#shared/framing/framing.ts';
import { needsBody } from '#shared/framing/spec.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import type { Connection } from '../connection/connection.ts';
import { isLoaded, Pacer } from '../connection/sends.ts';
import { type Outgoing, outgoingBytes, outgoingFile } from './outgoing.ts';

/** What to send, and how. */
export interface SendRequest {
  readonly bytes?: Uint8Array | undefined;
  /** The path of a file, instead of `bytes`. */
  readonly file?: string | undefined;
  /** Frames the message with each socket's framing. */
  readonly frame: boolean;
  readonly pace?: Pace | undefined;
  /** When aborted, bytes that were not yet passed to the kernel are not sent. */
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of bytes that the kernel has accepted and the total, over all sockets. */
  readonly progress?: ((done: number, total: number) => void) | undefined;
}

/** The result of one send on one socket. */
export interface SendOutcome {
  readonly socket: number;
  readonly bytes: number;
  readonly error?: Failure;
}

export interface SendTarget {
  readonly socket: number;
  /** A failure where it is not possible to send to the socket. */
  readonly connection: Connection | Failure;
}

/** Sends one message to each target; resolves when the kernel has accepted it or the send failed. `stalled` is the state of the log. */
export async function sendTo(
  targets: readonly SendTarget[],
  request: SendRequest,
  stalled: boolean,
): Promise<SendOutcome[]> {
  const progress = new Progress(request.progress);
  const sources = new Sources(request);
  return Promise.all(
    targets.map(async ({ socket, connection }): Promise<SendOutcome> => {
      if ('code' in connection) return { socket, bytes: 0, error: connection };
      return { socket, ...(await sendOne(connection, request, sources, progress, stalled)) };
    }),
  );
}

async function sendOne(
  connection: Connection,
  request: SendRequest,
  sources: Sources,
  progress: Progress,
  stalled: boolean,
): Promise<Omit<SendOutcome, 'socket'>> {
  const tried = triedTo(connection, request);
  const refuse = (code: Failure['code'], system: string, hint: string) => ({
    bytes: 0,
    error: fail(code, tried, { system, hint }).error,
  });
  if (stalled) {
    return refuse(
      'wrong-state',
      'the session file is not writable, and the memory for unsaved records is full',
      'Free disk space and retry, or record to a different file; then send again.',
    );
  }
  // A message in memory is queued before this returns, so that later actions on the connection come after it.
  const found = sources.of(connection);
  const source = found instanceof Promise ? await found : found;
  if ('code' in source) return { bytes: 0, error: source };
  if (connection.writeEnding !== '')
    return refuse('wrong-state', connection.writeEnding, 'Connect again to send more.');
  const batches = source.batches(connection.received.framing);
  if (isUnframeable(batches)) {
    return refuse('bad-input', batches.problem, 'Change the message or the framing, or send it without framing.');
  }
  const { maxQueued } = connection.limits;
  if (!isLoaded(batches) && connection.sent.queued + batches.size > maxQueued) {
    return refuse(
      'too-large',
      `${connection.sent.queued} bytes are already queued, and the limit (maxQueued) is ${maxQueued}`,
      'Wait until the peer has received them, or raise the limit.',
    );
  }
  const part = progress.part(isLoaded(batches) ? (batches.total ?? 0) : batches.size);
  const sent = await connection.send({
    batches,
    pacer: request.pace && new Pacer(request.pace),
    signal: request.signal,
    moved: part,
  });
  if (sent.complete) return { bytes: sent.bytes };
  return { bytes: sent.bytes, error: incompleteFailure(connection, sent.bytes, request) };
}

function triedTo({ lifecycle }: Connection, { bytes, file }: SendRequest): string {
  const { local, peer } = lifecycle.info;
  const what = file === undefined ? `${bytes?.length ?? 0} bytes` : `“${file}”`;
  return `Could not send ${what} to ${peer === '' ? local : peer}`;
}

/** Returns why a send ended early: the kernel had accepted `bytes` bytes of it. */
export function incompleteFailure(connection: Connection, bytes: number, request: SendRequest): Failure {
  const { signal, file } = request;
  const tried = triedTo(connection, request);
  const accepted = `the system had accepted ${bytes} bytes`;
  if (signal?.aborted) {
    const hint = 'The peer may have received a part of the message.';
    return fail('cancelled', tried, { system: `the send was cancelled after ${accepted}`, hint }).error;
  }
  const { cause, errno } = connection.lifecycle.state;
  if (cause === undefined) {
    const why = file === undefined ? 'the system did not accept the message' : 'the file could not be read to its end';
    const hint =
      file === undefined ? 'See the records of this socket.' : 'Check that the file still exists and is complete.';
    return fail(file === undefined ? 'too-large' : 'file', tried, { system: `${why}: ${accepted}`, hint }).error;
  }
  const isReset = cause === 'reset-by-us' || cause === 'reset-by-peer';
  return fail(isReset ? 'reset' : 'closed', tried, {
    system: `the connection ended (${errno ?? cause}) after ${accepted}`,
    hint: 'Connect and send again.',
  }).error;
}

/** What to send, prepared once for all sockets of a kind: a file that must be one message is read once. */
class Sources {
  readonly #request: SendRequest;
  #streamed: Promise<Outgoing | Failure> | undefined;
  #whole: Promise<Outgoing | Failure> | undefined;
  readonly #bytes: Outgoing;

  constructor(request: SendRequest) {
    this.#request = request;
    this.#bytes = outgoingBytes(request.bytes ?? new Uint8Array(0), request.frame);
  }

  of(connection: Connection): Outgoing | Failure | Promise<Outgoing | Failure> {
    const { file, frame } = this.#request;
    if (file === undefined) return this.#bytes;
    const { transport } = connection.lifecycle.info;
    // Where the framing depends on all bytes of the message, a part of it cannot be framed.
    const whole = abilitiesOf(transport).messageOriented || (frame && needsBody(connection.received.framing));
    if (whole) {
      this.#whole ??= load(file, frame, true);
      return this.#whole;
    }
    this.#streamed ??= load(file, frame, false);
    return this.#streamed;
  }
}

async function load(file: string, frame: boolean, whole: boolean): Promise<Outgoing | Failure> {
  const found = await outgoingFile(file, frame, whole);
  return found.ok ? found.value : found.error;
}

/** Adds up the progress of the sends to several sockets. */
class Progress {
  readonly #report: ((done: number, total: number) => void) | undefined;
  #done = 0;
  #total = 0;

  constructor(report: ((done: number, total: number) => void) | undefined) {
    this.#report = report;
  }

  part(total: number): (sent: number) => void {
    this.#total += total;
    let before = 0;
    return (sent) => {
      this.#done += sent - before;
      before = sent;
      this.#report?.(this.#done, this.#total);
    };
  }
}
