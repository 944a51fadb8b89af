import { kindCodes, type Mark } from '#shared/record/record.ts';
import type { DecodedBlock } from '../../format/decoded-block.ts';
import type { Progress } from '../../threads.ts';
import { pieceBytes } from '../export/saving.ts';
import { maxMessage, ReframedStream, type ReframeTarget } from './reframed-stream.ts';

/** One socket whose two streams are re-framed. */
export class ReframedSocket {
  readonly id: number;
  readonly in: ReframedStream;
  readonly out: ReframedStream;
  readonly #target: ReframeTarget;
  readonly #reads: ReadQueue;
  readonly #isRaw: boolean;
  /** The byte of the received stream up to which reads are noted in the new session. */
  #noted = 0;
  /** Without framing: the bytes of the present read so far. */
  #parts: Uint8Array[] = [];
  #partBytes = 0;
  #partAt = 0;

  constructor(id: number, target: ReframeTarget, budget: ReadBudget) {
    this.id = id;
    this.#target = target;
    this.#isRaw = target.framing.kind === 'raw';
    this.#reads = new ReadQueue(budget);
    this.in = new ReframedStream(target, { socket: id, direction: 'in' });
    this.out = new ReframedStream(target, { socket: id, direction: 'out' });
  }

  /** Adds a read whose bytes are in later records. */
  read(at: number, offset: number, length: number): void {
    this.#reads.add(at, offset, length);
  }

  /** Processes the bytes of message `at` of `block`, with its mark; pauses between pieces of a long one. */
  *take(block: DecodedBlock, at: number, mark: Mark | undefined, progress: Progress): Generator<Progress, void> {
    const { kinds, offsets, lengths } = block.columns;
    const isIn = kinds[at] === kindCodes.in;
    const length = lengths[at] as number;
    const stream = isIn ? this.in : this.out;
    const said = offsets[at] as number;
    // A forged file may contain anything; then its bytes follow those before.
    const offset = Number.isSafeInteger(said) && said >= 0 ? said : this.#nextOf(stream);
    if (mark) stream.mark(offset, mark);
    if (isIn) this.#reads.passTo(offset);
    if (this.#isRaw && !(isIn && this.#reads.from < offset + length)) {
      // Each record is a read, or was sent as it is.
      yield* this.#copy(stream, block, at, offset, progress);
      return;
    }
    this.#meet(stream, offset);
    for (let from = 0; from < length; ) {
      const to = isIn ? this.#pieceEnd(offset, from, length) : Math.min(length, from + pieceBytes);
      const bytes = block.bytes(at, from, to);
      if (isIn) this.#receive(bytes, offset + from, offset + length, block.at(at));
      else this.#send(bytes, block.at(at));
      from = to;
      if (length > pieceBytes) yield progress;
    }
  }

  endIn(): void {
    this.#pushParts();
    this.in.end();
  }

  end(): void {
    this.endIn();
    this.out.end();
  }

  /** Ends both streams of a closed socket. */
  close(): void {
    this.end();
    this.#reads.clear();
  }

  *#copy(
    stream: ReframedStream,
    block: DecodedBlock,
    at: number,
    offset: number,
    progress: Progress,
  ): Generator<Progress, void> {
    const { writer } = this.#target;
    if (stream === this.in) this.#pushParts();
    stream.meet(offset);
    const seq = writer.next;
    yield* writer.add(block, at, progress, true);
    stream.passTo(offset + (block.columns.lengths[at] as number), seq);
  }

  /** Returns the offset of the next bytes of `stream`. */
  #nextOf(stream: ReframedStream): number {
    return stream === this.in ? stream.next + this.#partBytes : stream.next;
  }

  #meet(stream: ReframedStream, offset: number): void {
    if (offset === this.#nextOf(stream)) return;
    if (stream === this.in) this.#pushParts();
    stream.meet(offset);
  }

  /** Returns where the piece of a record that begins at its byte `from` ends: with the read that delivered it, or before the next. */
  #pieceEnd(offset: number, from: number, length: number): number {
    this.#reads.passTo(offset + from);
    const begins = this.#reads.from - offset;
    const ends = begins > from ? begins : this.#reads.to - offset;
    return Math.min(length, ends, from + pieceBytes);
  }

  #send(bytes: Uint8Array, at: number): void {
    this.in.sent(bytes);
    this.out.push(bytes, at);
  }

  /** Processes bytes at `offset` of a record that extends to `recordEnd` and was recorded at `recordAt`. */
  #receive(bytes: Uint8Array, offset: number, recordEnd: number, recordAt: number): void {
    const reads = this.#reads;
    const end = offset + bytes.length;
    const isRead = reads.from <= offset;
    const at = isRead ? reads.at : recordAt;
    if (this.#isRaw) {
      this.#collectPart(bytes, at);
      const isOver = isRead ? end >= reads.to : end === recordEnd || end >= reads.from;
      if (isOver || this.#partBytes >= maxMessage) this.#pushParts();
      return;
    }
    const readEnd = isRead ? reads.to : Math.min(recordEnd, reads.from);
    if (readEnd > this.#noted) {
      const start = isRead ? reads.from : offset;
      this.#target.writer.read(this.id, at, start, readEnd - start);
      this.#noted = readEnd;
    }
    this.out.sent(bytes);
    this.in.push(bytes, at);
  }

  #collectPart(bytes: Uint8Array, at: number): void {
    // The memory is reused for the next block.
    this.#parts.push(bytes.slice());
    this.#partAt = at;
    this.#partBytes += bytes.length;
  }

  /** Pushes the collected parts as one read. */
  #pushParts(): void {
    if (this.#partBytes === 0) return;
    const [first = new Uint8Array(0)] = this.#parts;
    const whole = this.#parts.length === 1 ? first : Buffer.concat(this.#parts);
    this.#parts = [];
    this.#partBytes = 0;
    this.in.push(whole, this.#partAt);
  }
}

/** The maximum number of waiting reads, of all sockets together: 24 bytes each. */
const maxWaiting = 2_000_000;

/** The number of reads in all queues of one session, and how many were merged because there were too many. */
export interface ReadBudget {
  waiting: number;
  joined: number;
}

/**
 * The reads of one socket that its records have not reached yet, in the order of the stream. Ignores reads that are not
 * consecutive: a file may contain anything. If too many wait, the next ones are merged into one.
 */
class ReadQueue {
  readonly #budget: ReadBudget;
  #froms = new Float64Array(16);
  #tos = new Float64Array(16);
  #times = new Float64Array(16);
  #head = 0;
  #tail = 0;

  constructor(budget: ReadBudget) {
    this.#budget = budget;
  }

  add(at: number, offset: number, length: number): void {
    const last = this.#tail - 1;
    const to = offset + length;
    const isNext = this.#head === this.#tail || offset >= (this.#tos[last] as number);
    if (length === 0 || !isNext || !Number.isSafeInteger(offset)) return;
    if (this.#head < this.#tail && this.#budget.waiting >= maxWaiting) {
      this.#tos[last] = to;
      this.#times[last] = at;
      this.#budget.joined += 1;
      return;
    }
    if (this.#tail === this.#tos.length) this.#makeRoom();
    this.#froms[this.#tail] = offset;
    this.#tos[this.#tail] = to;
    this.#times[this.#tail] = at;
    this.#tail += 1;
    this.#budget.waiting += 1;
  }

  /** Drops the reads that end at or before `offset`. */
  passTo(offset: number): void {
    const before = this.#head;
    while (this.#head < this.#tail && (this.#tos[this.#head] as number) <= offset) this.#head += 1;
    this.#budget.waiting -= this.#head - before;
  }

  /** The first remaining read: where it begins and ends in the stream (infinity if there is no read), and its time. */
  get from(): number {
    return this.#head < this.#tail ? (this.#froms[this.#head] as number) : Number.POSITIVE_INFINITY;
  }

  get to(): number {
    return this.#head < this.#tail ? (this.#tos[this.#head] as number) : Number.POSITIVE_INFINITY;
  }

  get at(): number {
    return this.#times[this.#head] as number;
  }

  clear(): void {
    this.#budget.waiting -= this.#tail - this.#head;
    this.#head = 0;
    this.#tail = 0;
  }

  #makeRoom(): void {
    const head = this.#head;
    const waiting = this.#tail - head;
    const size = waiting * 2 > this.#tos.length ? this.#tos.length * 2 : this.#tos.length;
    const moved = (column: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> => {
      const into = size === column.length ? column : new Float64Array(size);
      into.set(column.subarray(head, this.#tail));
      return into;
    };
    this.#froms = moved(this.#froms);
    this.#tos = moved(this.#tos);
    this.#times = moved(this.#times);
    this.#head = 0;
    this.#tail = waiting;
  }
}
