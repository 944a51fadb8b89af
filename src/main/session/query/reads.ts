import { setImmediate } from 'node:timers/promises';
import { type ReadColumns, readEntrySize, viewReads } from '#shared/record/block.ts';
import { type BlockIndex, checksumProblem } from '../format/block-index.ts';
import type { Progress } from '../threads.ts';

/** One read of a socket: `length` bytes from `offset` of its stream. */
interface ReadEntry {
  readonly offset: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly length: number;
}

/** The maximum number of reads in one answer. */
const maxReadEntries = 1_000;
/** Blocks with more sockets than this are always searched. */
const maxSocketsOfBlock = 256;
/** Represents any socket in a summary. */
const anySocket = 0;
const sliceMs = 8;

interface Span {
  from: number;
  to: number;
}

/**
 * Finds reads by socket and position in the stream. Remembers for each reads block which bytes of which sockets it is about,
 * 28 bytes for each, so that only blocks with results are read again.
 */
export class ReadsIndex {
  readonly #index: BlockIndex;
  /** The number of reads blocks that are summarized in the columns below. */
  #summarized = 0;
  #count = 0;
  #blocks = new Uint32Array(256);
  #sockets = new Uint32Array(256);
  #froms = new Float64Array(256);
  #tos = new Float64Array(256);

  constructor(index: BlockIndex) {
    this.#index = index;
  }

  /**
   * Returns the reads that delivered any of bytes `[from, to)` of what `socket` received, in order, at most the first 1000.
   * Throws what reading the file throws; a damaged block truncates the index.
   */
  async find(socket: number, from: number, to: number): Promise<ReadEntry[]> {
    const found: ReadEntry[] = [];
    let sliceEnd = performance.now() + sliceMs;
    for (let entry = 0; from < to && found.length < maxReadEntries; entry += 1) {
      while (entry === this.#count && this.#summarized < this.#index.readsCount) {
        if (!this.#summarize()) return found;
        if (performance.now() < sliceEnd) continue;
        await setImmediate();
        sliceEnd = performance.now() + sliceMs;
      }
      const block = this.#blocks[entry] as number;
      if (entry >= this.#count || block >= this.#index.readsCount || this.#isAfter(entry, socket, to)) break;
      if (!this.#mayHave(entry, socket, from)) continue;
      if (!this.#collect(block, socket, from, to, found)) break;
    }
    return found;
  }

  /** Returns true if the block of `entry`, and so all later ones, have only bytes of `socket` at or after `to`. */
  #isAfter(entry: number, socket: number, to: number): boolean {
    return this.#sockets[entry] === socket && (this.#froms[entry] as number) >= to;
  }

  /** Returns false if the block of `entry` has no reads of `socket` that end after `from`. */
  #mayHave(entry: number, socket: number, from: number): boolean {
    const of = this.#sockets[entry];
    return (of === socket || of === anySocket) && (this.#tos[entry] as number) > from;
  }

  #collect(block: number, socket: number, from: number, to: number, found: ReadEntry[]): boolean {
    const read = this.#read(block);
    if (read === undefined) return false;
    const { columns, count, baseTime } = read;
    for (let at = 0; at < count && found.length < maxReadEntries; at += 1) {
      if (columns.sockets[at] !== socket) continue;
      const offset = columns.offsets[at] as number;
      const length = columns.lengths[at] as number;
      if (offset >= to || offset + length <= from) continue;
      found.push({ offset, at: baseTime + (columns.times[at] as number) / 1_000, length });
    }
    return true;
  }

  /** Adds the next block to the summaries; returns false if it is damaged. */
  #summarize(): boolean {
    const block = this.#summarized;
    const read = this.#read(block);
    if (read === undefined) return false;
    const { columns, count } = read;
    const spans = new Map<number, Span>();
    for (let at = 0; at < count && spans.size <= maxSocketsOfBlock; at += 1) {
      const socket = columns.sockets[at] as number;
      const from = columns.offsets[at] as number;
      const to = from + (columns.lengths[at] as number);
      const span = spans.get(socket);
      if (span === undefined) spans.set(socket, { from, to });
      else if (to > span.to) span.to = to;
    }
    if (spans.size > maxSocketsOfBlock) this.#add(block, anySocket, { from: 0, to: Number.POSITIVE_INFINITY });
    else for (const [socket, span] of spans) this.#add(block, socket, span);
    this.#summarized = block + 1;
    return true;
  }

  #add(block: number, socket: number, { from, to }: Span): void {
    const at = this.#count;
    if (at === this.#blocks.length) {
      this.#blocks = grown(this.#blocks, new Uint32Array(at * 2));
      this.#sockets = grown(this.#sockets, new Uint32Array(at * 2));
      this.#froms = grown(this.#froms, new Float64Array(at * 2));
      this.#tos = grown(this.#tos, new Float64Array(at * 2));
    }
    this.#blocks[at] = block;
    this.#sockets[at] = socket;
    this.#froms[at] = from;
    this.#tos[at] = to;
    this.#count = at + 1;
  }

  #read(at: number): { columns: ReadColumns; count: number; baseTime: number } | undefined {
    const block = this.#index.readsBlock(at);
    if (block === undefined) {
      this.#index.truncateAtReads(at, checksumProblem);
      return undefined;
    }
    const { header, body } = block;
    const count = header.payloadLength / readEntrySize;
    return { columns: viewReads(body.buffer, count, 0), count, baseTime: header.baseTime };
  }
}

function grown<Column extends Uint32Array | Float64Array>(column: Column, larger: Column): Column {
  larger.set(column);
  return larger;
}

/** Receives one read: its time (milliseconds since the epoch), and its `offset` in the received stream of its socket. */
type TakeRead = (socket: number, at: number, offset: number, length: number) => void;

/**
 * Passes once through the reads of a session, in parallel with a walk over its records: a read is in the file before the
 * messages that it completed.
 */
export class ReadsWalk {
  readonly #index: BlockIndex;
  #next = 0;

  constructor(index: BlockIndex) {
    this.#index = index;
  }

  /**
   * Passes to `take` the reads of the blocks before byte `position` that were not passed yet. Pauses between the blocks. A
   * damaged block truncates the index. Throws what reading the file throws.
   */
  *upTo(position: number, take: TakeRead): Generator<Progress, void> {
    const index = this.#index;
    while (this.#next < index.readsCount && (index.readsPositions[this.#next] as number) < position) {
      const block = index.readsBlock(this.#next);
      if (block === undefined) {
        index.truncateAtReads(this.#next, checksumProblem);
        return;
      }
      this.#next += 1;
      const { header, body } = block;
      const count = header.payloadLength / readEntrySize;
      const { sockets, times, offsets, lengths } = viewReads(body.buffer, count, body.byteOffset);
      for (let at = 0; at < count; at += 1) {
        const time = header.baseTime + (times[at] as number) / 1_000;
        take(sockets[at] as number, time, offsets[at] as number, lengths[at] as number);
      }
      yield { done: index.readsPositions[this.#next - 1] as number, total: index.end };
    }
  }
}
