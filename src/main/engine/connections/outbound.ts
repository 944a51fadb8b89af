import type { Boundaries } from '#shared/message/boundaries.ts';
import { messageFlags } from '#shared/message/flags.ts';
import type { LogSink } from '#shared/record/log-sink.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { now } from '../clock.ts';
import type { StreamSocket } from '../drivers/driver.ts';
import type { Batch, Job } from './job.ts';
import { Outbox } from './outbox.ts';

const nothing = new Uint8Array(0);
/** A connection is behind with its answers while this much of them waits to be sent … */
const behindBytes = 1_048_576;
/** … or this many of them, each of which may be the reading of a file. */
const behindJobs = 256;

interface OutboundOptions {
  readonly log: LogSink;
  /** The number of the socket. */
  readonly id: number;
  readonly socket: StreamSocket;
  readonly messageOriented: boolean;
  /** Bytes are recorded as sent. */
  readonly sent: (bytes: Uint8Array) => void;
  /** The queue has moved: `behind` while more answers wait than should, `undefined` between the two marks. */
  readonly moved: (behind: boolean | undefined) => void;
}

/** How far one send came. */
export interface Sent {
  readonly bytes: number;
  readonly complete: boolean;
}

/** What one connection has sent, and the bytes that wait, to look at. */
export type SentSoFar = Readonly<Pick<Outbound, 'bytes' | 'messages' | 'queued'>>;

/** What one connection sends: queued, handed to the kernel, and recorded when that has taken it. */
export class Outbound {
  messages = 0;
  readonly #options: OutboundOptions;
  readonly #outbox: Outbox;
  /** Answers that wait: how many, and their bytes as far as they are known. */
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

  /** Bytes the kernel has taken. */
  get bytes(): number {
    return this.#outbox.taken;
  }

  /** Bytes that wait for it. */
  get queued(): number {
    return this.#outbox.queued;
  }

  /**
   * Sends an answer to what was received. Who makes us answer without taking the answers is not read from meanwhile; what
   * we send of our own accord is no reason not to read, or two that send to each other would wait for ever.
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

  /** Sends what `job` holds. Resolves when the kernel has taken it, it was called off, or the socket is gone. */
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

  /** Calls `listener` once, when nothing waits to be sent (now, if nothing does). */
  whenIdle(listener: () => void): void {
    this.#outbox.whenIdle(listener);
  }

  /** The socket is gone. Gives the bytes of the write that was under way: how many were taken is not known. */
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

/** Adds to each message of `bytes` the flags that it is sent with. */
function setFlags(boundaries: Boundaries, bytes: Uint8Array, flagsOf: (message: Uint8Array) => number): void {
  let from = 0;
  for (let index = 0; index < boundaries.count; index += 1) {
    const end = boundaries.ends[index] as number;
    const others = (boundaries.flags[index] as number) & ~messageFlags.text;
    boundaries.flags[index] = others | flagsOf(bytes.subarray(from, end));
    from = end;
  }
}

/** What is recorded where a connection was closed while `bytes` bytes still waited. */
export function unsentEvent(bytes: number): SocketEvent {
  const text = `${bytes} bytes were not sent: the peer did not take them before the connection was closed`;
  return { kind: 'limited', limit: 'closeGrace', text };
}

/** What is recorded where a connection ended in the middle of a write of `bytes` bytes. */
export function inFlightEvent(bytes: number): SocketEvent {
  const text = `the connection ended in the middle of a write of ${bytes} B: how many of them the system took is not known, and they are not recorded as sent`;
  return { kind: 'limited', limit: 'inFlight', text };
}
