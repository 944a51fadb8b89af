import { randomUUID } from 'node:crypto';
import { existsSync, statSync, unlinkSync } from 'node:fs';
import type { ImportKind } from '#shared/export/import-formats.ts';
import type { Failure } from '#shared/failure.ts';
import type { ByteReader } from '#shared/pcap/reading/capture-file.ts';
import { blockTypes } from '#shared/record/block.ts';
import { type Mark, maxNoteLength } from '#shared/record/record.ts';
import { sessionFormat, sessionVersion } from '#shared/record/session-json.ts';
import { fileFailure } from '../../format/failures.ts';
import { createSessionFile, jsonBlock, type OutgoingBlock, recordsBlock } from '../../format/outgoing-block.ts';
import { LogFile } from '../../record/log-file.ts';
import { Recorder } from '../../record/recorder.ts';
import type { RecorderOutput } from '../../record/recorder-output.ts';
import type { Progress } from '../../threads.ts';
import { nameNewFile } from '../export/target-file.ts';
import type { ImporterStart } from './import-session.ts';

/** The result of an import: the number of sockets, and in `notice` what could not be imported. */
export interface Taken {
  readonly sockets: number;
  readonly notice: string;
}

/** Each `yield` is a place to pause or stop, and has the position in the source. */
export type Importing = Generator<Progress, Taken>;

/** A source and its reader. */
export interface ImportSource {
  readonly reader: ByteReader;
  /** In bytes; 0 where it is unknown. */
  readonly size: number;
  /** Parts that are missing before it is read, in sentences; usually empty. */
  readonly notice: string;
}

/** Reads one import format. */
export interface ImportReader {
  readonly kind: ImportKind;
  /** Returns true where a file that begins with `start` (64 KiB, or all of it) has this format. */
  detects(start: Uint8Array): boolean;
  /** Records the contents of `source`. */
  read(source: ImportSource, target: SessionTarget): Importing;
}

/** Marks that wait to be written together. */
const maxWaitingMarks = 1_000;
const longestTimerMs = 0x7fff_ffff;

/** Thrown where the session cannot be written: an end of the import that its caller expects. */
export class TargetFailure extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/**
 * A session file that is made whole or not at all: written under another name beside its own, and renamed when it is
 * done. Without threads: what is recorded is appended here and now. Throws `TargetFailure`.
 */
export class SessionTarget {
  readonly recorder: Recorder;
  readonly #path: string;
  readonly #part: string;
  readonly #file: LogFile;
  #marks: Mark[] = [];
  #isOpen = true;

  constructor({ target, part, name, appVersion }: Omit<ImporterStart, 'source'>) {
    this.#path = target;
    this.#part = part;
    if (existsSync(target)) throw new TargetFailure(this.#exists());
    const createdAt = new Date().toISOString();
    const common = { format: sessionFormat, version: sessionVersion, app: appVersion } as const;
    const created = createSessionFile(this.#part, { ...common, id: randomUUID(), name, createdAt });
    if ('code' in created) {
      throw new TargetFailure({ ...created, message: `Could not create the session file “${target}”` });
    }
    this.#file = new LogFile(this.#part, created.length);
    const output: RecorderOutput = {
      sockets: (infos) => this.#append(jsonBlock(blockTypes.sockets, infos, this.#file.next)),
      // An import has no reads: what was captured are packets.
      reads: () => undefined,
      records: (block) => {
        this.#append(recordsBlock(block));
        this.recorder.written(0, [block.buffer]);
      },
      awaited: () => undefined,
    };
    // Nothing waits: blocks are written as they fill, and by nobody but the import itself.
    this.recorder = new Recorder(output, {
      maxAgeMs: longestTimerMs,
      maxWaiting: Number.MAX_SAFE_INTEGER,
      ascending: false,
    });
  }

  /** Leaves a mark at a record that was recorded or is the next. */
  mark(mark: Mark): void {
    this.#marks.push({ ...mark, note: mark.note.slice(0, maxNoteLength) });
    if (this.#marks.length >= maxWaitingMarks) this.#writeMarks();
  }

  /** Ends the file and gives it its name; gives its size. */
  finish(): number {
    const { recorder } = this;
    this.#writeMarks();
    const { next: records, messageCount: messages, bytes, problems } = recorder;
    recorder.stop();
    this.#append(jsonBlock(blockTypes.end, { records, messages, bytes, problems }, this.#file.next));
    this.#isOpen = false;
    const failure = this.#file.close();
    if (failure) throw new TargetFailure({ ...failure, message: this.#tried() });
    this.#rename();
    return statSync(this.#path).size;
  }

  /** Removes what was written. */
  abandon(): void {
    this.recorder.stop();
    if (this.#isOpen) this.#file.close();
    this.#isOpen = false;
    try {
      unlinkSync(this.#part);
    } catch {
      // It has its name already.
    }
  }

  /** Never over a file that has appeared meanwhile. */
  #rename(): void {
    try {
      nameNewFile(this.#part, this.#path);
    } catch (error) {
      if (existsSync(this.#path)) throw new TargetFailure(this.#exists());
      throw new TargetFailure(fileFailure(this.#tried(), error));
    }
  }

  #writeMarks(): void {
    // Marks follow the records that they belong to.
    this.recorder.flush();
    if (this.#marks.length === 0) return;
    const marks = this.#marks;
    this.#marks = [];
    this.#append(jsonBlock(blockTypes.marks, marks, this.#file.next));
  }

  #append(block: OutgoingBlock): void {
    const failure = this.#file.append([block]);
    if (failure) throw new TargetFailure({ ...failure, message: this.#tried() });
  }

  #tried(): string {
    return `Could not create the session “${this.#path}”`;
  }

  #exists(): Failure {
    return {
      code: 'file',
      message: this.#tried(),
      system: 'a file of this name exists',
      hint: 'It is not overwritten. Use a different name.',
    };
  }
}
