import { type Failure, fail } from '#shared/failure.ts';
import { formatAddress } from '#shared/socket/address.ts';
import { lookUpErrno } from '#shared/socket/errno.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import type { Observer } from './printing-log.ts';

interface EndConditionOptions {
  /** End after this many messages. */
  readonly count?: number | undefined;
  /** End when the first connection has closed. */
  readonly once?: boolean | undefined;
}

/** Determines when `listen` ends: after a number of messages, after the first connection, or at a call of `end`. */
export class EndCondition implements Observer {
  readonly done: Promise<void>;
  /** The failure of the connection with `--once`, if it failed. */
  failure: Failure | undefined;
  readonly #options: EndConditionOptions;
  #resolve: () => void = () => {};
  #received = 0;
  #first: { readonly socket: number; readonly peer: string } | undefined;

  constructor(options: EndConditionOptions) {
    this.#options = options;
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  end(): void {
    // The replies to a message are queued right after it is recorded, and stopping the server sends queued replies.
    setImmediate(this.#resolve);
  }

  received(_socket: number, count: number): void {
    this.#received += count;
    if (this.#options.count !== undefined && this.#received >= this.#options.count) this.end();
  }

  event(socket: number, event: SocketEvent): void {
    if (!this.#options.once) return;
    if (event.kind === 'accepted') this.#first ??= { socket, peer: formatAddress(event.peer) };
    if (event.kind !== 'closed' || socket !== this.#first?.socket) return;
    if (event.cause !== 'peer' && event.cause !== 'local' && event.cause !== 'stopped') {
      this.failure = connectionFailure(this.#first.peer, event);
    }
    this.end();
  }
}

function connectionFailure(peer: string, event: Extract<SocketEvent, { kind: 'closed' }>): Failure {
  const message = `The connection from ${peer} failed`;
  if (event.errno === undefined && event.cause === 'timeout') {
    const hint = 'Allow more time with --idle or --first-byte.';
    return fail('timed-out', message, { system: 'a timeout expired', hint }).error;
  }
  const { errno = 'UNKNOWN' } = event;
  const { code, text, hint } = lookUpErrno(errno);
  return fail(code, message, { system: `${errno}: ${event.text ?? text}`, hint }).error;
}
