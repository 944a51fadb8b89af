import type { Scope } from '#shared/contract/models.ts';
import type { SaveFormat } from '#shared/contract/save-formats.ts';
import { maxReportBodyBytes, maxReportRecords } from '#shared/export/html-report.ts';
import type { Result } from '#shared/failure.ts';
import { cancelled } from '../file-failure.ts';
import { selectionOf } from '../filtering/selection.ts';
import type { BlockIndex } from '../reading/block-index.ts';
import type { Scan } from '../reading/scan.ts';
import { inSlices, type Progress } from '../reading/slices.ts';
import type { ReaderTask } from '../task.ts';
import { type Counts, countChosen } from './counting.ts';
import { isOneStream } from './raw.ts';

/** What was counted, as far as sizes depend on it. */
type Counted = Pick<
  Counts,
  'records' | 'messagesIn' | 'messagesOut' | 'bytesIn' | 'bytesOut' | 'problems' | 'eventBytes'
>;

interface EstimateJob extends ReaderTask {
  readonly format: SaveFormat;
  readonly scope: Scope;
}

/** How many records a save would write, and about how many bytes: of the whole session or its raw bytes exactly. */
export async function estimate(
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
  const records = format === 'raw' ? counts.messagesIn + counts.messagesOut : counts.records;
  if (format === 'wirebench' && selection.all) {
    const behind = index.behind.to - index.behind.from;
    return { ok: true, value: { records, bytes: index.end + behind + endBlockBytes(counts) } };
  }
  return { ok: true, value: { records, bytes: Math.round(sizeOf(format, scope, counts)) } };
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

/** Bytes that each record takes beside those of its message, measured on files of each format. */
const perRecord: Readonly<Record<Exclude<SaveFormat, 'raw' | 'html'>, number>> = {
  wirebench: 24,
  jsonl: 165,
  text: 90,
  csv: 125,
  pcapng: 78,
  sqlite: 45,
  parquet: 8,
};
const htmlRowBytes = 150;
/** A TCP packet holds so much, and every so many packets an acknowledgement goes back. */
const packetBytes = 65_495;
const acknowledgementShare = 72 / 16;
const tarEntryBytes = 1_024;

function sizeOf(format: SaveFormat, scope: Scope, counts: Counted): number {
  const { records, bytesIn, bytesOut, eventBytes } = counts;
  const bytes = bytesIn + bytesOut;
  switch (format) {
    case 'raw':
      return isOneStream(scope) ? bytes : bytes + tarEntryBytes * 2 * Math.max(1, scope.sockets?.length ?? 1);
    case 'html': {
      const shown = Math.min(records, maxReportRecords);
      const mean = records === 0 ? 0 : bytes / records;
      return 4_096 + shown * (htmlRowBytes + Math.min(mean, maxReportBodyBytes) * 1.1);
    }
    case 'pcapng':
      return 512 + records * (perRecord.pcapng + acknowledgementShare) + bytes * (1 + 78 / packetBytes);
    case 'wirebench':
      return 512 + records * perRecord.wirebench + bytes + eventBytes;
    case 'sqlite':
      return 16_384 + records * perRecord.sqlite + bytes * 1.05 + eventBytes * 2;
    default:
      return records * perRecord[format] + bytes + eventBytes;
  }
}
