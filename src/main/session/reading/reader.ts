import type { Failure, Result } from '#shared/failure.ts';
import type { Mark } from '#shared/record/marks.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';
import { recordingDelayMs } from '#shared/record/recording-delay.ts';
import { noRecord, notASession } from '../file-failure.ts';
import type { OpenedView, ReaderCalls } from '../protocol.ts';
import { isBeingRecorded } from '../recording-process.ts';
import type { SessionStats, SessionWindow } from '../session.ts';
import { BlockCache } from './block-cache.ts';
import { BlockIndex } from './block-index.ts';
import { BlockSource } from './block-source.ts';
import { previewSources } from './preview-sources.ts';
import { ReadsIndex } from './reads.ts';
import { rowOf } from './rows.ts';
import { Scan } from './scan.ts';
import { SessionFile } from './session-file.ts';

type Payload = ReaderCalls['payload']['output'];

/**
 * Answers questions about one session file, live or opened. Knows nothing of threads. What `node:fs` throws comes
 * through.
 */
export class Reader {
  readonly index: BlockIndex;
  readonly scan: Scan;
  /** What the search of filters reads through. */
  readonly filterReads: { readonly index: BlockIndex; readonly source: BlockSource; readonly cache: BlockCache };
  readonly reads: ReadsIndex;
  #path: string;
  readonly #live: boolean;
  readonly #file: SessionFile;
  readonly #cache: BlockCache;
  /** Another session of Wirebench was writing to the file when it was opened. */
  #recorded = false;

  constructor(path: string, live: boolean) {
    this.#path = path;
    this.#live = live;
    this.#file = new SessionFile(path);
    this.index = new BlockIndex(this.#file, live);
    this.#cache = new BlockCache(this.index);
    const source = new BlockSource(this.index);
    this.scan = new Scan(this.index, source);
    this.filterReads = { index: this.index, cache: this.#cache, source };
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

  window(upTo: number, first: number, count: number): SessionWindow {
    const { index } = this;
    index.walk(upTo);
    const rows: Row[] = [];
    const sockets = new Map<number, SocketInfo>();
    const sources = previewSources(index, this.#cache);
    for (let seq = first; seq < Math.min(first + count, index.total); ) {
      const block = this.#cache.get(index.find(seq));
      // It did not check, and has cut the index: what is left is told by `total`.
      if (block === undefined) break;
      const end = Math.min(first + count, block.first + block.count);
      for (; seq < end; seq += 1) {
        const row = rowOf(block, seq - block.first, sources);
        const mark = index.marks.get(seq);
        rows.push(mark ? { ...row, mark: { bookmarked: mark.bookmarked, note: mark.note } } : row);
        const info = index.sockets.get(row.socket);
        if (info) sockets.set(info.id, info);
      }
    }
    const { total } = index;
    return { total, matched: total, scanned: total, rows, sockets: [...sockets.values()] };
  }

  payload(upTo: number, seq: number, from: number, length: number): Result<Payload> {
    const { index } = this;
    index.walk(upTo);
    const block = seq < index.total ? this.#cache.get(index.find(seq)) : undefined;
    if (block === undefined) {
      return failed(noRecord(seq, index.total));
    }
    const row = rowOf(block, seq - block.first);
    const begin = Math.min(from, row.length);
    const end = Math.min(begin + length, row.length);
    if (begin === end) return { ok: true, value: { bytes: new Uint8Array(0), total: row.length } };
    // In a buffer of its own, which is then handed over.
    const bytes = new Uint8Array(block.bytes(seq - block.first, begin, end));
    return { ok: true, value: { bytes, total: row.length } };
  }

  /** What a person left at record `seq`. */
  mark(seq: number): Result<Mark> {
    const { index } = this;
    if (seq < index.total) return { ok: true, value: index.marks.get(seq) ?? { seq, bookmarked: false, note: '' } };
    return failed(noRecord(seq, index.total));
  }

  /** What the scan has counted; complete when it has finished. */
  stats(): SessionStats {
    const { messagesIn, messagesOut, bytesIn, bytesOut, events, problems, firstAt, lastAt } = this.scan;
    return {
      records: messagesIn + messagesOut + events,
      events,
      messagesIn,
      messagesOut,
      bytesIn,
      bytesOut,
      problems,
      sockets: this.index.sockets.size,
      firstAt,
      lastAt,
      fileBytes: this.#file.size(),
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

function failed(error: Failure): { readonly ok: false; readonly error: Failure } {
  return { ok: false, error };
}
