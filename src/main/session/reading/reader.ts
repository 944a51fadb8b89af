import type { Failure, Result } from '#shared/failure.ts';
import { recordingDelayMs } from '#shared/record/recording-delay.ts';
import { notASession } from '../file-failure.ts';
import type { OpenedView } from '../protocol.ts';
import { isBeingRecorded } from '../recording-process.ts';
import { BlockCache } from './block-cache.ts';
import { BlockIndex } from './block-index.ts';
import { BlockSource } from './block-source.ts';
import { ReadsIndex } from './reads.ts';
import { Scan } from './scan.ts';
import { SessionFile } from './session-file.ts';

/** Reads one session file, live or opened. Knows nothing of threads. What `node:fs` throws comes through. */
export class Reader {
  readonly index: BlockIndex;
  readonly scan: Scan;
  /** What searches read through. */
  readonly queryReads: { readonly index: BlockIndex; readonly source: BlockSource; readonly cache: BlockCache };
  readonly reads: ReadsIndex;
  #path: string;
  readonly #live: boolean;
  readonly #file: SessionFile;
  /** Another session of Wirebench was writing to the file when it was opened. */
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

  /** Where the file is. */
  get path(): string {
    return this.#path;
  }

  /** Goes on with the file at `path`, which begins with the same bytes. */
  reopen(path: string): void {
    this.#file.reopen(path);
    this.#path = path;
  }

  /** Walks the file; fails where it is no session. */
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
    const { cut, end } = this.index;
    if (this.#file.size() === 0) return notASession(this.#path, 'the file is empty');
    return notASession(this.#path, cut && end === 0 ? `at its start: ${cut.why}` : 'it has no session header');
  }

  #notice(): string {
    const { cut, totals } = this.index;
    // What its recorder has begun to write is cut off, and no damage.
    if (this.#recorded && (cut === undefined || cut.unfinished)) {
      return 'The session is still being recorded: what happens from now on is not shown here.';
    }
    // In a live file only something else than Wirebench can have made a cut.
    if (cut && totals) {
      // A mark that was being set when the program or the disk failed, say: it costs nothing else.
      const where = `at byte ${cut.at} ${cut.why}, so ${cut.lost} bytes from there on were left out`;
      return `Behind its end the file is damaged: ${where}. All records are complete; a mark may be missing.`;
    }
    if (cut) {
      const where = `at byte ${cut.at} ${cut.why}, so ${cut.lost} bytes from there on were left out`;
      return `The file is damaged or was not ended in order: ${where}. All records before are complete.`;
    }
    if (totals || this.#live) return '';
    return `The recording was not ended in order: what happened in its last moments (${recordingDelayMs} ms at most) may be missing.`;
  }
}
