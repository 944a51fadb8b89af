import type { Pace } from '#shared/contract/models.ts';
import { type Failure, fail } from '#shared/failure.ts';
import { isUnframeable } from '#shared/framing/framing.ts';
import { needsBody } from '#shared/framing/list.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import type { Connection } from '../connections/connection.ts';
import { Pacer } from '../connections/pacer.ts';
import { type Outgoing, outgoingBytes, outgoingFile } from './outgoing.ts';

/** What is to be sent, and how. */
export interface SendRequest {
  readonly bytes?: Uint8Array | undefined;
  /** The path of a file, instead of `bytes`. */
  readonly file?: string | undefined;
  /** Adds what each socket's framing wants around a message. */
  readonly frame: boolean;
  readonly pace?: Pace | undefined;
  /** Aborted: what is not handed over yet is not sent. */
  readonly signal?: AbortSignal | undefined;
  /** How many bytes of how many the kernel has taken, over all sockets. */
  readonly progress?: ((done: number, total: number) => void) | undefined;
}

/** How one send went on one socket. */
export interface SendOutcome {
  readonly socket: number;
  readonly bytes: number;
  readonly error?: Failure;
}

interface SendTarget {
  readonly socket: number;
  /** A failure where the socket cannot be sent to. */
  readonly connection: Connection | Failure;
}

/** Sends one message to each target; answers when each has handed it to the kernel or failed. `stalled`: of the log. */
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
  const { local, peer } = connection.lifecycle.info;
  const what = request.file === undefined ? `${request.bytes?.length ?? 0} bytes` : `“${request.file}”`;
  const tried = `Could not send ${what} to ${peer === '' ? local : peer}`;
  const refuse = (code: Failure['code'], system: string, hint: string) => ({
    bytes: 0,
    error: fail(code, tried, { system, hint }).error,
  });
  if (stalled) {
    return refuse(
      'wrong-state',
      'the session’s file cannot be written, and the memory for what waits is full',
      'Make room on the disk and retry, or choose another place for the session; then send again.',
    );
  }
  // What lies in memory is queued before this returns: what is done next with the connection comes after it.
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
  if (source.inMemory && connection.sent.queued + batches.size > maxQueued) {
    batches.close?.();
    return refuse(
      'too-large',
      `${connection.sent.queued} bytes wait to be sent already, and the limit (maxQueued) of ${maxQueued} is in the way`,
      'Wait until the peer has taken them, or raise the limit.',
    );
  }
  const part = progress.part(batches.total ?? batches.size);
  const sent = await connection.send({
    batches,
    pacer: request.pace && new Pacer(request.pace),
    signal: request.signal,
    moved: part,
  });
  if (sent.complete) return { bytes: sent.bytes };
  return { bytes: sent.bytes, error: incomplete(connection, tried, sent.bytes, request) };
}

function incomplete(connection: Connection, tried: string, bytes: number, { signal, file }: SendRequest): Failure {
  const handed = `${bytes} bytes had been handed to the system`;
  if (signal?.aborted) {
    const hint = 'The peer has what was sent before: look at what it makes of a part.';
    return fail('cancelled', tried, { system: `it was called off after ${handed}`, hint }).error;
  }
  const { cause, errno } = connection.lifecycle.state;
  if (cause === undefined) {
    const why = file === undefined ? 'the system did not take the message' : 'the file could not be read to its end';
    const hint =
      file === undefined ? 'The records of this socket say why.' : 'Look whether it is still there and whole.';
    return fail(file === undefined ? 'too-large' : 'file', tried, { system: `${why}: ${handed}`, hint }).error;
  }
  return fail(cause.startsWith('reset') ? 'reset' : 'closed', tried, {
    system: `the connection ended (${errno ?? cause}) after ${handed}`,
    hint: 'Connect again and send once more.',
  }).error;
}

/** What is sent, made once for sockets of a kind: a file that must be one message is read once. */
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
    // Where the frame depends on the message's bytes, a part of it cannot be framed.
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

/** Adds up how far the sends to several sockets are. */
class Progress {
  readonly #tell: ((done: number, total: number) => void) | undefined;
  #done = 0;
  #total = 0;

  constructor(tell: ((done: number, total: number) => void) | undefined) {
    this.#tell = tell;
  }

  part(total: number): (sent: number) => void {
    this.#total += total;
    let before = 0;
    return (sent) => {
      this.#done += sent - before;
      before = sent;
      this.#tell?.(this.#done, this.#total);
    };
  }
}
