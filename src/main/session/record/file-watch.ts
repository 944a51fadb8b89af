import type { Failure, Result } from '#shared/failure.ts';
import { fileFailure } from '../format/file-failure.ts';
import { changedFailure } from './file-changes.ts';
import { type Damage, FileCheck, firstDamage, isIntactAfterDamage } from './file-check.ts';
import { LogFile } from './log-file.ts';
import { isNotOurs } from './mending.ts';

/** How long one check may compare the file with what was written. */
const lookMs = 50;
/** How long the last check may take. */
const lastLookMs = 1_000;

/** Detects that another program has overwritten bytes in a file that is being recorded to. */
export class FileWatch {
  /** The block at the start of the file. */
  readonly head: Uint8Array;
  readonly #check = new FileCheck();
  #damage: Damage | undefined;

  constructor(head: Uint8Array) {
    this.head = head;
  }

  /** The known damage of the file. */
  get damage(): Damage | undefined {
    return this.#damage;
  }

  /** Compares a part of the file if another program may have written to it; returns the failure if it is damaged. */
  look(file: LogFile): Failure | undefined {
    if (file.takeTouched()) this.#check.request();
    return this.#found(file, this.#check.run(file, this.head, lookMs));
  }

  /** Compares the whole file, within the time limit. */
  lookLast(file: LogFile): Failure | undefined {
    return this.#found(file, firstDamage(file, this.head, lastLookMs));
  }

  /** Returns the failure if the file cannot be repaired by truncation without losing intact data. */
  overwritten(file: LogFile): Failure | undefined {
    const isToCompare = this.#damage !== undefined || (file.isChanged && isIntactAfterDamage(file));
    return this.#found(file, isToCompare ? firstDamage(file, this.head) : undefined);
  }

  /** Returns how far the session can be read after `file` is closed, if its content or its place is no longer ours. */
  left(file: LogFile): Damage | undefined {
    return this.#damage ?? (isNotOurs(file, this.head) ? { at: 0, record: 0 } : undefined);
  }

  #found(file: LogFile, damage: Damage | undefined): Failure | undefined {
    this.#damage = damage;
    return damage && changedFailure(file.tried, { kind: 'overwritten', at: damage.at });
  }
}

/** Opens the session file at `path`, whose first `length` bytes are its header block, for recording. */
export function openWatched(
  path: string,
  length: number,
): Result<{ readonly file: LogFile; readonly watch: FileWatch }> {
  try {
    const file = new LogFile(path, length);
    const head = new Uint8Array(length);
    file.readInto(head, 0);
    return { ok: true, value: { file, watch: new FileWatch(head) } };
  } catch (error) {
    return { ok: false, error: fileFailure(`Could not record to “${path}”`, error) };
  }
}
