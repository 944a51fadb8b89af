import { crc32 } from 'node:zlib';
import { decodeUtf8Lossy } from '#shared/bytes/text.ts';
import {
  type BlockHeader,
  blockHeaderSize,
  blockTypes,
  checksumOffset,
  readBlockHeader,
} from '#shared/record/block.ts';
import type { Mark } from '#shared/record/marks.ts';
import { parseSocketInfos } from '#shared/record/parse-event.ts';
import type { SocketInfo } from '#shared/record/record.ts';
import {
  parseSessionHeader,
  parseSessionTotals,
  type SessionHeader,
  type SessionTotals,
} from '#shared/record/session-header.ts';
import type { SessionFile } from './session-file.ts';

const chunkSize = 1_048_576;

/** Where a file stops being readable, and why. `end` of a file that was closed in order is none. */
export interface Cut {
  readonly at: number;
  readonly why: string;
  /** Bytes of the file behind `at` when it was found. */
  readonly lost: number;
  /** A block began there that the file ends in: it was being written. */
  readonly unfinished: boolean;
}

/**
 * The records blocks of a session file, found by walking from header to header. What is not records (sockets, the end)
 * is checked and read as it is met; records blocks are checked when first read or scanned (`Scan`).
 */
export class BlockIndex {
  readonly file: SessionFile;
  readonly sockets = new Map<number, SocketInfo>();
  /** By record number. */
  readonly marks = new Map<number, Mark>();
  header: SessionHeader | undefined;
  totals: SessionTotals | undefined;
  cut: Cut | undefined;
  /** Records in the blocks walked so far. */
  total = 0;
  /** Byte behind the last good block, an end block not counted. */
  end = 0;
  /** Records blocks; the columns below have one entry for each. */
  count = 0;
  positions = new Float64Array(1_024);
  firsts = new Float64Array(1_024);
  /** 0: not checked yet; 1: the checksum matches; 2: the records' lengths add up too. */
  checked = new Uint8Array(1_024);
  readonly #trusted: boolean;

  /** `trusted`: the file was just written by this program, so that its records need no checking. */
  constructor(file: SessionFile, trusted: boolean) {
    this.file = file;
    this.#trusted = trusted;
  }

  /**
   * Walks on to byte `upTo`, or to the file's end; stops for good at the first block that does not check (`cut`).
   * Cheap where there is nothing new. Throws what reading the file throws.
   */
  walk(upTo: number): void {
    if (this.cut || this.totals || upTo <= this.end) return;
    const size = this.#trusted ? upTo : this.file.size();
    while (this.end < size) {
      const problem = this.#step(size);
      if (problem !== undefined) {
        this.cut = { at: this.end, why: problem, lost: size - this.end, unfinished: problem === cutOffProblem };
        return;
      }
      if (this.totals) return;
    }
  }

  /** The header of records block `index`, which the walk has seen to be sound. */
  headerOf(index: number): BlockHeader {
    const position = this.positions[index] as number;
    const header = readBlockHeader(this.file.peek(position, blockHeaderSize, position + blockHeaderSize));
    if (typeof header === 'string') throw new Error(`the session file changed at byte ${position}: ${header}`);
    return header;
  }

  /** The index of the block that holds record `seq` (below `total`). */
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

  /** True where the bytes of block `index` match its checksum. Reads all of it the first time. */
  check(index: number): boolean {
    if (this.checked[index] !== 0) return true;
    const position = this.positions[index] as number;
    if (!checksumMatches(this.file, position, this.headerOf(index))) return false;
    this.checked[index] = 1;
    return true;
  }

  /** Leaves out block `index` and all behind it. */
  cutAt(index: number, why: string): void {
    const at = this.positions[index] as number;
    this.cut = { at, why, lost: Math.max(0, this.file.size() - at), unfinished: false };
    this.count = index;
    this.total = this.firsts[index] as number;
    this.end = at;
    this.totals = undefined;
  }

  /** Takes the block at `end`; gives in words why it cannot be taken. */
  #step(size: number): string | undefined {
    const position = this.end;
    if (size - position < blockHeaderSize) return cutOffProblem;
    const header = readBlockHeader(this.file.peek(position, blockHeaderSize, size));
    if (typeof header === 'string') return header;
    const next = position + blockHeaderSize + header.bodyLength;
    if (next > size) return cutOffProblem;
    if ((position === 0) !== (header.type === blockTypes.session)) return 'it is not where a session header belongs';
    if (header.first !== this.total) return 'the record numbers do not go on';
    if (header.type === blockTypes.records) {
      this.#push(position, header);
    } else {
      if (!checksumMatches(this.file, position, header)) return checksumProblem;
      const problem = this.#take(position, header);
      if (problem !== undefined) return problem;
      if (header.type === blockTypes.end) {
        if (next < size && !this.#trusted)
          this.cut = { at: next, why: 'there is more behind the end', lost: size - next, unfinished: false };
        return undefined;
      }
    }
    this.end = next;
    return undefined;
  }

  #take(position: number, header: BlockHeader): string | undefined {
    const { type, payloadLength } = header;
    if (type !== blockTypes.session && type !== blockTypes.sockets && type !== blockTypes.end) return undefined;
    const text = decodeUtf8Lossy(this.file.read(position + blockHeaderSize, payloadLength));
    if (type === blockTypes.session) {
      const session = parseSessionHeader(text);
      if (typeof session === 'string') return session;
      this.header = session;
    } else if (type === blockTypes.sockets) {
      for (const info of parseSocketInfos(text)) this.sockets.set(info.id, info);
    } else {
      const totals = parseSessionTotals(text);
      if (totals?.records !== this.total) return 'the end does not fit the records';
      this.totals = totals;
    }
    return undefined;
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

const cutOffProblem = 'the block is cut off';
export const checksumProblem = 'the checksum does not match';
export const lengthsProblem = 'the records’ lengths do not add up';

function grown<Column extends Float64Array | Uint8Array>(column: Column, larger: Column): Column {
  larger.set(column);
  return larger;
}

/** Checks a block of any size in pieces. */
function checksumMatches(file: SessionFile, position: number, header: BlockHeader): boolean {
  const size = blockHeaderSize + header.bodyLength;
  const piece = new Uint8Array(Math.min(size, chunkSize));
  let checksum = 0;
  for (let done = 0; done < size; ) {
    const part = piece.subarray(0, Math.min(piece.length, size - done));
    if (file.readInto(part, position + done) < part.length) return false;
    if (done === 0) part.fill(0, checksumOffset, checksumOffset + 4);
    checksum = crc32(part, checksum);
    done += part.length;
  }
  return checksum === header.checksum;
}
