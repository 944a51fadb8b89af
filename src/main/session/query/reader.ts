import type { Failure, Result } from '#shared/failure.ts';
import { recordingDelayMs } from '#shared/record/recording-delay.ts';
import { BlockCache } from '../format/block-cache.ts';
import { BlockIndex } from '../format/block-index.ts';
import { BlockSource } from '../format/block-source.ts';
import { notASession } from '../format/file-failure.ts';
import { isBeingRecorded } from '../format/recording-process.ts';
import { Scan } from '../format/scan.ts';
import { SessionFile } from '../format/session-file.ts';
import type { OpenedView } from '../protocol.ts';
import { ReadsIndex } from './reads.ts';

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
