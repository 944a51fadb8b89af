import type { Failure, Result } from '#shared/failure.ts';
import { blockTypes } from '#shared/record/block.ts';
import { type Mark, recordingDelayMs } from '#shared/record/record.ts';
import type { SessionSettings } from '#shared/record/session-json.ts';
import { BlockIndex } from '../format/block-index.ts';
import { BlockSource, Scan } from '../format/block-source.ts';
import { BlockCache } from '../format/decoded-block.ts';
import { fileFailure, notASession } from '../format/failures.ts';
import { jsonBlock } from '../format/outgoing-block.ts';
import { SessionFile } from '../format/session-file.ts';
import { isBeingRecorded } from '../format/session-peek.ts';
import { LogFile } from '../record/log-file.ts';
import { ReadsIndex } from './reads.ts';

/** The properties of an opened file. */
export interface OpenedView {
  readonly name: string;
  readonly total: number;
  readonly bytes: number;
  readonly problems: number;
  readonly notice: string;
}

/** Marks and settings for a session that is not being recorded. */
interface Additions {
  readonly marks?: readonly Mark[] | undefined;
  readonly settings?: Partial<SessionSettings> | undefined;
}

/** Reads one session file, live or opened, independent of threads. Throws what `node:fs` throws. */
export class Reader {
  readonly index: BlockIndex;
  readonly scan: Scan;
  /** The source that searches read through. */
  readonly queryReads: { readonly index: BlockIndex; readonly source: BlockSource; readonly cache: BlockCache };
  readonly reads: ReadsIndex;
  #path: string;
  readonly #live: boolean;
  readonly #file: SessionFile;
  /** Another process was recording to the file when it was opened. */
  #recorded = false;

  constructor(path: string, live: boolean) {
    this.#path = path;
    this.#live = live;
    this.#file = new SessionFile(path);
    this.index = new BlockIndex(this.#file, live);
    const source = new BlockSource(this.index);
    this.scan = new Scan(this.index, source);
    this.queryReads = { index: this.index, cache: new BlockCache(this.index), source };
    this.reads = new ReadsIndex(this.index);
  }

  /** The path of the file. */
  get path(): string {
    return this.#path;
  }

  /** Continues with the file at `path`, which begins with the same bytes. */
  reopen(path: string): void {
    this.#file.reopen(path);
    this.#path = path;
  }

  /** Walks the file; fails if it is not a session. */
  open(upTo: number): Result<OpenedView> {
    this.index.walk(upTo);
    const { header, totals } = this.index;
    if (header === undefined) return { ok: false, error: this.#notASession() };
    this.#recorded = !this.#live && isBeingRecorded(header, totals);
    return { ok: true, value: this.view() };
  }

  view(): OpenedView {
    const { header, settings, total, totals } = this.index;
    const { bytesIn, bytesOut, problems } = this.scan;
    return {
      name: settings.name || (header?.name ?? ''),
      total,
      bytes: totals?.bytes ?? bytesIn + bytesOut,
      problems: totals?.problems ?? problems,
      notice: this.#notice(),
    };
  }

  /**
   * Appends to the file, which is not live and completely scanned; returns the session with the additions. Fails without
   * changing the file if the file is damaged, since it is evidence and nothing may be written after the damage, or if another
   * process records to it.
   */
  append(additions: Additions): Result<OpenedView> {
    const error = appendToFile(this.index, this.#path, additions);
    return error ? { ok: false, error } : { ok: true, value: this.view() };
  }

  close(): void {
    this.#file.close();
  }

  #notASession(): Failure {
    const { damage, end } = this.index;
    if (this.#file.size() === 0) return notASession(this.#path, 'the file is empty');
    return notASession(this.#path, damage && end === 0 ? `at its start: ${damage.why}` : 'it has no session header');
  }

  #notice(): string {
    const { damage, totals } = this.index;
    // A block that its recorder has begun to write is incomplete, but not damaged.
    if (this.#recorded && (damage === undefined || damage.unfinished)) {
      return 'The session is still being recorded: later events are not shown here.';
    }
    // Only another program can damage a live file.
    if (damage && totals) {
      // For example a mark that was being set when the program or the disk failed: nothing else is lost.
      const where = `at byte ${damage.at} ${damage.why}; the last ${damage.lost} bytes were ignored`;
      return `The file is damaged after its end block: ${where}. All records are complete; a mark may be missing.`;
    }
    if (damage) {
      const where = `at byte ${damage.at} ${damage.why}; the last ${damage.lost} bytes were ignored`;
      return `The file is damaged or was not closed properly: ${where}. All records before that are complete.`;
    }
    if (totals || this.#live) return '';
    return `The recording was not closed properly: the last ${recordingDelayMs} ms may be missing.`;
  }
}

/** Does what `Reader.append` says; returns the failure, if any. */
function appendToFile(index: BlockIndex, path: string, { marks, settings }: Additions): Failure | undefined {
  const tried = `Could not change the session “${path}”`;
  const copy = 'Save a copy of the session first, and open that.';
  try {
    // Another program may have appended something meanwhile.
    index.walk(Number.POSITIVE_INFINITY);
    const { header, totals, damage, total } = index;
    if (header && isBeingRecorded(header, totals)) {
      const hint = 'Change it where it is recorded, or wait until that has ended.';
      return { code: 'wrong-state', message: tried, system: 'the session is still being recorded', hint };
    }
    if (damage) {
      const system = `at byte ${damage.at} ${damage.why}, and nothing is written after damage`;
      return { code: 'wrong-state', message: tried, system, hint: copy };
    }
    if (!index.file.isAt(path)) {
      const system = 'another file is at that place now';
      return { code: 'wrong-state', message: tried, system, hint: 'Open the session again.' };
    }
    const file = new LogFile(path, index.tail, undefined, total);
    const blocks = [];
    if (marks) blocks.push(jsonBlock(blockTypes.marks, marks, total));
    if (settings) blocks.push(jsonBlock(blockTypes.settings, settings, total));
    const failure = file.append(blocks);
    const unsynced = file.close();
    const failed = failure ?? unsynced;
    if (failed) return { ...failed, message: tried };
    index.walk(Number.POSITIVE_INFINITY);
    return undefined;
  } catch (error) {
    return fileFailure(tried, error);
  }
}
