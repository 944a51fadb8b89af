import type { Failure, Result } from '#shared/failure.ts';
import { blockTypes } from '#shared/record/block.ts';
import type { Mark } from '#shared/record/marks.ts';
import type { SessionSettings } from '#shared/record/session-header.ts';
import type { BlockIndex } from '../format/block-index.ts';
import { fileFailure } from '../format/file-failure.ts';
import { jsonBlock } from '../format/outgoing-block.ts';
import { isBeingRecorded } from '../format/recording-process.ts';
import type { OpenedView } from '../protocol.ts';
import { LogFile } from '../record/log-file.ts';
import type { Reader } from './reader.ts';

/** Marks and settings for a session that is not being recorded. */
interface Additions {
  readonly marks?: readonly Mark[] | undefined;
  readonly settings?: Partial<SessionSettings> | undefined;
}

/**
 * Appends to the session file of `reader`, which is not live and completely scanned; returns the session with the additions.
 * Fails without changing the file if the file is damaged, since it is evidence and nothing may be written after the damage,
 * or if another process records to it.
 */
export function appendToSession(reader: Reader, additions: Additions): Result<OpenedView> {
  const error = appendToFile(reader.index, reader.path, additions);
  return error ? { ok: false, error } : { ok: true, value: reader.view() };
}

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
