import { crc32 } from 'node:zlib';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import type { Boundaries } from '#shared/message/boundaries.ts';
import {
  blockHeaderSize,
  blockTypes,
  checksumOffset,
  columnsBufferSize,
  padded,
  type RecordColumns,
  recordColumnsSize,
  viewColumns,
  writeBlockHeader,
} from '#shared/record/block.ts';
import { kindCodes } from '#shared/record/record.ts';
import type { SessionTotals } from '#shared/record/session-json.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { type DecodedBlock, problemCodes } from '../../format/decoded-block.ts';
import { clockSlackMs, FillingBlock } from '../../format/filling-block.ts';
import { FillingReads } from '../../format/filling-reads.ts';
import { jsonBlock, type OutgoingBlock, readsBlock, recordsBlock } from '../../format/outgoing-block.ts';
import type { Progress } from '../../threads.ts';
import { piecesOf } from './saving.ts';
import type { TargetFile } from './target-file.ts';

const capacity = 4_096;
const payloadCapacity = 262_144;

const none = new Uint8Array(0);

/** One direction of one socket. */
export interface StreamOf {
  readonly socket: number;
  readonly direction: 'in' | 'out';
}

/** Writes records into the blocks of a new session file, numbered from 0, and the reads before what they completed. */
export class SessionWriter {
  readonly #target: TargetFile;
  readonly #buffer = new ArrayBuffer(columnsBufferSize(capacity, payloadCapacity));
  #filling: FillingBlock | undefined;
  readonly #reads = new FillingReads();
  /** False where a record is earlier than one before it. */
  isOrdered = true;
  #latest = Number.NEGATIVE_INFINITY;
  /** Records in the blocks that are written. */
  #written = 0;
  #messages = 0;
  #bytes = 0;
  #problems = 0;

  constructor(target: TargetFile) {
    this.#target = target;
  }

  /** The number that the next record gets. */
  get next(): number {
    return this.#written + (this.#filling?.count ?? 0);
  }

  /** What was added so far, as the end block has it. */
  get totals(): SessionTotals {
    return { records: this.next, messages: this.#messages, bytes: this.#bytes, problems: this.#problems };
  }

  /** Writes a block of JSON, before the records that are not written yet. */
  json(type: number, value: unknown): void {
    this.outgoing(jsonBlock(type, value, this.#written));
  }

  outgoing({ parts }: OutgoingBlock): void {
    for (const part of parts) this.#target.write(part);
  }

  /**
   * Adds record `at` of `block` as it is, or `unframed`: as a message of nothing but its bytes. One that is larger than a
   * block comes in pieces, with stops between them.
   */
  *add(block: DecodedBlock, at: number, progress: Progress, unframed = false): Generator<Progress, void> {
    const { columns } = block;
    const length = columns.lengths[at] as number;
    const time = block.at(at);
    this.#count(columns.kinds[at] as number, length);
    this.#noteTime(time);
    if (length > payloadCapacity) {
      this.flush();
      yield* this.#large(block, at, progress, unframed);
      return;
    }
    const filling = this.#room(time, length);
    const { columns: to, count, used } = filling;
    copyColumns(columns, at, to, count, unframed);
    to.times[count] = filling.delta(time);
    if (length > 0) to.payload.set(block.bytes(at, 0, length), used);
    filling.count = count + 1;
    filling.used = used + length;
  }

  /** Adds a batch of messages (parameters as of `LogSink.messages`) that begins at `offset` of its stream. */
  messages(
    stream: StreamOf,
    at: number,
    offset: number,
    carryOver: Uint8Array,
    bytes: Uint8Array,
    boundaries: Boundaries,
  ): void {
    const kind = kindCodes[stream.direction];
    this.#noteTime(at);
    let from = -carryOver.length;
    for (let index = 0; index < boundaries.count; index += 1) {
      const end = boundaries.ends[index] as number;
      const length = end - from;
      const filling = this.#room(at, length);
      const { columns: to, count, used } = filling;
      to.offsets[count] = offset + carryOver.length + from;
      to.times[count] = filling.delta(at);
      to.sockets[count] = stream.socket;
      to.lengths[count] = length;
      to.kinds[count] = kind;
      to.flags[count] = boundaries.flags[index] as number;
      to.heads[count] = boundaries.heads[index] as number;
      to.tails[count] = boundaries.tails[index] as number;
      // Only the first message, and pieces of a truncated one, have bytes in `carryOver`.
      const old = from < 0 ? carryOver.subarray(carryOver.length + from, carryOver.length + Math.min(end, 0)) : none;
      to.payload.set(old, used);
      if (end > 0) to.payload.set(bytes.subarray(Math.max(from, 0), end), used + old.length);
      filling.count = count + 1;
      filling.used = used + length;
      this.#count(kind, length);
      from = end;
    }
  }

  event(socket: number, at: number, event: SocketEvent): void {
    const json = encodeUtf8(JSON.stringify(event));
    const kind = kindCodes[event.kind];
    this.#noteTime(at);
    this.#room(at, json.length).addEvent(socket, kind, at, json);
    this.#count(kind, json.length);
  }

  /** Notes a read, `offset` in what its socket received: before the messages that it completed. */
  read(socket: number, at: number, offset: number, length: number): void {
    if (this.#reads.add(socket, at, offset, length)) return;
    this.#flushReads();
    this.#reads.add(socket, at, offset, length);
  }

  /** The block with room for a record of `length` bytes at time `at`: a separate one where it is larger than a block. */
  #room(at: number, length: number): FillingBlock {
    if (this.#filling && (this.#filling.full || !this.#filling.hasRoom(at, length))) this.#flushRecords();
    if (this.#filling === undefined) {
      const isLarge = length > payloadCapacity;
      const buffer = isLarge ? new ArrayBuffer(columnsBufferSize(1, length)) : this.#buffer;
      this.#filling = new FillingBlock(buffer, isLarge ? 1 : capacity, this.#written, Math.floor(at) - clockSlackMs);
    }
    return this.#filling;
  }

  #noteTime(at: number): void {
    if (at < this.#latest) this.isOrdered = false;
    else this.#latest = at;
  }

  #count(kind: number, length: number): void {
    if (kind === kindCodes.in || kind === kindCodes.out) {
      this.#messages += 1;
      this.#bytes += length;
    } else {
      this.#problems += problemCodes[kind] as number;
    }
  }

  /** Writes the records and reads that wait. */
  flush(): void {
    this.#flushReads();
    this.#flushRecords();
  }

  #flushRecords(): void {
    const filling = this.#filling;
    if (filling === undefined || filling.count === 0) return;
    // What completed its messages comes before them.
    this.#flushReads();
    this.outgoing(recordsBlock(filling.filled()));
    this.#written += filling.count;
    this.#filling = undefined;
  }

  #flushReads(): void {
    const reads = this.#reads.take();
    if (reads) this.outgoing(readsBlock(reads, this.#written));
  }

  /** A block of one record, read twice: for the checksum, which comes first, and to be copied. */
  *#large(block: DecodedBlock, at: number, progress: Progress, unframed: boolean): Generator<Progress, void> {
    const length = block.columns.lengths[at] as number;
    const bodyLength = padded(recordColumnsSize + length);
    const buffer = new ArrayBuffer(blockHeaderSize + recordColumnsSize);
    const time = block.at(at);
    const baseTime = Math.floor(time) - clockSlackMs;
    const view = new DataView(buffer);
    writeBlockHeader(view, {
      type: blockTypes.records,
      bodyLength,
      first: this.#written,
      count: 1,
      payloadLength: length,
      baseTime,
    });
    const columns = viewColumns(buffer, 1);
    copyColumns(block.columns, at, columns, 0, unframed);
    columns.times[0] = Math.round((time - baseTime) * 1_000);
    const padding = new Uint8Array(bodyLength - recordColumnsSize - length);
    let checksum = crc32(new Uint8Array(buffer));
    for (const piece of piecesOf(block, at, 0, length, 'bytes')) {
      checksum = crc32(piece, checksum);
      yield progress;
    }
    view.setUint32(checksumOffset, crc32(padding, checksum), true);
    this.#target.write(new Uint8Array(buffer));
    for (const piece of piecesOf(block, at, 0, length, 'bytes')) {
      this.#target.write(piece);
      yield progress;
    }
    this.#target.write(padding);
    this.#written += 1;
  }
}

/** Everything of a record but its time and its bytes; `unframed`: as of a message without framing. */
function copyColumns(from: RecordColumns, at: number, to: RecordColumns, place: number, unframed: boolean): void {
  to.offsets[place] = from.offsets[at] as number;
  to.sockets[place] = from.sockets[at] as number;
  to.lengths[place] = from.lengths[at] as number;
  to.kinds[place] = from.kinds[at] as number;
  to.flags[place] = unframed ? 0 : (from.flags[at] as number);
  to.heads[place] = unframed ? 0 : (from.heads[at] as number);
  to.tails[place] = unframed ? 0 : (from.tails[at] as number);
}
