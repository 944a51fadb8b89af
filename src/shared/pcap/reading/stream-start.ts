import { before } from './sequence.ts';
import type { WaitingSegment } from './waiting-segments.ts';

/** Maximum number of different SYNs of one side. */
const maxSynchronized = 8;

type SentSegment = Pick<WaitingSegment, 'sequence' | 'captured' | 'length' | 'push'>;

/** Determines the first sequence number of one direction of a connection. Each method returns the number of the next byte. */
export class StreamStart {
  /** The first byte was a keep-alive probe. */
  hadProbe = false;
  readonly #mayProbe: boolean;
  /** The number after each SYN of this side. */
  readonly #synchronized: number[] = [];
  #delivered = false;

  /** `mayProbe`: the first byte may be a keep-alive probe. */
  constructor(mayProbe: boolean) {
    this.#mayProbe = mayProbe;
  }

  /** Notes that the stream has its first byte, so its start is known. */
  deliver(): void {
    this.#delivered = true;
  }

  /** Processes a SYN of this side. */
  synchronize(sequence: number, next: number | undefined): number {
    const first = sequence >>> 0;
    if (this.#delivered && next !== undefined) return next;
    if (this.#synchronized.length < maxSynchronized && !this.#synchronized.includes(first)) {
      this.#synchronized.push(first);
    }
    return first;
  }

  /** Processes an acknowledgement of all bytes before `sequence`; `next` is the number known so far. */
  acknowledge(sequence: number, next: number | undefined): number {
    return this.#chosen(sequence >>> 0, next) ?? sequence >>> 0;
  }

  /** Processes data of this side. */
  push({ sequence, captured, length, push }: SentSegment, next: number | undefined): number {
    const first = sequence >>> 0;
    const chosen = this.#chosen(first, next);
    if (this.#delivered || this.#synchronized.length > 0) return chosen ?? first;
    const ahead = chosen === undefined ? -1 : before(chosen, first);
    // A single zero without PSH before the next byte is a probe (RFC 1122, 4.2.3.6, allows any byte, but systems send a zero).
    // Later segments may still show that it was data.
    const isProbe = length === 1 && captured[0] === 0 && !push && ahead === -1;
    if (this.#mayProbe && isProbe) {
      this.hadProbe = true;
      return (first + 1) >>> 0;
    }
    // The bytes that the other side acknowledged before are in the capture.
    return ahead < 0 ? first : (chosen as number);
  }

  /** Returns the one of several SYNs with which the connection continues. */
  #chosen(sequence: number, next: number | undefined): number | undefined {
    return !this.#delivered && this.#synchronized.includes(sequence) ? sequence : next;
  }
}
