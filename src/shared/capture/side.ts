import { Cuts } from '../framing/cuts.ts';
import type { LogSink } from '../record/log-sink.ts';
import { messageFlags } from '../record/record.ts';
import type { StreamOutput } from './tcp-stream.ts';

/** Where what a capture holds is recorded. */
export type CaptureSink = Pick<LogSink, 'describe' | 'event' | 'run'>;

/** A message that is put together from several segments is cut here. */
const maxMessage = 64 * 1_048_576;
const none = new Uint8Array(0);
// One for all: the sink copies it before it returns.
const cuts = new Cuts(1);

export interface SideOptions {
  readonly socket: number;
  readonly direction: 'in' | 'out';
  /** Segments up to one with PSH are one message: true of what Wirebench itself exported. Otherwise each is one. */
  readonly joined: boolean;
}

/** What one side of a socket sent: records it as messages, and counts what of it the capture does not hold. */
export class Side implements StreamOutput {
  /** Of the packet under way, milliseconds since the epoch. */
  at = 0;
  /** Bytes recorded. */
  recorded = 0;
  /** Segments of which the capture holds only the beginning, and the bytes of them that it does not hold. */
  cutSegments = 0;
  cutBytes = 0;
  readonly #options: SideOptions;
  readonly #sink: CaptureSink;
  readonly #onEnd: () => void;
  /** What waits for the rest of its message, in memory that grows: as segments of a byte each would take much more. */
  #held: Uint8Array = none;
  #heldBytes = 0;

  /** `onEnd`: the sender has ended this side. */
  constructor(options: SideOptions, sink: CaptureSink, onEnd: () => void) {
    this.#options = options;
    this.#sink = sink;
    this.#onEnd = onEnd;
  }

  bytes(captured: Uint8Array, length: number, push: boolean): void {
    const missing = length - captured.length;
    if (missing > 0) {
      this.cutSegments += 1;
      this.cutBytes += missing;
    }
    if (!this.#options.joined || missing > 0) {
      this.#release(captured, missing > 0 ? messageFlags.incomplete : 0);
    } else if (push) {
      this.#release(captured, 0);
    } else if (this.#heldBytes + captured.length > maxMessage) {
      this.#release(captured, messageFlags.cutByLimit);
      const { socket } = this.#options;
      const text = `a message of more than ${maxMessage} bytes was cut`;
      this.#sink.event(socket, this.at, { kind: 'limited', limit: 'maxMessage', text });
    } else {
      this.#hold(captured);
    }
  }

  missing(count: number): void {
    this.release();
    const { socket, direction } = this.#options;
    const text = `${count} bytes ${direction === 'in' ? 'received' : 'sent'} here are missing in the capture`;
    this.#sink.event(socket, this.at, { kind: 'problem', text });
  }

  ended(): void {
    this.release();
    this.#onEnd();
  }

  /** Records what waits for the rest of its message: there is none. */
  release(): void {
    if (this.#heldBytes > 0) this.#release(none, messageFlags.incomplete);
  }

  /** Says what the capture has cut off, where it has. */
  tellCuts(): void {
    if (this.cutSegments === 0) return;
    const { socket, direction } = this.#options;
    const way = direction === 'in' ? 'received' : 'sent';
    const text = `of ${this.cutSegments} packets ${way} the capture holds only the beginning: ${this.cutBytes} bytes are missing`;
    this.#sink.event(socket, this.at, { kind: 'limited', limit: 'snaplen', text });
  }

  #hold(captured: Uint8Array): void {
    const length = this.#heldBytes + captured.length;
    if (length > this.#held.length) {
      const larger = new Uint8Array(Math.max(length, this.#held.length * 2));
      larger.set(this.#held.subarray(0, this.#heldBytes));
      this.#held = larger;
    }
    this.#held.set(captured, this.#heldBytes);
    this.#heldBytes = length;
  }

  /** One record of what was held and `last`. Nothing where the capture holds not a byte of what was sent. */
  #release(last: Uint8Array, flags: number): void {
    const { socket, direction } = this.#options;
    if (this.#heldBytes + last.length === 0 && flags !== 0) return;
    const held = this.#held.subarray(0, this.#heldBytes);
    cuts.clear();
    cuts.push(last.length, 0, 0, flags);
    this.#sink.run(socket, direction, this.at, held, last, cuts);
    this.recorded += held.length + last.length;
    this.#held = none;
    this.#heldBytes = 0;
  }
}
