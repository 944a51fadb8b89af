import type { EndpointConfig, Limits } from '#shared/endpoint/endpoint-config.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import type { BadFrame } from '#shared/framing/spec.ts';
import type { Boundaries } from '#shared/message/boundaries.ts';
import type { LogSink } from '#shared/record/log-sink.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import type { CloseCause } from '#shared/socket/terms.ts';
import { unexpectedTls } from '../doctor/first-bytes.ts';
import type { CallFailure } from '../drivers/call-failure.ts';
import { agree, isCallFailure, type StreamSocket } from '../drivers/driver.ts';
import { causeOf, failedEvent } from '../failures.ts';
import { Answering, type Responder } from './answering.ts';
import { type Idleness, type IdleWatch, silentEvent, watchIdleness } from './idle-watch.ts';
import { Inbound, type Received } from './inbound.ts';
import type { Job } from './job.ts';
import type { Lifecycle } from './lifecycle.ts';
import { inFlightEvent, Outbound, type Sent, type SentSoFar, unsentEvent } from './outbound.ts';
import { Reading } from './reading.ts';

/** The time that `close` waits for a peer that does not receive the queued bytes. Milliseconds. */
const closeGraceMs = 5_000;

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

/** One connected stream: splits received bytes into messages, records both directions, answers, and ends exactly once. */
export class Connection {
  readonly id: number;
  readonly lifecycle: Lifecycle;
  readonly #options: ConnectionOptions;
  readonly #socket: StreamSocket;
  readonly #inbound: Inbound;
  readonly #outbound: Outbound;
  readonly #answering: Answering | undefined;
  readonly #reading: Reading;
  readonly #idle: IdleWatch | undefined;
  readonly #stopDrain: () => void;
  readonly #handshake = new AbortController();
  #cause: CloseCause | undefined;
  #why: string | undefined;
  #failure: CallFailure | undefined;
  #closeTimer: NodeJS.Timeout | undefined;
  #endedByUs = false;
  #attached = false;
  /** Our side ends as soon as all queued bytes are sent. */
  #writeEnding = false;

  constructor(options: ConnectionOptions) {
    const { lifecycle, log, config, messageOriented, socket, respond } = options;
    this.#options = options;
    this.lifecycle = lifecycle;
    this.id = lifecycle.id;
    this.#socket = socket;
    this.#answering = respond && new Answering(log, lifecycle, respond);
    this.#inbound = new Inbound({
      log,
      lifecycle,
      config,
      messageOriented,
      overdue: options.changed,
      received: this.#answer,
    });
    this.#outbound = new Outbound({
      log,
      id: lifecycle.id,
      socket,
      messageOriented,
      sent: (bytes) => this.#inbound.sent(bytes),
      moved: (isBehind) => this.#sendingMoved(isBehind),
    });
    this.#reading = new Reading({
      lifecycle,
      pause: () => {
        this.#inbound.stopClock();
        if (this.#attached) socket.pause();
      },
      resume: () => {
        this.#inbound.startClock();
        if (this.#attached) socket.resume();
      },
      queued: () => this.#outbound.queued,
    });
    const { firstByteMs, idleMs } = config.limits;
    this.#idle = watchIdleness({ firstByteMs, idleMs, expired: (why) => this.#expire(why) });
    this.#stopDrain = log.onDrain(() => this.#reading.resume('log'));
  }

  /**
   * Makes the TLS and WebSocket handshakes, if any, then starts reading. Call it after the connection is recorded as open.
   * Returns the failure of a handshake; the connection has ended in that case.
   */
  async start(): Promise<CallFailure | undefined> {
    if (this.#socket.shakeHands) {
      this.#outbound.hold();
      const { handshakeMs: timeoutMs } = this.#options;
      const noted = (event: SocketEvent) => this.lifecycle.emit(event);
      const agreed = await agree(this.#socket, { timeoutMs, signal: this.#handshake.signal, noted });
      if (isCallFailure(agreed)) {
        // Where we ended the connection in the meantime, it is not a failure of the peer.
        if (this.#cause === undefined) this.#failure = agreed;
        this.#socket.destroy();
        this.#end();
        return agreed;
      }
      for (const event of agreed) this.lifecycle.emit(event);
    }
    this.#attached = true;
    this.#socket.attach({
      data: (chunk, flags) => this.#receive(chunk, flags ?? 0),
      ended: () => this.#peerEnded(),
      failed: (failure) => {
        this.#failure = failure;
      },
      noted: (event) => this.#note(event),
      limited: (limit, text) => this.lifecycle.emit({ kind: 'limited', limit, text }),
      closed: (text) => {
        this.#why ??= text;
        this.#end();
      },
    });
    if (this.#reading.paused) this.#socket.pause();
    this.#outbound.release();
    if (this.#writeEnding) this.shutdown();
    return undefined;
  }

  /** The received bytes, and their framing. */
  get received(): Received {
    return this.#inbound;
  }

  /** The sent and the queued bytes. */
  get sent(): SentSoFar {
    return this.#outbound;
  }

  get limits(): Limits {
    return this.#options.config.limits;
  }

  get readingStopped(): boolean {
    return this.#reading.stopped;
  }

  /** The failure that ended the connection, if any. */
  get failure(): CallFailure | undefined {
    return this.#failure;
  }

  /** True where the user has closed or reset the connection, even after the peer's FIN: it must not be reconnected. */
  get endedByUs(): boolean {
    return this.#endedByUs;
  }

  /** The reason why no more bytes can be sent before the connection is closed; empty where they can. */
  get writeEnding(): string {
    if (this.lifecycle.state.writeEnded) return 'our side has been shut down for writing (FIN)';
    return this.#writeEnding ? 'our side is being closed' : '';
  }

  /** Sends a job. Resolves when the kernel has accepted its bytes, the job was cancelled, or the socket has closed. */
  send(job: Omit<Job, 'done'>): Promise<Sent> {
    return this.#outbound.send(job);
  }

  /** Sends a ping with a `payload` of up to 125 bytes. Returns false where the transport has no pings or the connection is ending. */
  ping(payload: Uint8Array): boolean {
    return this.writeEnding === '' && (this.#socket.ping?.(payload) ?? false);
  }

  /** Applies another framing to received and sent bytes from here on. Without `badFrame`, that setting does not change. */
  reframe(framing: FramingSpec, badFrame: BadFrame = this.#inbound.badFrame): void {
    if (this.lifecycle.closed) return;
    this.#inbound.reframe(framing, badFrame);
    this.#options.changed();
  }

  /** Changes how bytes that do not follow the framing are handled. */
  setBadFrame(badFrame: BadFrame): void {
    if (this.lifecycle.closed) return;
    this.#inbound.setBadFrame(badFrame);
    this.#options.changed();
  }

  /** Starts or stops reading. While it is stopped, the kernel's buffer fills up, the window closes, and the peer has to wait. */
  setReading(reading: boolean): void {
    if (this.lifecycle.closed || this.#closeTimer) return;
    if (reading) this.#reading.resume('user');
    else this.#reading.pause('user');
    this.#options.changed();
  }

  /** Ends our side (FIN) once all bytes are sent; the peer may continue to send. */
  shutdown(): void {
    if (this.lifecycle.closed || this.lifecycle.state.writeEnded) return;
    this.#writeEnding = true;
    // Ending our side during a handshake would abort it.
    if (!this.#attached) return;
    this.#outbound.whenIdle(() => {
      if (this.lifecycle.closed || this.lifecycle.state.writeEnded) return;
      this.lifecycle.emit({ kind: 'shutdown' });
      this.#socket.endWriting();
    });
  }

  /** Ends both sides in order once all bytes are sent; gives up after `closeGraceMs`. */
  close(cause: 'local' | 'stopped' | 'timeout' = 'local'): void {
    if (this.lifecycle.closed) return;
    if (this.#closeTimer) {
      // A second call does not wait any longer.
      this.#giveUp();
      return;
    }
    this.#cause ??= cause;
    this.#endedByUs ||= cause !== 'timeout';
    this.#writeEnding = true;
    if (!this.#attached) {
      this.#abandon();
      return;
    }
    this.#closeTimer = setTimeout(() => this.#giveUp(), closeGraceMs);
    this.#idle?.stop();
    this.#reading.finish();
    this.#outbound.whenIdle(() => this.#socket.close());
  }

  /** Aborts the connection with RST; queued bytes are not sent. */
  reset(): void {
    if (this.lifecycle.closed) return;
    this.#cause = 'reset-by-us';
    this.#endedByUs = true;
    this.#socket.reset();
    if (!this.#attached) this.#abandon();
  }

  /** Ends a connection during its handshake. */
  #abandon(): void {
    this.#handshake.abort();
    this.#socket.destroy();
    this.#end();
  }

  #giveUp(): void {
    const { queued } = this.#outbound;
    if (queued > 0) this.lifecycle.emit(unsentEvent(queued));
    this.#socket.destroy();
  }

  #expire(why: Idleness): void {
    this.lifecycle.emit(silentEvent(why, this.limits));
    this.close('timeout');
  }

  #receive(chunk: Uint8Array, flags: number): void {
    this.#idle?.received();
    const isFirst = this.#inbound.bytes === 0;
    this.#inbound.receive(chunk, flags);
    const problem = isFirst ? unexpectedTls(this.lifecycle.info, chunk) : undefined;
    if (problem !== undefined) this.lifecycle.emit({ kind: 'problem', text: problem });
    if (this.#options.log.congested) this.#reading.pause('log');
    this.#options.changed();
  }

  /** Records an event of the transport. Pings are traffic: a congested log pauses reading for them, too. */
  #note(event: SocketEvent): void {
    this.lifecycle.emit(event);
    if (this.#options.log.congested) this.#reading.pause('log');
  }

  readonly #answer = (carryOver: Uint8Array, chunk: Uint8Array, boundaries: Boundaries): void => {
    if (this.#cause !== undefined || this.#writeEnding) return;
    this.#answering?.answer(carryOver, chunk, boundaries, this.#inbound.framing, this.#outbound);
  };

  /** Pauses reading from a peer that does not receive its answers, so that they cannot fill the memory. */
  #sendingMoved(isBehind: boolean | undefined): void {
    this.#idle?.sent();
    if (isBehind) this.#reading.pause('peer');
    else if (isBehind === false) this.#reading.resume('peer');
    this.#options.changed();
  }

  #peerEnded(): void {
    // We are ending both sides: it makes no difference whether the peer's FIN arrives before that is complete.
    if (this.#closeTimer) return;
    this.#inbound.end();
    this.#cause ??= this.lifecycle.state.writeEnded ? 'local' : 'peer';
    this.lifecycle.emit({ kind: 'ended' });
    if (this.#options.keepsHalfOpen() || this.lifecycle.state.writeEnded) return;
    this.#writeEnding = true;
    this.#outbound.whenIdle(() => this.#socket.endWriting());
  }

  #end(): void {
    if (this.lifecycle.closed) return;
    clearTimeout(this.#closeTimer);
    this.#idle?.stop();
    this.#reading.end();
    this.#stopDrain();
    this.#inbound.end();
    const inFlight = this.#outbound.end();
    if (inFlight > 0) this.lifecycle.emit(inFlightEvent(inFlight));
    const failure = this.#failure;
    if (failure) this.lifecycle.emit(failedEvent(failure, this.#socket.peer));
    this.lifecycle.emit({
      kind: 'closed',
      cause: failure ? causeOf(failure) : (this.#cause ?? 'local'),
      errno: failure?.errno,
      text: this.#why,
      bytesIn: this.#inbound.bytes,
      bytesOut: this.#outbound.bytes,
    });
    this.#options.closed();
  }
}
