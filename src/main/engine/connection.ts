import type { Limits } from '#shared/contract/endpoint-config.ts';
import { type Cuts, singleCut } from '#shared/framing/cuts.ts';
import { createFramer, type Encoded } from '#shared/framing/list.ts';
import { MessageStream } from '#shared/framing/message-stream.ts';
import type { FramingSpec } from '#shared/framing/spec.ts';
import type { LogSink } from '#shared/record/log-sink.ts';
import { messageFlags } from '#shared/record/record.ts';
import type { CloseCause } from '#shared/socket/event.ts';
import { now } from './clock.ts';
import type { CallFailure, StreamSocket } from './driver.ts';
import { failedEvent } from './failures.ts';
import type { Lifecycle } from './lifecycle.ts';
import { type Batch, type Job, Outbox, singleBatch } from './outbox.ts';

const nothing = new Uint8Array(0);
/** Reading pauses while this much waits to be sent, so that a peer which never reads cannot fill the memory. */
const pauseAtBytes = 1_048_576;
/** … and while this many jobs wait, each of which may be the reading of a file. */
const pauseAtJobs = 256;
/** A pause shorter than this is ordinary flow control; a longer one is recorded. */
const longPauseMs = 1_000;
/** How long `close` waits for a peer that does not take what was sent. */
const closeGraceMs = 5_000;

/** What a server does with messages: gives the jobs that answer them. */
export type Responder = (held: Uint8Array, chunk: Uint8Array, cuts: Cuts) => Job | undefined;

export interface ConnectionOptions {
  readonly log: LogSink;
  readonly lifecycle: Lifecycle;
  readonly socket: StreamSocket;
  readonly framing: FramingSpec;
  readonly limits: Limits;
  readonly keepsHalfOpen: () => boolean;
  readonly respond?: Responder | undefined;
  readonly changed: () => void;
  readonly closed: () => void;
}

/** How far one send came. */
export interface Sent {
  readonly bytes: number;
  readonly complete: boolean;
}

/** One connected stream: cuts what comes into messages, records both directions, answers, and ends exactly once. */
export class Connection {
  readonly id: number;
  readonly lifecycle: Lifecycle;
  messagesIn = 0;
  messagesOut = 0;
  bytesIn = 0;
  readonly #options: ConnectionOptions;
  readonly #socket: StreamSocket;
  readonly #stream: MessageStream;
  readonly #outbox: Outbox;
  readonly #stopDrain: () => void;
  readonly #pauses = new Set<'log' | 'peer'>();
  #longPause: NodeJS.Timeout | undefined;
  #pauseRecorded = false;
  #readAt = 0;
  #cutByLimit = false;
  /** It is recorded that messages are not answered. */
  #unanswered = false;
  #cause: CloseCause | undefined;
  #failure: CallFailure | undefined;
  #closeTimer: NodeJS.Timeout | undefined;
  /** Our side ends as soon as all that waits is sent. */
  #writeEnding = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.lifecycle = options.lifecycle;
    this.id = options.lifecycle.id;
    this.#socket = options.socket;
    this.#stream = new MessageStream(createFramer(options.framing), options.limits.maxMessage, this.#take);
    this.#outbox = new Outbox({
      write: (bytes, done) => this.#socket.write(bytes, done),
      sent: (batch, sent) => this.#recordSent(batch, sent),
      moved: () => this.#sendingMoved(),
    });
    this.#stopDrain = options.log.onDrain(() => this.#resume('log'));
  }

  /** Starts reading. Call it when the connection is recorded as open. */
  start(): void {
    this.#socket.attach({
      data: (chunk) => this.#receive(chunk),
      ended: () => this.#peerEnded(),
      failed: (failure) => {
        this.#failure = failure;
      },
      closed: () => this.#end(),
    });
  }

  get bytesOut(): number {
    return this.#outbox.taken;
  }

  get queued(): number {
    return this.#outbox.queued;
  }

  /** Why nothing more can be sent, though the connection is not closed yet; empty where it can. */
  get writeEnding(): string {
    if (this.lifecycle.state.writeEnded) return 'our side has been shut down for writing (FIN)';
    return this.#writeEnding ? 'our side is being closed' : '';
  }

  /**
   * Sends one message, as `encode` gives it for this connection's framing. Resolves when the kernel has taken it or the
   * socket is gone. `undefined` where the queue is full.
   */
  send(encode: (framing: FramingSpec) => Encoded): Promise<Sent> | undefined {
    const { framing, limits } = this.#options;
    const { bytes, tail } = encode(framing);
    if (this.queued + bytes.length > limits.maxQueued) return undefined;
    return new Promise((resolve) => {
      this.#outbox.push({
        batches: singleBatch(bytes, singleCut(bytes.length, tail)),
        done: (sent, complete) => resolve({ bytes: sent, complete }),
      });
    });
  }

  /** Ends our side (FIN) once all is sent; the peer may go on sending. */
  shutdown(): void {
    if (this.lifecycle.closed || this.lifecycle.state.writeEnded) return;
    this.#writeEnding = true;
    this.#outbox.whenIdle(() => {
      if (this.lifecycle.closed || this.lifecycle.state.writeEnded) return;
      this.lifecycle.emit({ kind: 'shutdown' });
      this.#socket.endWriting();
    });
  }

  /** Ends both sides in order once all is sent; a peer that takes nothing for a while is given up. */
  close(cause: 'local' | 'stopped' = 'local'): void {
    if (this.lifecycle.closed) return;
    if (this.#closeTimer) {
      // Asked twice: do not wait any longer.
      this.#giveUp();
      return;
    }
    this.#cause ??= cause;
    this.#writeEnding = true;
    this.#closeTimer = setTimeout(() => this.#giveUp(), closeGraceMs);
    this.#pauses.clear();
    this.#endPause();
    this.#socket.resume();
    this.#outbox.whenIdle(() => this.#socket.close());
  }

  /** Ends both sides at once with RST; what waits is not sent. */
  reset(): void {
    if (this.lifecycle.closed) return;
    this.#cause = 'reset-by-us';
    this.#socket.reset();
  }

  #giveUp(): void {
    if (this.queued > 0) {
      this.lifecycle.emit({
        kind: 'limited',
        limit: 'closeGrace',
        text: `${this.queued} bytes were not sent: the peer did not take them before the connection was closed`,
      });
    }
    this.#socket.destroy();
  }

  #receive(chunk: Uint8Array): void {
    this.bytesIn += chunk.length;
    this.#readAt = now();
    // Under raw framing each read is a record of its own.
    const { framing, log } = this.#options;
    if (framing.kind !== 'raw') log.read(this.id, this.#readAt, chunk.length);
    this.#stream.push(chunk);
    if (log.congested) this.#pause('log');
    this.#options.changed();
  }

  readonly #take = (held: Uint8Array, chunk: Uint8Array, cuts: Cuts): void => {
    const { log, respond } = this.#options;
    log.run(this.id, 'in', this.#readAt, held, chunk, cuts);
    this.messagesIn += cuts.count;
    this.#noteLimit(cuts);
    if (!respond || this.#cause !== undefined || this.#writeEnding) return;
    // What cannot be recorded is not sent.
    if (log.stalled) {
      this.#noteUnanswered();
      return;
    }
    this.#unanswered = false;
    const job = respond(held, chunk, cuts);
    if (job) this.#outbox.push(job);
  };

  #noteLimit(cuts: Cuts): void {
    const last = ((cuts.flags[cuts.count - 1] as number) & messageFlags.cutByLimit) !== 0;
    if (last && !this.#cutByLimit) {
      this.lifecycle.emit({
        kind: 'limited',
        limit: 'maxMessage',
        text: `a message is longer than the limit of ${this.#options.limits.maxMessage} bytes (maxMessage): it is recorded in pieces`,
      });
    }
    this.#cutByLimit = last;
  }

  #noteUnanswered(): void {
    if (this.#unanswered) return;
    this.#unanswered = true;
    const text = 'messages are not answered from here on: the session’s file cannot be written';
    this.lifecycle.emit({ kind: 'limited', limit: 'sessionMemory', text });
  }

  #recordSent(batch: Batch, sent: number): void {
    const whole = sent === batch.bytes.length;
    const cuts = whole ? batch.cuts : batch.cuts.upTo(sent, messageFlags.incomplete);
    this.#options.log.run(this.id, 'out', now(), nothing, whole ? batch.bytes : batch.bytes.subarray(0, sent), cuts);
    this.messagesOut += cuts.count;
  }

  #sendingMoved(): void {
    const { queued, jobs } = this.#outbox;
    if (queued >= pauseAtBytes || jobs >= pauseAtJobs) this.#pause('peer');
    else if (queued < pauseAtBytes / 2 && jobs < pauseAtJobs / 2) this.#resume('peer');
    this.#options.changed();
  }

  #pause(reason: 'log' | 'peer'): void {
    if (this.#pauses.has(reason) || this.#closeTimer || this.lifecycle.closed) return;
    this.#pauses.add(reason);
    this.#socket.pause();
    this.#longPause ??= setTimeout(() => {
      this.#pauseRecorded = true;
      const text =
        reason === 'log' ? 'the session log catches up' : `the peer does not take what was sent (${this.queued} bytes)`;
      this.lifecycle.emit({ kind: 'paused', reason: text });
    }, longPauseMs);
  }

  #resume(reason: 'log' | 'peer'): void {
    if (!this.#pauses.delete(reason) || this.#pauses.size > 0) return;
    this.#endPause();
    this.#socket.resume();
  }

  #endPause(): void {
    clearTimeout(this.#longPause);
    this.#longPause = undefined;
    if (this.#pauseRecorded) this.lifecycle.emit({ kind: 'resumed' });
    this.#pauseRecorded = false;
  }

  #peerEnded(): void {
    this.#stream.end();
    this.#cause ??= this.lifecycle.state.writeEnded ? 'local' : 'peer';
    this.lifecycle.emit({ kind: 'ended' });
    if (this.#options.keepsHalfOpen() || this.lifecycle.state.writeEnded) return;
    this.#writeEnding = true;
    this.#outbox.whenIdle(() => this.#socket.endWriting());
  }

  #end(): void {
    clearTimeout(this.#closeTimer);
    this.#endPause();
    this.#stopDrain();
    this.#stream.end();
    this.#outbox.end();
    const failure = this.#failure;
    if (failure) this.lifecycle.emit(failedEvent(failure, this.#socket.peer));
    this.lifecycle.emit({
      kind: 'closed',
      cause: failure ? causeOf(failure) : (this.#cause ?? 'local'),
      errno: failure?.errno,
      bytesIn: this.bytesIn,
      bytesOut: this.bytesOut,
    });
    this.#options.closed();
  }
}

function causeOf(failure: CallFailure): CloseCause {
  // EPIPE is how a write learns of an RST that came before it.
  if (failure.errno === 'ECONNRESET' || failure.errno === 'EPIPE') return 'reset-by-peer';
  return failure.errno === 'ETIMEDOUT' ? 'timeout' : 'failed';
}
