import { type Failure, fail, type Result } from '#shared/failure.ts';
import { deliverInput, type Input } from './input-delivery.ts';
import { Repeat } from './repeat.ts';
import type { ReplyWait } from './reply-wait.ts';
import type { Delivered, Sender, SendRequest } from './sender.ts';

/** What an exchange needs of the engine: one client. */
interface Link extends Sender {
  /** Connects; resolves with the socket, or with why it failed. */
  open(): Promise<Result<{ readonly socket: number }>>;
  ping(socket: number, payload: Uint8Array): Result<unknown>;
  /** Ends writing (FIN) after what was sent. */
  shutdown(socket: number): unknown;
  /** Aborts the connection (RST). */
  reset(socket: number): unknown;
}

export interface ExchangeOptions {
  readonly link: Link;
  readonly wait: ReplyWait;
  /** Names the peer in failures. */
  readonly peer: string;
  /** What is sent on each connection: a message, an input as it arrives, or a series of messages; `undefined` for nothing. */
  readonly payload:
    | { readonly kind: 'message'; readonly content: Pick<SendRequest, 'bytes' | 'file'> }
    | { readonly kind: 'input'; readonly input: Input; readonly idleMs: number | undefined }
    | { readonly kind: 'series'; readonly deliver: (socket: number, stop: AbortSignal) => Promise<Delivered> }
    | undefined;
  readonly request: Pick<SendRequest, 'frame' | 'pace' | 'progress'>;
  /** How often a message is sent on a connection; may be infinite, also for a series. */
  readonly repeat: number;
  readonly intervalMs: number;
  /** The payload of a ping that is sent first. */
  readonly ping: Uint8Array | undefined;
  /** Ends writing after the last message. */
  readonly halfClose: boolean;
  /** Ends with RST. */
  readonly resets: boolean;
  /** The client reconnects, and the payload is sent again on each connection. */
  readonly reconnects: boolean;
  /** Is called when a message was sent, or was not. */
  readonly sent: () => void;
  /** Is called when the first attempt to connect has failed, and the client tries again. */
  readonly retrying: (failure: Failure) => void;
}

/** Failures that end a connection. Any other one would repeat on the next connection. */
const endings: readonly Failure['code'][] = ['closed', 'reset', 'wrong-state', 'cancelled'];

/** Connects, sends, and waits for the replies. With `reconnects`, sends on each connection until the wait is over. */
export class Exchange {
  readonly #options: ExchangeOptions;
  readonly #cancel = new AbortController();
  /** With `reconnects`: a failure that would repeat on every connection. */
  #fatal: Failure | undefined;
  #socket: number | undefined;

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  /** Resolves when the wait is over, or with why the exchange failed. */
  async run(): Promise<Failure | undefined> {
    const { link, wait, reconnects, retrying } = this.#options;
    const opened = await link.open();
    if (reconnects) {
      // The next attempt may succeed.
      if (!opened.ok && !this.#cancel.signal.aborted) retrying(opened.error);
      wait.begin();
      await wait.done;
      return this.#fatal;
    }
    if (!opened.ok) return opened.error;
    if (this.#isEndless) wait.begin();
    const error = this.#failure(await this.#deliver(opened.value.socket));
    if (error) return error;
    wait.begin();
    await wait.done;
    this.reset();
    return undefined;
  }

  /** Notes that a connection is ready for sending. With `reconnects`, sends the payload on it. */
  ready(socket: number): void {
    this.#socket = socket;
    if (!this.#options.reconnects) return;
    setImmediate(async () => {
      const { error } = await this.#deliver(socket);
      if (!error || endings.includes(error.code)) return;
      this.#fatal = error;
      this.#options.wait.end();
    });
  }

  /** Aborts the connection if the options say so. */
  reset(): void {
    if (this.#options.resets && this.#socket !== undefined) this.#options.link.reset(this.#socket);
  }

  /** Cancels sending and ends the wait. */
  end(): void {
    this.#cancel.abort();
    this.#options.wait.end();
  }

  get #isEndless(): boolean {
    return this.#options.repeat === Number.POSITIVE_INFINITY;
  }

  async #deliver(socket: number): Promise<Delivered> {
    const { link, ping, halfClose } = this.#options;
    if (ping) {
      const sent = link.ping(socket, ping);
      if (!sent.ok) return { messages: 0, error: sent.error };
    }
    const delivered = await this.#deliverPayload(socket);
    if (halfClose && !delivered.error) link.shutdown(socket);
    return delivered;
  }

  async #deliverPayload(socket: number): Promise<Delivered> {
    const { link, wait, payload, request, repeat, intervalMs, sent } = this.#options;
    const cancel = this.#cancel.signal;
    if (!payload) return { messages: 0 };
    if (payload.kind === 'series') {
      // As with a repetition, a peer that has sent FIN may still read all of it, but an endless one must end.
      const delivered = await payload.deliver(socket, this.#isEndless ? AbortSignal.any([cancel, wait.over]) : cancel);
      sent();
      return delivered;
    }
    if (payload.kind === 'input') {
      const { input, idleMs } = payload;
      const { gone, over } = wait;
      const { frame, pace } = request;
      return deliverInput(link, socket, {
        input,
        request: { frame, pace },
        cancel,
        gone,
        over,
        idleMs,
        endReason: () => wait.endReason,
      });
    }
    const repeated = await new Repeat({
      sender: link,
      sockets: [socket],
      request: { ...payload.content, ...request },
      plan: { count: repeat, intervalMs, jitterMs: 0 },
      cancel,
      // A peer that has sent FIN may still read all of a number of messages, but an endless repetition must end.
      over: this.#isEndless ? wait.over : wait.gone,
      onChange: sent,
    }).run();
    sent();
    return { messages: repeated.sent, error: repeated.error };
  }

  /** Returns the failure of a delivery that ended early. */
  #failure({ messages, error }: Delivered): Failure | undefined {
    const { wait, payload, repeat, peer } = this.#options;
    const isCancelled = this.#cancel.signal.aborted;
    // It ends when the peer sends FIN, or when it is cancelled.
    if (this.#isEndless) return isCancelled || wait.peerEnded ? undefined : error;
    if (repeat === 1 || messages === repeat || !payload) return error;
    const tried = `Only ${messages} of ${repeat} messages were sent to ${peer}`;
    const {
      code = isCancelled ? 'cancelled' : 'closed',
      system = isCancelled ? 'sending was cancelled' : 'the connection ended',
      hint = '',
    } = error ?? {};
    return fail(code, tried, { system, hint }).error;
  }
}
