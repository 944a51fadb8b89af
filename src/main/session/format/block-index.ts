import { crc32 } from 'node:zlib';
import { decodeUtf8Lossy } from '#shared/bytes/text.ts';
import {
  type BlockHeader,
  blockHeaderSize,
  blockTypes,
  checksumOffset,
  jsonTypes,
  notAfterEndTypes,
  readBlockHeader,
} from '#shared/record/block.ts';
import type { SocketInfo } from '#shared/record/record.ts';
import { type Mark, parseMarks } from '#shared/record/record.ts';
import {
  parseSessionHeader,
  parseSessionSettings,
  parseSessionTotals,
  parseSocketInfos,
  type SessionHeader,
  type SessionSettings,
  type SessionTotals,
} from '#shared/record/session-json.ts';
import type { SessionFile } from './session-file.ts';
import { checksumMatches, countBelow, grown, isReadsHeader } from './session-file.ts';

/** More marks than anyone sets: a file with more is hostile. */
const maxMarks = 1_000_000;
/** Where a file stops being readable, and why. The end of a file that was closed properly does not count. */
interface IndexDamage {
  readonly at: number;
  readonly why: string;
  /** Bytes of the file after `at` when the damage was found. */
  readonly lost: number;
  /** The file ends within a block that begins there: it was being written. */
  readonly unfinished: boolean;
}

/**
 * The records blocks of a session file, found by walking from header to header. Other blocks (sockets, the end)
 * are checked and read during the walk; records blocks are checked when first read or scanned (`Scan`), reads blocks when
 * first used.
 */
export class BlockIndex {
  readonly file: SessionFile;
  readonly sockets = new Map<number, SocketInfo>();
  /** By record number; only marks that are not empty. */
  readonly marks = new Map<number, Mark>();
  settings: Partial<SessionSettings> = {};
  header: SessionHeader | undefined;
  totals: SessionTotals | undefined;
  damage: IndexDamage | undefined;
  /** The number of records in the blocks walked so far. */
  total = 0;
  /** The byte after the last good block before the end block. */
  end = 0;
  /** The bytes `[from, to)` of the good blocks after the end block; may be empty. */
  afterEnd = { from: 0, to: 0 };
  /** Records blocks; the columns below have one entry for each. */
  count = 0;
  positions = new Float64Array(1_024);
  firsts = new Float64Array(1_024);
  /** 0: not checked yet; 1: the checksum matches; 2: the records' lengths are consistent too. */
  checked = new Uint8Array(1_024);
  /** The positions of the reads blocks. */
  readsCount = 0;
  readsPositions = new Float64Array(64);
  readonly #trusted: boolean;
  /** The byte after the last good block of all. */
  #tail = 0;

  /** `trusted`: the file was just written by this program, so that its records need no checking. */
  constructor(file: SessionFile, trusted: boolean) {
    this.file = file;
    this.#trusted = trusted;
  }

  /**
   * Walks on to byte `upTo`, or to the end of the file; stops permanently at the first damaged block (`damage`).
   * Cheap if there is nothing new. Throws what reading the file throws.
   */
  walk(upTo: number): void {
    if (this.damage || upTo <= this.#tail) return;
    const size = this.#trusted ? upTo : this.file.size();
    while (this.#tail < size) {
      const problem = this.#step(size);
      if (problem === undefined) continue;
      const at = this.#tail;
      this.damage = { at, why: problem, lost: size - at, unfinished: problem === truncatedProblem };
      return;
    }
  }

  /** The byte after the last good block of all. */
  get tail(): number {
    return this.#tail;
  }

  /** False if the file may come from anywhere, so that its content must be checked. */
  get trusted(): boolean {
    return this.#trusted;
  }

  /** Returns the header of records block `index`, which the walk has checked. */
  headerOf(index: number): BlockHeader {
    return this.#headerAt(this.positions[index] as number);
  }

  #headerAt(position: number): BlockHeader {
    const header = readBlockHeader(this.file.peek(position, blockHeaderSize, position + blockHeaderSize));
    if (typeof header === 'string') throw new Error(`the session file changed at byte ${position}: ${header}`);
    return header;
  }

  /** Returns the index of the block that contains record `seq` (below `total`). */
  find(seq: number): number {
    let low = 0;
    let high = this.count - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.firsts[middle] as number) <= seq) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Returns true if the bytes of block `index` match its checksum. Reads the whole block the first time. */
  check(index: number): boolean {
    if (this.checked[index] !== 0) return true;
    const position = this.positions[index] as number;
    if (!checksumMatches(this.file, position, this.headerOf(index))) return false;
    this.checked[index] = 1;
    return true;
  }

  /** Removes records block `index` and everything after it. */
  truncateAt(index: number, why: string): void {
    this.#truncate(this.positions[index] as number, why, index, this.firsts[index] as number);
  }

  /** Removes reads block `index` and everything after it. */
  truncateAtReads(index: number, why: string): void {
    const at = this.readsPositions[index] as number;
    const records = countBelow(this.positions, this.count, at);
    this.#truncate(at, why, records, records < this.count ? (this.firsts[records] as number) : this.total);
  }

  #truncate(at: number, why: string, count: number, total: number): void {
    this.damage = { at, why, lost: Math.max(0, this.file.size() - at), unfinished: false };
    this.count = count;
    this.total = total;
    this.readsCount = countBelow(this.readsPositions, this.readsCount, at);
    this.end = at;
    this.afterEnd = { from: 0, to: 0 };
    this.#tail = at;
    this.totals = undefined;
  }

  /** Returns the header and the body of reads block `index`, checked; `undefined` if it is damaged. */
  readsBlock(index: number): { header: BlockHeader; body: Uint8Array<ArrayBuffer> } | undefined {
    const position = this.readsPositions[index] as number;
    const block = this.#headerAt(position);
    const bytes = this.file.read(position, blockHeaderSize + block.bodyLength);
    if (!this.#trusted) {
      bytes.fill(0, checksumOffset, checksumOffset + 4);
      if (crc32(bytes) !== block.checksum) return undefined;
    }
    return { header: block, body: bytes.slice(blockHeaderSize) };
  }

  /** Adds the block at the tail; returns in words why it cannot be added. */
  #step(size: number): string | undefined {
    const position = this.#tail;
    if (size - position < blockHeaderSize) return truncatedProblem;
    const header = readBlockHeader(this.file.peek(position, blockHeaderSize, size));
    if (typeof header === 'string') return header;
    const { type } = header;
    const next = position + blockHeaderSize + header.bodyLength;
    if (next > size) return truncatedProblem;
    if ((position === 0) !== (type === blockTypes.session)) return 'it is not where a session header belongs';
    if (header.first !== this.total) return 'the record numbers are not consecutive';
    if (this.totals && notAfterEndTypes.has(type)) return 'there is data after the end';
    if (type === blockTypes.records) {
      this.#push(position, header);
    } else if (type === blockTypes.reads) {
      if (!isReadsHeader(header)) return 'the lengths are damaged';
      this.#pushReads(position);
    } else {
      if (!checksumMatches(this.file, position, header)) return checksumProblem;
      const problem = this.#take(position, header);
      if (problem !== undefined) return problem;
    }
    this.#tail = next;
    if (type === blockTypes.end) this.afterEnd = { from: next, to: next };
    else if (this.totals) this.afterEnd.to = next;
    else this.end = next;
    return undefined;
  }

  #take(position: number, header: BlockHeader): string | undefined {
    const { type, payloadLength } = header;
    if (!jsonTypes.has(type)) return undefined;
    const text = decodeUtf8Lossy(this.file.read(position + blockHeaderSize, payloadLength));
    if (type === blockTypes.session) {
      const session = parseSessionHeader(text);
      if (typeof session === 'string') return session;
      this.header = session;
    } else if (type === blockTypes.sockets) {
      for (const info of parseSocketInfos(text)) this.sockets.set(info.id, info);
    } else if (type === blockTypes.marks) {
      for (const mark of parseMarks(text)) this.#mark(mark);
    } else if (type === blockTypes.settings) {
      this.settings = { ...this.settings, ...parseSessionSettings(text) };
    } else {
      const totals = parseSessionTotals(text);
      if (totals?.records !== this.total) return 'the end does not fit the records';
      this.totals = totals;
    }
    return undefined;
  }

  #mark(mark: Mark): void {
    if (!mark.bookmarked && mark.note === '') this.marks.delete(mark.seq);
    else if (this.marks.size < maxMarks || this.marks.has(mark.seq)) this.marks.set(mark.seq, mark);
  }

  #pushReads(position: number): void {
    const at = this.readsCount;
    if (at === this.readsPositions.length) this.readsPositions = grown(this.readsPositions, new Float64Array(at * 2));
    this.readsPositions[at] = position;
    this.readsCount = at + 1;
  }

  #push(position: number, header: BlockHeader): void {
    const at = this.count;
    if (at === this.positions.length) {
      this.positions = grown(this.positions, new Float64Array(at * 2));
      this.firsts = grown(this.firsts, new Float64Array(at * 2));
      this.checked = grown(this.checked, new Uint8Array(at * 2));
    }
    this.positions[at] = position;
    this.firsts[at] = header.first;
    this.checked[at] = this.#trusted ? 1 : 0;
    this.count = at + 1;
    this.total = header.first + header.count;
  }
}

const truncatedProblem = 'the block is truncated';
export const checksumProblem = 'the checksum does not match';
export const lengthsProblem = 'the records’ lengths do not add up';
