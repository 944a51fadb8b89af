import type { Scope } from '#shared/contract/models.ts';
import type { ExportOptions } from '#shared/export/export-formats.ts';
import type { Failure } from '#shared/failure.ts';
import type { ReaderTask } from '../../../threads.ts';
import { inSlices } from '../../../threads.ts';
import type { Counts, SaveSource, Saving } from '../saving.ts';
import type { TargetFile } from '../target-file.ts';

/** The counts on which the size of a file depends. */
export type Counted = Pick<
  Counts,
  'records' | 'messagesIn' | 'messagesOut' | 'bytesIn' | 'bytesOut' | 'problems' | 'eventBytes'
>;

/** What a writer is given beside the source. */
interface WriteJob extends ExportOptions, ReaderTask {
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
export async function run(saving: Saving, task: ReaderTask): Promise<number | undefined> {
  const records = await inSlices(saving, task);
  if (records === undefined) saving.return(0);
  return records;
}

/** Returns the size of a file that takes `perRecord` bytes for each record beside its message, as measured on such files. */
export function sizeWith(perRecord: number): (counts: Counted) => number {
  return ({ records, bytesIn, bytesOut, eventBytes }) => records * perRecord + bytesIn + bytesOut + eventBytes;
}
