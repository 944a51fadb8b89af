import { before } from './sequence.ts';
import type { WaitingSegment } from './waiting-segments.ts';

/** So many SYNs of one side are told apart. */
const maxSynchronized = 8;

type SentSegment = Pick<WaitingSegment, 'sequence' | 'captured' | 'length' | 'push'>;

/** Finds out with which sequence number a direction of a connection begins. Each method gives the number of the next byte. */
export class StreamStart {
  /** The first byte was a keep-alive probe. */
  hadProbe = false;
  readonly #mayProbe: boolean;
  /** Behind each SYN that this side sent. */
  readonly #synchronized: number[] = [];
  #delivered = false;

  /** `mayProbe`: the first byte may be a keep-alive probe. */
  constructor(mayProbe: boolean) {
    this.#mayProbe = mayProbe;
  }

  /** The stream has its first byte: its start is settled. */
  deliver(): void {
    this.#delivered = true;
  }

  /** This side sent a SYN. */
  synchronize(sequence: number, next: number | undefined): number {
    const first = sequence >>> 0;
    if (this.#delivered && next !== undefined) return next;
    if (this.#synchronized.length < maxSynchronized && !this.#synchronized.includes(first)) {
      this.#synchronized.push(first);
    }
    return first;
  }

  /** The other side acknowledges what lies before `sequence`; `next` is what was known before. */
  acknowledge(sequence: number, next: number | undefined): number {
    return this.#chosen(sequence >>> 0, next) ?? sequence >>> 0;
  }

  /** This side sent data. */
  push({ sequence, captured, length, push }: SentSegment, next: number | undefined): number {
    const first = sequence >>> 0;
    const chosen = this.#chosen(first, next);
    if (this.#delivered || this.#synchronized.length > 0) return chosen ?? first;
    const ahead = chosen === undefined ? -1 : before(chosen, first);
    // A zero before what is next, alone and without PSH, is a probe (RFC 1122, 4.2.3.6, where it may be any byte: those
    // that are seen send a zero). What comes later may still show that it was data.
    const isProbe = length === 1 && captured[0] === 0 && !push && ahead === -1;
    if (this.#mayProbe && isProbe) {
      this.hadProbe = true;
      return (first + 1) >>> 0;
    }
    // What the other side acknowledged before is in the capture all the same.
    return ahead < 0 ? first : (chosen as number);
  }

  /** Of several SYNs, the one that the connection goes on with. */
  #chosen(sequence: number, next: number | undefined): number | undefined {
    return !this.#delivered && this.#synchronized.includes(sequence) ? sequence : next;
  }
}
