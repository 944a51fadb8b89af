import { encodeUtf8 } from '#shared/bytes/text.ts';
import { bodyRange } from '#shared/export/record-format.ts';
import type { FilterRecord } from '#shared/filter/ast.ts';
import { kindOfCode, type RecordKind, type SocketInfo } from '#shared/record/record.ts';
import type { BlockIndex } from '../../format/block-index.ts';
import { type DecodedBlock, messageCodes } from '../../format/decoded-block.ts';
import { rowOf } from '../rows.ts';

/** The maximum number of a message's bytes for a filter that needs the whole message. */
const maxRecordBytes = 64 * 1_048_576;
const noBytes = new Uint8Array(0);

/** One record of a block as a filter sees it; `move` turns it into another one, so that no object is created per record. */
export class BlockRecord implements FilterRecord {
  readonly #index: BlockIndex;
  #block: DecodedBlock | undefined;
  #place = 0;

  constructor(index: BlockIndex) {
    this.#index = index;
  }

  move(block: DecodedBlock, place: number): this {
    this.#block = block;
    this.#place = place;
    return this;
  }

  get seq(): number {
    return this.#now.first + this.#place;
  }

  get at(): number {
    return this.#now.at(this.#place);
  }

  get kind(): RecordKind {
    return kindOfCode(this.#code) ?? 'problem';
  }

  get socket(): number {
    return this.#now.columns.sockets[this.#place] as number;
  }

  get length(): number {
    return this.#isMessage ? (this.#now.columns.lengths[this.#place] as number) : 0;
  }

  get flags(): number {
    return this.#isMessage ? (this.#now.columns.flags[this.#place] as number) : 0;
  }

  get info(): SocketInfo | undefined {
    return this.#index.sockets.get(this.socket);
  }

  get bookmarked(): boolean {
    return this.#index.marks.get(this.seq)?.bookmarked ?? false;
  }

  get note(): string {
    return this.#index.marks.get(this.seq)?.note ?? '';
  }

  body(): Uint8Array {
    const block = this.#now;
    const place = this.#place;
    if (!this.#isMessage) return encodeUtf8(rowOf(block, place).preview);
    const { lengths, heads, tails } = block.columns;
    const length = lengths[place] as number;
    const { from, to } = bodyRange({ length, head: heads[place] as number, tail: tails[place] as number });
    return this.#bytes(from, to);
  }

  bytes(): Uint8Array {
    return this.#isMessage ? this.#bytes(0, this.length) : noBytes;
  }

  get #now(): DecodedBlock {
    if (this.#block === undefined) throw new Error('a record of no block was asked for');
    return this.#block;
  }

  get #code(): number {
    return this.#now.columns.kinds[this.#place] as number;
  }

  get #isMessage(): boolean {
    return messageCodes[this.#code] === 1;
  }

  #bytes(from: number, to: number): Uint8Array {
    return from === to ? noBytes : this.#now.bytes(this.#place, from, Math.min(to, from + maxRecordBytes));
  }
}

/** Returns a record with only the given properties: to test a filter for a socket, or for a record without a mark. */
export function blankRecord(parts: Partial<FilterRecord>): FilterRecord {
  return {
    seq: 0,
    at: 0,
    kind: 'in',
    socket: 0,
    length: 0,
    flags: 0,
    info: undefined,
    bookmarked: false,
    note: '',
    body: () => noBytes,
    bytes: () => noBytes,
    ...parts,
  };
}
