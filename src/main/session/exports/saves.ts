import { assertNever } from '#shared/assert-never.ts';
import type { Scope } from '#shared/contract/models.ts';
import { isBinary, type SaveFormat } from '#shared/contract/save-formats.ts';
import { csvFormat } from '#shared/export/csv.ts';
import { jsonlFormat } from '#shared/export/jsonl.ts';
import { textFormat } from '#shared/export/text-log.ts';
import type { Failure, Result } from '#shared/failure.ts';
import { cancelled, fileFailure } from '../file-failure.ts';
import { startOf } from '../filtering/filter-context.ts';
import { selectionOf } from '../filtering/selection.ts';
import type { BlockIndex } from '../reading/block-index.ts';
import type { Scan } from '../reading/scan.ts';
import { inSlices } from '../reading/slices.ts';
import type { ReaderTask } from '../task.ts';
import { saveChosenSession } from './chosen-session.ts';
import { saveHtml } from './html.ts';
import { saveParquet } from './parquet.ts';
import { savePcapng } from './pcapng.ts';
import { isOneStream, saveStream } from './raw.ts';
import type { SaveSource, Saving } from './saving.ts';
import { loadSqlite, saveSqlite } from './sqlite.ts';
import { saveTar } from './tar.ts';
import { TargetFile } from './target-file.ts';
import { saveText } from './text.ts';
import { saveWholeSession } from './whole-session.ts';

export interface SaveInput {
  readonly format: SaveFormat;
  /** Replaced only when all is written. */
  readonly path: string;
  /** What becomes of a file that is there: `refuse` fails (`EEXIST`). Replaced where it is left out. */
  readonly existing?: 'refuse' | 'replace' | undefined;
  /** Which records; all where it is left out. */
  readonly scope?: Scope | undefined;
  /** Of CSV: leaves cells as they are that a spreadsheet would run as formulas. */
  readonly keepFormulas?: boolean | undefined;
}

export interface Saved {
  readonly path: string;
  readonly records: number;
  /** Size of the written file. */
  readonly bytes: number;
}

type SaveJob = SaveInput & ReaderTask & { readonly scope: Scope };

/** Saves what `index` has now. Whole or not at all: a failed or cancelled save leaves no file and no changed one. */
export async function save(
  { index, scan }: { readonly index: BlockIndex; readonly scan: Scan },
  { scope = {}, ...options }: SaveInput & ReaderTask,
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
    if (target.isTerminal && isBinary(job.format)) {
      target.abandon();
      return failed(noTerminal(job.format));
    }
    const records = await write(source, job, target);
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

/** Gives how many records were written, `undefined` where that was cancelled. Libraries are loaded when needed. */
async function write(source: SaveSource, job: SaveJob, target: TargetFile): Promise<number | Failure | undefined> {
  const { format, scope, keepFormulas } = job;
  switch (format) {
    case 'raw':
      return isOneStream(scope) ? run(saveStream(source, target), job) : saveTar(source, target, job);
    case 'sqlite': {
      const sqlite = loadSqlite();
      return 'code' in sqlite ? sqlite : run(saveSqlite(sqlite, source, target), job);
    }
    case 'parquet':
      return run(saveParquet(await import('hyparquet-writer'), source, target), job);
    default:
      return run(savingOf(source, { format, scope, keepFormulas }, target), job);
  }
}

/** Runs `saving` to its end; one that was cancelled closes what it has open. */
async function run(saving: Saving, job: SaveJob): Promise<number | undefined> {
  const records = await inSlices(saving, job);
  if (records === undefined) saving.return(0);
  return records;
}

function savingOf(
  source: SaveSource,
  job: Pick<SaveJob, 'scope' | 'keepFormulas'> & { readonly format: Exclude<SaveFormat, 'raw' | 'sqlite' | 'parquet'> },
  target: TargetFile,
): Saving {
  const { format, scope } = job;
  const { index, scan, selection } = source;
  switch (format) {
    case 'wirebench':
      return selection.all ? saveWholeSession(index, scan, target) : saveChosenSession(source, scope, target);
    case 'jsonl':
      return saveText(source, jsonlFormat, target);
    case 'text':
      return saveText(source, textFormat, target);
    case 'csv':
      return saveText(source, csvFormat(startOf(index), job.keepFormulas), target);
    case 'html':
      return saveHtml(source, scope, target);
    case 'pcapng':
      return savePcapng(source, target);
    default:
      return assertNever(format);
  }
}

function noTerminal(format: SaveFormat): Failure {
  return {
    code: 'bad-input',
    message: `Could not print the session as ${format}`,
    system: 'a terminal would act on bytes that are no text',
    hint: 'Name a file.',
  };
}

function ownFile(path: string): Failure {
  return {
    code: 'file',
    message: `Could not save “${path}”`,
    system: 'this is the file of the session itself',
    hint: 'Choose another name.',
  };
}

function failed(error: Failure): { readonly ok: false; readonly error: Failure } {
  return { ok: false, error };
}
