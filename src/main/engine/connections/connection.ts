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

/** How long `close` waits for a peer that does not take what was sent. */
const closeGraceMs = 5_000;

interface ConnectionOptions {
  readonly log: LogSink;
  readonly lifecycle: Lifecycle;
  readonly socket: StreamSocket;
  readonly config: Pick<EndpointConfig, 'framing' | 'badFrame' | 'limits'>;
  /** What comes and goes are messages: nothing is framed. */
  readonly messageOriented: boolean;
  /** How long TLS and WebSocket may take to agree. Milliseconds. */
  readonly handshakeMs: number;
  readonly keepsHalfOpen: () => boolean;
  readonly respond?: Responder | undefined;
  readonly changed: () => void;
  readonly closed: () => void;
}

/** One connected stream: cuts what comes into messages, records both directions, answers, and ends exactly once. */
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
  /** Our side ends as soon as all that waits is sent. */
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
      took: this.#took,
    });
    this.#outbound = new Outbound({
      log,
      id: lifecycle.id,
      socket,
      messageOriented,
      sent: (bytes) => this.#inbound.sent(bytes),
      moved: (behind) => this.#sendingMoved(behind),
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
   * Agrees with the peer on TLS and WebSocket where there is need, then starts reading. Call it when the connection is
   * recorded as open. Gives why it could not be; the connection has ended then.
   */
  async start(): Promise<CallFailure | undefined> {
    if (this.#socket.shakeHands) {
      this.#outbound.hold();
      const { handshakeMs: timeoutMs } = this.#options;
      const noted = (event: SocketEvent) => this.lifecycle.emit(event);
      const agreed = await agree(this.#socket, { timeoutMs, signal: this.#handshake.signal, noted });
      if (isCallFailure(agreed)) {
        // Ended by us meanwhile: that is no failure of the peer's.
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

  /** What came, and how it is cut. */
  get received(): Received {
    return this.#inbound;
  }

  /** What was sent, and what waits. */
  get sent(): SentSoFar {
    return this.#outbound;
  }

  get limits(): Limits {
    return this.#options.config.limits;
  }

  get readingStopped(): boolean {
    return this.#reading.stopped;
  }

  /** What failed, where it ended by a failure. */
  get failure(): CallFailure | undefined {
    return this.#failure;
  }

  /** A person has closed or reset it, whoever's FIN came first: it is not to come back. */
  get endedByUs(): boolean {
    return this.#endedByUs;
  }

  /** Why nothing more can be sent, though the connection is not closed yet; empty where it can. */
  get writeEnding(): string {
    if (this.lifecycle.state.writeEnded) return 'our side has been shut down for writing (FIN)';
    return this.#writeEnding ? 'our side is being closed' : '';
  }

  /** Sends what `job` holds. Resolves when the kernel has taken it, it was called off, or the socket is gone. */
  send(job: Omit<Job, 'done'>): Promise<Sent> {
    return this.#outbound.send(job);
  }

  /** Sends a ping with `payload`, at most 125 bytes. Returns false where the transport has none, or it is ending. */
  ping(payload: Uint8Array): boolean {
    return this.writeEnding === '' && (this.#socket.ping?.(payload) ?? false);
  }

  /** Cuts what comes by another framing from here on, and frames what is sent by it. Without `badFrame` that stays. */
  reframe(framing: FramingSpec, badFrame: BadFrame = this.#inbound.badFrame): void {
    if (this.lifecycle.closed) return;
    this.#inbound.reframe(framing, badFrame);
    this.#options.changed();
  }

  /** Does otherwise with bytes that do not follow the framing. */
  setBadFrame(badFrame: BadFrame): void {
    if (this.lifecycle.closed) return;
    this.#inbound.setBadFrame(badFrame);
    this.#options.changed();
  }

  /** Reads, or leaves what comes to the kernel: its buffer fills, the window closes, and the peer has to wait. */
  setReading(reading: boolean): void {
    if (this.lifecycle.closed || this.#closeTimer) return;
    if (reading) this.#reading.resume('user');
    else this.#reading.pause('user');
    this.#options.changed();
  }

  /** Ends our side (FIN) once all is sent; the peer may go on sending. */
  shutdown(): void {
    if (this.lifecycle.closed || this.lifecycle.state.writeEnded) return;
    this.#writeEnding = true;
    // An end in the middle of a handshake would break it off.
    if (!this.#attached) return;
    this.#outbound.whenIdle(() => {
      if (this.lifecycle.closed || this.lifecycle.state.writeEnded) return;
      this.lifecycle.emit({ kind: 'shutdown' });
      this.#socket.endWriting();
    });
  }

  /** Ends both sides in order once all is sent; a peer that takes nothing for a while is given up. */
  close(cause: 'local' | 'stopped' | 'timeout' = 'local'): void {
    if (this.lifecycle.closed) return;
    if (this.#closeTimer) {
      // Asked twice: do not wait any longer.
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

  /** Ends both sides at once with RST; what waits is not sent. */
  reset(): void {
    if (this.lifecycle.closed) return;
    this.#cause = 'reset-by-us';
    this.#endedByUs = true;
    this.#socket.reset();
    if (!this.#attached) this.#abandon();
  }

  /** Ends a connection whose handshake is under way. */
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

  /** A peer may send pings without end: they are traffic, and the log's pace holds for them, too. */
  #note(event: SocketEvent): void {
    this.lifecycle.emit(event);
    if (this.#options.log.congested) this.#reading.pause('log');
  }

  readonly #took = (carryOver: Uint8Array, chunk: Uint8Array, boundaries: Boundaries): void => {
    if (this.#cause !== undefined || this.#writeEnding) return;
    this.#answering?.answer(carryOver, chunk, boundaries, this.#inbound.framing, this.#outbound);
  };

  /** A peer that does not take what is sent to it is not read from either, so that it cannot fill the memory. */
  #sendingMoved(behind: boolean | undefined): void {
    this.#idle?.sent();
    if (behind) this.#reading.pause('peer');
    else if (behind === false) this.#reading.resume('peer');
    this.#options.changed();
  }

  #peerEnded(): void {
    // Both sides are being ended by us: whether the peer's FIN comes before that is done makes no difference.
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
