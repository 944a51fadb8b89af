import type { Scope } from '#shared/contract/models.ts';
import type { PageQuestionInput, PageQuestionOutput } from '#shared/contract/questions/catalogue.ts';
import type { SaveFormat } from '#shared/export/export-formats.ts';
import type { Result } from '#shared/failure.ts';
import type { BlockIndex } from '../../format/block-index.ts';
import type { Scan } from '../../format/block-source.ts';
import { cancelled } from '../../format/failures.ts';
import type { Question } from '../../query/asked-session.ts';
import { selectionOf } from '../../query/filter/filter-text.ts';
import type { ReaderJob } from '../../threads.ts';
import { inSlices, type Progress } from '../../threads.ts';
import { exportWriters } from './formats/catalogue.ts';
import type { Counted } from './saving.ts';
import { countChosen } from './saving.ts';

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
