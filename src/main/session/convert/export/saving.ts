import { isUtf8 } from 'node:buffer';
import type { Scope } from '#shared/contract/models.ts';
import type { ExportOptions } from '#shared/export/export-formats.ts';
import type { Failure } from '#shared/failure.ts';
import { kindCodes, type Row } from '#shared/record/record.ts';
import type { BlockIndex } from '../../format/block-index.ts';
import type { Scan } from '../../format/block-source.ts';
import { type DecodedBlock, problemCodes, readBlock } from '../../format/decoded-block.ts';
import type { Selection } from '../../query/filter/filter-text.ts';
import { checksumAt, rowOf } from '../../query/rows.ts';
import { inSlices, type Progress, type ReaderJob } from '../../threads.ts';
import type { TargetFile } from './target-file.ts';

/**
 * The ways to write a session to another file are generators: each `yield` is a place to pause or stop, and says how
 * much is done. They give how many records were written.
 */
export type Saving = Generator<Progress, number>;

/** What is saved. */
export interface SaveSource {
  readonly index: BlockIndex;
  readonly scan: Scan;
  readonly selection: Selection;
}

/** Larger messages are read in pieces. A multiple of 3, so that the pieces of base64 join. */
export const pieceBytes = 3 * 262_144;

/** The chosen records of one block; `records` is `undefined` where all are. */
export interface ChosenRecords extends Progress {
  readonly block: DecodedBlock;
  readonly records: Uint32Array | undefined;
  readonly count: number;
}

/**
 * The blocks that `index` has now with what is chosen in them, those with nothing chosen too, so that a search which
 * finds little can be stopped. Ends early at a block that does not check: what is before it is all there is.
 */
export function* chosenBlocks({ index, selection }: Omit<SaveSource, 'scan'>): Generator<ChosenRecords> {
  const { count: blocks, end: total } = index;
  for (let at = 0; at < blocks && at < index.count; at += 1) {
    const block = readBlock(index, at);
    if (block === undefined) return;
    const records = selection.of(block);
    const done = index.positions[at] as number;
    yield { block, records, count: records?.length ?? block.count, done, total };
  }
}

/** The place in its block of chosen record `which`. */
export function placeOf({ records }: ChosenRecords, which: number): number {
  return records === undefined ? which : (records[which] as number);
}

/** A record as exports have it: without a preview of its bytes, with its mark and the verdict on its checksum. */
export function exportRow(index: BlockIndex, block: DecodedBlock, at: number): Row {
  const row = rowOf(block, at);
  const mark = index.marks.size === 0 ? undefined : index.marks.get(row.seq);
  const isMarked = mark && (mark.bookmarked || mark.note !== '');
  const checksum = checksumAt(block, at, index);
  if (!isMarked && checksum === undefined) return row;
  return { ...row, ...(checksum && { checksum }), ...(isMarked && { mark }) };
}

/** True for UTF-8 without NUL, at which many readers stop. */
export function isPlainText(bytes: Uint8Array): boolean {
  return isUtf8(bytes) && !bytes.includes(0);
}

/** How pieces of a record end: anywhere, or between characters; `shortened`: the last one too, as more bytes follow it. */
type Alignment = 'bytes' | 'characters' | 'shortened';

/** Bytes `[from, to)` of a record in pieces. */
export function* piecesOf(
  block: DecodedBlock,
  at: number,
  from: number,
  to: number,
  alignment: Alignment,
): Generator<Uint8Array> {
  for (let begin = from; begin < to; ) {
    const end = Math.min(to, begin + pieceBytes);
    const piece = block.bytes(at, begin, end);
    const isAligned = alignment === 'shortened' || (alignment === 'characters' && end < to);
    const length = isAligned ? wholeCharacters(piece) : piece.length;
    if (length === 0) return;
    yield piece.subarray(0, length);
    begin += length;
  }
}

/**
 * True where bytes `[from, to)` of a record are UTF-8 (and have no NUL, where `refusesNul`). If they are, so is each of
 * the pieces. Stops between the pieces.
 */
export function* isLongText(
  block: DecodedBlock,
  at: number,
  from: number,
  to: number,
  progress: Progress,
  alignment: Alignment = 'characters',
  refusesNul = false,
): Generator<Progress, boolean> {
  for (const piece of piecesOf(block, at, from, to, alignment)) {
    if (!(refusesNul ? isPlainText : isUtf8)(piece)) return false;
    yield progress;
  }
  return true;
}

/** Returns the bytes of `piece` without a character that continues after it, if it is UTF-8. */
function wholeCharacters(piece: Uint8Array): number {
  const { length } = piece;
  for (let at = length - 1; at >= Math.max(0, length - 4); at -= 1) {
    const byte = piece[at] as number;
    if ((byte & 0xc0) === 0x80) continue;
    const size = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return at + size <= length ? length : at;
  }
  return length;
}

/** After a record: nothing, `true` to pause, or a generator that pauses. */
type Step = boolean | undefined | Generator<Progress, void>;

interface EachOptions {
  /** Ends after this number of records. */
  readonly most?: number;
  /** Runs before the records of each block. */
  readonly before?: (chosen: ChosenRecords) => Iterable<Progress>;
}

/** Visits the chosen records in order, each with its place in its block; returns their number. Pauses between blocks. */
export function* eachRecord(
  source: Omit<SaveSource, 'scan'>,
  visit: (block: DecodedBlock, at: number, chosen: ChosenRecords) => Step,
  { most = Number.POSITIVE_INFINITY, before }: EachOptions = {},
): Saving {
  let records = 0;
  for (const chosen of chosenBlocks(source)) {
    if (before) yield* before(chosen);
    const count = Math.min(chosen.count, most - records);
    for (let which = 0; which < count; which += 1) {
      const step = visit(chosen.block, placeOf(chosen, which), chosen);
      if (step === true) yield chosen;
      else if (typeof step === 'object') yield* step;
    }
    records += count;
    yield chosen;
    if (records === most) break;
  }
  return records;
}

/** What is counted over chosen records. Bytes of messages with their framing; times are ms since the epoch. */
export class Counts {
  records = 0;
  messagesIn = 0;
  messagesOut = 0;
  bytesIn = 0;
  bytesOut = 0;
  problems = 0;
  /** Bytes of lifecycle events as they are kept. */
  eventBytes = 0;
  firstAt = 0;
  lastAt = 0;

  add(chosen: ChosenRecords): void {
    const { block, count } = chosen;
    if (count === 0) return;
    if (this.records === 0) this.firstAt = block.at(placeOf(chosen, 0));
    this.lastAt = block.at(placeOf(chosen, count - 1));
    this.records += count;
    this.#sum(block, chosen);
  }

  #sum({ columns: { kinds, lengths } }: DecodedBlock, chosen: ChosenRecords): void {
    for (let which = 0; which < chosen.count; which += 1) {
      const at = placeOf(chosen, which);
      const code = kinds[at] as number;
      const length = lengths[at] as number;
      if (code === kindCodes.in) {
        this.messagesIn += 1;
        this.bytesIn += length;
      } else if (code === kindCodes.out) {
        this.messagesOut += 1;
        this.bytesOut += length;
      } else {
        this.eventBytes += length;
        this.problems += problemCodes[code] as number;
      }
    }
  }
}

/** Counts what is chosen. `each` sees every block. */
export function* countChosen(
  source: Omit<SaveSource, 'scan'>,
  each?: (chosen: ChosenRecords) => void,
): Generator<Progress, Counts> {
  const counts = new Counts();
  for (const chosen of chosenBlocks(source)) {
    counts.add(chosen);
    each?.(chosen);
    yield chosen;
  }
  return counts;
}

/** The counts on which the size of a file depends. */
export type Counted = Pick<
  Counts,
  'records' | 'messagesIn' | 'messagesOut' | 'bytesIn' | 'bytesOut' | 'problems' | 'eventBytes'
>;

/** What a writer is given beside the source. */
interface WriteJob extends ExportOptions, ReaderJob {
  readonly scope: Scope;
}

/** Writes sessions in one format. */
export interface ExportWriter {
  /**
   * Returns the number of records written, `undefined` where that was cancelled, or why it is not possible. Libraries are
   * loaded when they are needed. What writing throws is passed to the caller.
   */
  write(source: SaveSource, target: TargetFile, job: WriteJob): Promise<number | Failure | undefined>;
  /** Returns about how many bytes the file will have. `counts`: of the chosen records. */
  size(counts: Counted, scope: Scope): number;
  /** It writes messages only. */
  readonly messagesOnly?: true;
}

/** Runs `saving` to its end; when it is cancelled, it closes the files that it has open. */
export async function run(saving: Saving, job: ReaderJob): Promise<number | undefined> {
  const records = await inSlices(saving, job);
  if (records === undefined) saving.return(0);
  return records;
}

/** Returns the size of a file that takes `perRecord` bytes for each record beside its message, as measured on such files. */
export function sizeWith(perRecord: number): (counts: Counted) => number {
  return ({ records, bytesIn, bytesOut, eventBytes }) => records * perRecord + bytesIn + bytesOut + eventBytes;
}
