import { crc32 } from 'node:zlib';
import {
  blockHeaderSize,
  blockTypes,
  checksumOffset,
  padded,
  recordColumnsSize,
  writeBlockHeader,
} from '#shared/record/block.ts';
import { columnsBufferSize, type RecordColumns, viewColumns } from '#shared/record/columns.ts';
import type { DecodedBlock } from '../reading/decoded-block.ts';
import type { Progress } from '../reading/slices.ts';
import { clockSlackMs, FillingBlock } from '../recording/filling-block.ts';
import { jsonBlock, type OutgoingBlock, recordsBlock } from '../recording/log-file.ts';
import { piecesOf } from './saving.ts';
import type { TargetFile } from './target-file.ts';

const capacity = 4_096;
const payloadCapacity = 262_144;

/** Writes records into the blocks of a new session file, numbered from 0. */
export class SessionWriter {
  readonly #target: TargetFile;
  readonly #buffer = new ArrayBuffer(columnsBufferSize(capacity, payloadCapacity));
  #filling: FillingBlock | undefined;
  /** Records in the blocks that are written. */
  #written = 0;

  constructor(target: TargetFile) {
    this.#target = target;
  }

  /** The number that the next record gets. */
  get next(): number {
    return this.#written + (this.#filling?.count ?? 0);
  }

  /** Writes a block of JSON, before the records that are not written yet. */
  json(type: number, value: unknown): void {
    this.outgoing(jsonBlock(type, value, this.#written));
  }

  outgoing({ parts }: OutgoingBlock): void {
    for (const part of parts) this.#target.write(part);
  }

  /** Adds record `at` of `block` as it is. One that is larger than a block comes in pieces, with stops between them. */
  *add(block: DecodedBlock, at: number, progress: Progress): Generator<Progress, void> {
    const { columns } = block;
    const length = columns.lengths[at] as number;
    const time = block.at(at);
    if (length > payloadCapacity) {
      this.flush();
      yield* this.#large(block, at, progress);
      return;
    }
    if (this.#filling && (this.#filling.full || !this.#filling.hasRoom(time, length))) this.flush();
    this.#filling ??= new FillingBlock(this.#buffer, capacity, this.#written, Math.floor(time) - clockSlackMs);
    const { columns: to, count, used } = this.#filling;
    copyColumns(columns, at, to, count);
    to.times[count] = this.#filling.delta(time);
    if (length > 0) to.payload.set(block.bytes(at, 0, length), used);
    this.#filling.count = count + 1;
    this.#filling.used = used + length;
  }

  /** Writes the records that wait. */
  flush(): void {
    const filling = this.#filling;
    if (filling === undefined || filling.count === 0) return;
    this.outgoing(recordsBlock(filling.filled()));
    this.#written += filling.count;
    this.#filling = undefined;
  }

  /** A block of one record, read twice: for the checksum, which comes first, and to be copied. */
  *#large(block: DecodedBlock, at: number, progress: Progress): Generator<Progress, void> {
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
    copyColumns(block.columns, at, columns, 0);
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

/** Everything of a record but its time and its bytes. */
function copyColumns(from: RecordColumns, at: number, to: RecordColumns, place: number): void {
  to.offsets[place] = from.offsets[at] as number;
  to.sockets[place] = from.sockets[at] as number;
  to.lengths[place] = from.lengths[at] as number;
  to.kinds[place] = from.kinds[at] as number;
  to.flags[place] = from.flags[at] as number;
  to.heads[place] = from.heads[at] as number;
  to.tails[place] = from.tails[at] as number;
}
