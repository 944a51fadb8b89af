import type { EndpointConfig, Limits } from '#shared/endpoint/endpoint-config.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import type { BadFrame } from '#shared/framing/spec.ts';
import type { LogSink } from '#shared/record/record.ts';
import { connectionStates } from '#shared/socket/state.ts';
import { unexpectedTls } from '../doctor/first-bytes.ts';
import { agree, isCallFailure, type StreamSocket } from '../drivers/driver.ts';
import type { CallFailure } from '../failures.ts';
import type { Received } from './incoming.ts';
import { ConnectionMachine } from './machine.ts';
import type { Lifecycle } from './recording.ts';
import type { SentSoFar } from './send-queue.ts';
import { endBatches, type QueuedSend } from './sends.ts';
import { Shell } from './shell.ts';
import type { CloseReason, Responder } from './step.ts';

interface ConnectionOptions {
  readonly log: LogSink;
  readonly lifecycle: Lifecycle;
  readonly socket: StreamSocket;
  readonly config: Pick<EndpointConfig, 'framing' | 'badFrame' | 'limits'>;
  /** The transport carries messages: nothing is framed. */
  readonly messageOriented: boolean;
  /** The time limit of the TLS and WebSocket handshakes. Milliseconds. */
  readonly handshakeMs: number;
  readonly keepsHalfOpen: () => boolean;
  readonly respond?: Responder | undefined;
  readonly changed: () => void;
  readonly closed: () => void;
}

/** The result of one send. */
interface Sent {
  readonly bytes: number;
  readonly complete: boolean;
}

/** One connected stream, as the engine sees it: its calls are events of the machine. */
export class Connection {
  readonly id: number;
  readonly lifecycle: Lifecycle;
  readonly #options: ConnectionOptions;
  readonly #machine: ConnectionMachine;
  readonly #shell: Shell;
  readonly #handshake = new AbortController();

  constructor(options: ConnectionOptions) {
    const { lifecycle, log, config, messageOriented, socket, respond } = options;
    this.#options = options;
    this.lifecycle = lifecycle;
    this.id = lifecycle.id;
    const responds = respond !== undefined;
    this.#machine = new ConnectionMachine({ config, messageOriented, responds, peer: socket.peer });
    this.#shell = new Shell({
      machine: this.#machine,
      socket,
      log,
      lifecycle,
      respond,
      keepsHalfOpen: options.keepsHalfOpen,
      firstRead: (bytes) => this.#checkTls(bytes),
      abortHandshake: () => this.#handshake.abort(),
      changed: options.changed,
      closed: options.closed,
    });
    this.#shell.feed({ kind: 'start' });
  }

  /**
   * Makes the TLS and WebSocket handshakes, if any, then starts reading. Call it after the connection is recorded as open.
   * Returns the failure of a handshake; the connection has ended in that case.
   */
  async start(): Promise<CallFailure | undefined> {
    const { socket, handshakeMs: timeoutMs } = this.#options;
    if (socket.shakeHands) {
      const { signal } = this.#handshake;
      const agreed = await agree(socket, {
        timeoutMs,
        signal,
        noted: (event) => this.#shell.feed({ kind: 'noted', event }),
      });
      if (isCallFailure(agreed)) {
        this.#shell.feed({ kind: 'handshake-failed', failure: agreed });
        return agreed;
      }
      for (const event of agreed) this.#shell.feed({ kind: 'noted', event });
    }
    this.#shell.feed({ kind: 'handshake-done' });
    return undefined;
  }

  /** The received bytes, and their framing. */
  get received(): Received {
    return this.#machine.received;
  }

  /** The sent and the queued bytes. */
  get sent(): SentSoFar {
    return this.#machine.sent;
  }

  get limits(): Limits {
    return this.#options.config.limits;
  }

  get readingStopped(): boolean {
    return this.#machine.readingStopped;
  }

  /** The failure that ended the connection, if any. */
  get failure(): CallFailure | undefined {
    return this.#machine.failure;
  }

  /** True where the user has closed or reset the connection, even after the peer's FIN: it must not be reconnected. */
  get endedByUs(): boolean {
    return this.#machine.endedByUs;
  }

  /** The reason why no more bytes can be sent; empty where they can. */
  get writeEnding(): string {
    return connectionStates[this.#machine.state].refuses ?? '';
  }

  /** Queues a send. Resolves when the kernel has accepted its bytes, the send was cancelled, or the socket has closed. */
  send(request: Omit<QueuedSend, 'done'>): Promise<Sent> {
    const { signal } = request;
    return new Promise((resolve) => {
      if (signal?.aborted) {
        endBatches(request);
        resolve({ bytes: 0, complete: false });
        return;
      }
      const cancel = () => this.#shell.feed({ kind: 'cancel', send: queued });
      const queued: QueuedSend = {
        ...request,
        done(bytes, complete) {
          signal?.removeEventListener('abort', cancel);
          resolve({ bytes, complete });
        },
      };
      signal?.addEventListener('abort', cancel, { once: true });
      this.#shell.feed({ kind: 'send', send: queued });
    });
  }

  /** Sends a ping with a `payload` of up to 125 bytes. Returns false where the transport has no pings or the connection is ending. */
  ping(payload: Uint8Array): boolean {
    return this.writeEnding === '' && (this.#options.socket.ping?.(payload) ?? false);
  }

  /** Applies another framing to received and sent bytes from here on. Without `badFrame`, that setting does not change. */
  reframe(framing: FramingSpec, badFrame?: BadFrame): void {
    this.#shell.feed({ kind: 'reframe', framing, badFrame });
  }

  /** Changes how bytes that do not follow the framing are handled. */
  setBadFrame(badFrame: BadFrame): void {
    this.#shell.feed({ kind: 'set-bad-frame', badFrame });
  }

  /** Starts or stops reading. While it is stopped, the kernel's buffer fills up, the window closes, and the peer has to wait. */
  setReading(reading: boolean): void {
    this.#shell.feed({ kind: reading ? 'resume' : 'pause' });
  }

  /** Ends our side (FIN) once all bytes are sent; the peer may continue to send. */
  shutdown(): void {
    this.#shell.feed({ kind: 'shutdown' });
  }

  /** Ends both sides in order once all bytes are sent, with a grace; a second call does not wait any longer. */
  close(cause: CloseReason = 'local'): void {
    this.#shell.feed({ kind: 'close', cause });
  }

  /** Aborts the connection with RST; queued bytes are not sent. */
  reset(): void {
    this.#shell.feed({ kind: 'reset' });
  }

  /** Records a problem where the peer speaks TLS and this side does not. */
  #checkTls(bytes: Uint8Array): void {
    const text = unexpectedTls(this.lifecycle.info, bytes);
    if (text !== undefined) this.lifecycle.emit({ kind: 'problem', text });
  }
}
