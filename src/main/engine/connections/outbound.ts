import type { Boundaries } from '#shared/message/boundaries.ts';
import { messageFlags } from '#shared/message/flags.ts';
import type { LogSink } from '#shared/record/log-sink.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { now } from '../clock.ts';
import type { StreamSocket } from '../drivers/driver.ts';
import type { Batch, Job } from './job.ts';
import { Outbox } from './outbox.ts';

const nothing = new Uint8Array(0);
/** A connection is behind with its answers while this number of bytes of them is queued … */
const behindBytes = 1_048_576;
/** … or this number of answers, each of which may require reading a file. */
const behindJobs = 256;

interface OutboundOptions {
  readonly log: LogSink;
  /** The number of the socket. */
  readonly id: number;
  readonly socket: StreamSocket;
  readonly messageOriented: boolean;
  /** Called with bytes that are recorded as sent. */
  readonly sent: (bytes: Uint8Array) => void;
  /** Called when the queue has changed: true while too many answers are queued, `undefined` between the two thresholds. */
  readonly moved: (isBehind: boolean | undefined) => void;
}

/** The result of one send. */
export interface Sent {
  readonly bytes: number;
  readonly complete: boolean;
}

/** The sent and queued bytes of one connection, read-only. */
export type SentSoFar = Readonly<Pick<Outbound, 'bytes' | 'messages' | 'queued'>>;

/** The sending side of a connection: queues jobs, passes them to the kernel, and records the accepted bytes. */
export class Outbound {
  messages = 0;
  readonly #options: OutboundOptions;
  readonly #outbox: Outbox;
  /** The number of queued answers, and their bytes as far as they are known. */
  #answers = 0;
  #answerBytes = 0;

  constructor(options: OutboundOptions) {
    this.#options = options;
    this.#outbox = new Outbox({
      messageOriented: options.messageOriented,
      write: (bytes, done) => options.socket.write(bytes, done),
      sent: (batch, sent) => this.#record(batch, sent),
      moved: () => this.#moved(),
    });
  }

  /** Bytes that the kernel has accepted. */
  get bytes(): number {
    return this.#outbox.taken;
  }

  /** Bytes that are queued. */
  get queued(): number {
    return this.#outbox.queued;
  }

  /**
   * Sends an answer to received messages. Answers count towards the threshold at which reading pauses, so that a peer cannot
   * make us queue them without end. Other sends do not count: two peers that send to each other would wait indefinitely.
   */
  answer(job: Job): void {
    const bytes = typeof job.batches === 'function' ? 0 : job.batches.size;
    this.#answers += 1;
    this.#answerBytes += bytes;
    const done = () => {
      this.#answers -= 1;
      this.#answerBytes -= bytes;
    };
    this.#outbox.push({ ...job, done });
  }

  /** Sends a job. Resolves when the kernel has accepted its bytes, the job was cancelled, or the socket has closed. */
  send(job: Omit<Job, 'done'>): Promise<Sent> {
    return new Promise((resolve) => {
      this.#outbox.push({ ...job, done: (bytes, complete) => resolve({ bytes, complete }) });
    });
  }

  hold(): void {
    this.#outbox.hold();
  }

  release(): void {
    this.#outbox.release();
  }

  /** Calls `listener` once, when nothing is queued: immediately, if nothing is. */
  whenIdle(listener: () => void): void {
    this.#outbox.whenIdle(listener);
  }

  /** Ends all jobs of a closed socket. Returns the bytes of the write in flight: the number that the kernel accepted is not known. */
  end(): number {
    return this.#outbox.end();
  }

  #record(batch: Batch, sent: number): void {
    const { log, id, socket } = this.#options;
    const whole = sent === batch.bytes.length;
    const bytes = whole ? batch.bytes : batch.bytes.subarray(0, sent);
    const boundaries = whole ? batch.boundaries : batch.boundaries.upTo(sent, messageFlags.incomplete);
    if (socket.flagsOf) setFlags(boundaries, bytes, (message) => socket.flagsOf?.(message) ?? 0);
    log.messages(id, 'out', now(), nothing, bytes, boundaries);
    this.messages += boundaries.count;
    this.#options.sent(bytes);
  }

  #moved(): void {
    if (this.#answerBytes >= behindBytes || this.#answers >= behindJobs) this.#options.moved(true);
    else this.#options.moved(this.#answerBytes < behindBytes / 2 && this.#answers < behindJobs / 2 ? false : undefined);
  }
}

/** Adds the flags of sending to each message of `bytes`. */
function setFlags(boundaries: Boundaries, bytes: Uint8Array, flagsOf: (message: Uint8Array) => number): void {
  let from = 0;
  for (let index = 0; index < boundaries.count; index += 1) {
    const end = boundaries.ends[index] as number;
    const others = (boundaries.flags[index] as number) & ~messageFlags.text;
    boundaries.flags[index] = others | flagsOf(bytes.subarray(from, end));
    from = end;
  }
}

/** Returns the event of a connection that was closed while `bytes` bytes were queued. */
export function unsentEvent(bytes: number): SocketEvent {
  const text = `${bytes} bytes were not sent: the peer did not receive them before the connection was closed`;
  return { kind: 'limited', limit: 'closeGrace', text };
}

/** Returns the event of a connection that ended during a write of `bytes` bytes. */
export function inFlightEvent(bytes: number): SocketEvent {
  const text = `the connection ended during a write of ${bytes} bytes: it is not known how many of them the system accepted, and they are not recorded as sent`;
  return { kind: 'limited', limit: 'inFlight', text };
}
