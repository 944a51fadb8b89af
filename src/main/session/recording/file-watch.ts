import type { Failure } from '#shared/failure.ts';
import { changedFailure } from './file-changes.ts';
import { type Damage, FileCheck, firstDamage, isIntactBehindDamage } from './file-check.ts';
import type { LogFile } from './log-file.ts';
import { isNotOurs } from './mending.ts';

/** How long one look may compare what is in the file with what was written. */
const lookMs = 50;
/** How long the last one may. */
const lastLookMs = 1_000;

/** Notices that another program has overwritten bytes within a file that is being recorded to. */
export class FileWatch {
  /** The block that the file begins with. */
  readonly head: Uint8Array;
  readonly #check = new FileCheck();
  #damage: Damage | undefined;

  constructor(head: Uint8Array) {
    this.head = head;
  }

  /** Where the file is known to be overwritten. */
  get damage(): Damage | undefined {
    return this.#damage;
  }

  /** Compares a part of the file, where another program may have written to it; says why it cannot be recorded to. */
  look(file: LogFile): Failure | undefined {
    if (file.takeTouched()) this.#check.request();
    return this.#found(file, this.#check.run(file, this.head, lookMs));
  }

  /** Compares all of the file, as far as there is time. */
  lookLast(file: LogFile): Failure | undefined {
    return this.#found(file, firstDamage(file, this.head, lastLookMs));
  }

  /** Says why the file cannot be made one to append to without a loss of what is intact in it. */
  overwritten(file: LogFile): Failure | undefined {
    const isToCompare = this.#damage !== undefined || (file.isChanged && isIntactBehindDamage(file));
    return this.#found(file, isToCompare ? firstDamage(file, this.head) : undefined);
  }

  /** How far the session can be read once `file` is closed, where something else is in it or at its place. */
  left(file: LogFile): Damage | undefined {
    return this.#damage ?? (isNotOurs(file, this.head) ? { at: 0, record: 0 } : undefined);
  }

  #found(file: LogFile, damage: Damage | undefined): Failure | undefined {
    this.#damage = damage;
    return damage && changedFailure(file.tried, { kind: 'overwritten', at: damage.at });
  }
}
