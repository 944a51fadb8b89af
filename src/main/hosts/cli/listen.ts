import { type Behaviour, defaultServer, type ServerConfig } from '#shared/contract/endpoint-config.ts';
import { type Failure, fail } from '#shared/contract/failure.ts';
import type { FramingSpec } from '#shared/framing/spec.ts';
import { lookUpErrno } from '#shared/socket/errno.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { readReplyFile } from '#workbench/reply-file.ts';
import { onStopSignal } from '../stop-signal.ts';
import type { HostPort } from './arguments.ts';
import { exitCodes } from './exit-codes.ts';
import { Output } from './output.ts';
import { createLinePrinter, printJson } from './printers.ts';
import type { Observer } from './printing-log.ts';
import { note, reportFailure } from './report.ts';
import { resourcesFolder } from './resources.ts';
import { Run } from './run.ts';

export interface ListenOptions {
  readonly backlog: number;
  readonly framing: FramingSpec;
  readonly echo?: boolean | undefined;
  readonly reply?: string | undefined;
  readonly replyFile?: string | undefined;
  /** End after this many messages. */
  readonly count?: number | undefined;
  /** End when the first connection has closed. */
  readonly once?: boolean | undefined;
  readonly record?: string | undefined;
  readonly json?: boolean | undefined;
}

/** `wirebench listen`: runs a server until its job is done or it is stopped. Gives the exit code. */
export async function listen(address: HostPort, options: ListenOptions): Promise<number> {
  const behaviour = behaviourOf(options);
  if (behaviour.kind === 'reply-file') {
    // It is read again at each reply; this one is so that a wrong path is told now and not to the first client.
    const readable = await readReplyFile(resourcesFolder(), behaviour.path);
    if (!readable.ok) return failed(readable.error);
  }
  const output = new Output();
  const ending = new Ending(options);
  const print = options.json ? printJson : createLinePrinter();
  const recordingFailed = () => ending.end();
  const started = await Run.start({ output, print, observer: ending, record: options.record, recordingFailed });
  if (!started.ok) return failed(started.error);
  const run = started.value;
  output.onGone(() => ending.end());
  onStopSignal(() => ending.end());

  const { id } = run.engine.create(configOf(address, options, behaviour));
  const opened = await run.engine.open(id);
  if (opened.ok) {
    if (opened.value.exposed)
      note(`Other machines can reach this server: ${opened.value.address} is no loopback address.`);
    await ending.done;
  }
  const finished = await run.finish();
  const error = opened.ok ? ending.failure : opened.error;
  if (error) return failed(error);
  return finished ? exitCodes.done : exitCodes.failed;
}

function behaviourOf({ echo, reply, replyFile }: ListenOptions): Behaviour {
  if (echo) return { kind: 'echo' };
  if (reply !== undefined) return { kind: 'reply', text: reply };
  return replyFile === undefined ? { kind: 'silent' } : { kind: 'reply-file', path: replyFile };
}

function configOf({ host, port }: HostPort, { backlog, framing }: ListenOptions, behaviour: Behaviour): ServerConfig {
  return { ...defaultServer, name: 'listen', host, port, backlog, framing, behaviour };
}

/** Knows when the job is done: after so many messages, after the first connection, or when somebody says so. */
class Ending implements Observer {
  readonly done: Promise<void>;
  /** How the connection of `--once` failed, where it did. */
  failure: Failure | undefined;
  readonly #options: Pick<ListenOptions, 'count' | 'once'>;
  #resolve: () => void = () => {};
  #received = 0;
  #first: { readonly socket: number; readonly peer: string } | undefined;

  constructor(options: Pick<ListenOptions, 'count' | 'once'>) {
    this.#options = options;
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  end(): void {
    // The replies to what was just read are queued right after it is recorded; stopping sends what is queued.
    setImmediate(this.#resolve);
  }

  received(_socket: number, count: number): void {
    this.#received += count;
    if (this.#options.count !== undefined && this.#received >= this.#options.count) this.end();
  }

  event(socket: number, event: SocketEvent): void {
    if (!this.#options.once) return;
    if (event.kind === 'accepted') this.#first ??= { socket, peer: `${event.peer.host}:${event.peer.port}` };
    if (event.kind !== 'closed' || socket !== this.#first?.socket) return;
    if (event.cause !== 'peer' && event.cause !== 'local' && event.cause !== 'stopped') {
      this.failure = connectionFailure(this.#first.peer, event.errno);
    }
    this.end();
  }
}

function connectionFailure(peer: string, errno = 'UNKNOWN'): Failure {
  const { code, text, hint } = lookUpErrno(errno);
  return fail(code, `The connection of ${peer} did not end in order`, { system: `${errno}: ${text}`, hint }).error;
}

function failed(error: Failure): number {
  reportFailure(error);
  return exitCodes.failed;
}
