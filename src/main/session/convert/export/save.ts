import type { Scope } from '#shared/contract/models.ts';
import type { PageQuestionInput, PageQuestionOutput } from '#shared/contract/questions/catalogue.ts';
import { type ExportOptions, exportFormatOf, type SaveFormat } from '#shared/export/export-formats.ts';
import type { Failure, Result } from '#shared/failure.ts';
import type { BlockIndex } from '../../format/block-index.ts';
import type { Scan } from '../../format/block-source.ts';
import { cancelled, fileFailure } from '../../format/failures.ts';
import type { Question } from '../../query/asked-session.ts';
import { selectionOf } from '../../query/filter/filter-text.ts';
import { inSlices, type Progress, type ReaderJob } from '../../threads.ts';
import { exportWriters } from './formats/catalogue.ts';
import { type Counted, countChosen } from './saving.ts';
import { TargetFile } from './target-file.ts';

/** Writes a copy of what is on disk now, in another place or format. */
export const save: Question<SaveInput, Saved> = (input, { reader }, job) => saved(reader, { ...input, ...job });

interface SaveInput extends ExportOptions {
  readonly format: SaveFormat;
  /** The file; it is replaced only when everything is written. */
  readonly path: string;
  /** What happens to an existing file: `refuse` fails (`EEXIST`). It is replaced where this is left out. */
  readonly existing?: 'refuse' | 'replace' | undefined;
  /** Which records; all where it is left out. */
  readonly scope?: Scope | undefined;
}

interface Saved {
  readonly path: string;
  readonly records: number;
  /** Size of the written file. */
  readonly bytes: number;
}

type SaveJob = SaveInput & ReaderJob & { readonly scope: Scope };

/** Exports the records that `index` has now. A failed or cancelled export leaves no file, and an existing file unchanged. */
export async function saved(
  { index, scan }: { readonly index: BlockIndex; readonly scan: Scan },
  { scope = {}, ...options }: SaveInput & ReaderJob,
): Promise<Result<Saved>> {
  const job: SaveJob = { ...options, scope };
  const { path } = job;
  const selected = selectionOf(index, job.scope);
  if (!selected.ok) return selected;
  const source = { index, scan, selection: selected.value };
  let target: TargetFile | undefined;
  try {
    if (index.file.isAt(path)) return failed(ownFile(path));
    target = new TargetFile(path, job.existing === 'refuse' ? 'new' : 'replace');
    if (target.isTerminal && exportFormatOf(job.format).isBinary) {
      target.abandon();
      return failed(noTerminal(job.format));
    }
    const records = await exportWriters[job.format].write(source, target, job);
    if (typeof records === 'object') {
      target.abandon();
      return failed(records);
    }
    if (records === undefined) {
      target.abandon();
      return failed(cancelled(`Saving “${path}”`));
    }
    target.finish();
    return { ok: true, value: { path, records, bytes: target.bytes } };
  } catch (error) {
    target?.abandon();
    return failed(fileFailure(`Could not save “${path}”`, error));
  }
}

function noTerminal(format: SaveFormat): Failure {
  return {
    code: 'bad-input',
    message: `Could not print the session as ${format}`,
    system: 'a terminal would interpret the bytes, which are not text',
    hint: 'Name a file.',
  };
}

function ownFile(path: string): Failure {
  return {
    code: 'file',
    message: `Could not save “${path}”`,
    system: 'this is the file of the session itself',
    hint: 'Select another name.',
  };
}

function failed(error: Failure): { readonly ok: false; readonly error: Failure } {
  return { ok: false, error };
}

/** Estimates how much a save would write: see `estimateSchema`. */
export const estimate: Question<PageQuestionInput<'estimate'>, PageQuestionOutput<'estimate'>> = (
  input,
  { reader },
  job,
) => estimated(reader, { ...input, ...job });

interface EstimateJob extends ReaderJob {
  readonly format: SaveFormat;
  readonly scope: Scope;
}

/** How many records a save would write, and about how many bytes: of the whole session or its raw bytes exactly. */
async function estimated(
  { index, scan }: { readonly index: BlockIndex; readonly scan: Scan },
  job: EstimateJob,
): Promise<Result<{ records: number; bytes: number }>> {
  const { format, scope } = job;
  const selected = selectionOf(index, scope);
  if (!selected.ok) return selected;
  const selection = selected.value;
  const counting = selection.all ? scanned(index, scan) : countChosen({ index, selection });
  const counts = await inSlices(counting, job);
  if (counts === undefined) return { ok: false, error: cancelled('Estimating the size') };
  const writer = exportWriters[format];
  const records = writer.messagesOnly ? counts.messagesIn + counts.messagesOut : counts.records;
  if (format === 'wirebench' && selection.all) {
    const { from, to } = index.afterEnd;
    return { ok: true, value: { records, bytes: index.end + to - from + endBlockBytes(counts) } };
  }
  return { ok: true, value: { records, bytes: Math.round(writer.size(counts, scope)) } };
}

/** What the scan counts of all records, without another pass. */
function* scanned(index: BlockIndex, scan: Scan): Generator<Progress, Counted> {
  while (!scan.finished) {
    scan.run(0);
    yield { done: scan.position, total: index.end };
  }
  const { records, messagesIn, messagesOut, bytesIn, bytesOut, problems, events } = scan;
  return { records, messagesIn, messagesOut, bytesIn, bytesOut, problems, eventBytes: events * 120 };
}

const blockHeaderBytes = 40;

function endBlockBytes({ records, messagesIn, messagesOut, bytesIn, bytesOut, problems }: Counted): number {
  const totals = { records, messages: messagesIn + messagesOut, bytes: bytesIn + bytesOut, problems };
  return blockHeaderBytes + Math.ceil(JSON.stringify(totals).length / 8) * 8;
}
