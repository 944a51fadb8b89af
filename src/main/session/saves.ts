import type { Failure, Result } from '#shared/contract/failure.ts';
import type { SaveFormat, Scope } from '#shared/contract/models.ts';
import { jsonlFormat } from '#shared/record/jsonl.ts';
import { textFormat } from '#shared/record/text-log.ts';
import type { BlockIndex } from './block-index.ts';
import { savePcapng } from './exports/pcapng.ts';
import type { SaveSource, Saving } from './exports/saving.ts';
import { saveText } from './exports/text.ts';
import { saveWholeSession } from './exports/whole-session.ts';
import { cancelled, fileFailure } from './file-failure.ts';
import type { ReaderTask } from './protocol.ts';
import type { Scan } from './scan.ts';
import { selectionOf } from './selection.ts';
import type { Saved } from './session.ts';
import { inSlices } from './slices.ts';
import { TargetFile } from './target-file.ts';

export interface SaveJob extends ReaderTask {
  readonly format: SaveFormat;
  readonly path: string;
  readonly scope: Scope;
}

/** Saves what `index` has now. Whole or not at all: a failed or cancelled save leaves no file and no changed one. */
export async function save(session: { index: BlockIndex; scan: Scan }, job: SaveJob): Promise<Result<Saved>> {
  const { path } = job;
  const { index, scan } = session;
  const selected = selectionOf(index, job.scope);
  if (!selected.ok) return selected;
  const source = { index, scan, selection: selected.value };
  let target: TargetFile | undefined;
  try {
    if (index.file.isAt(path)) return failed(ownFile(path));
    target = new TargetFile(path);
    const records = await inSlices(savingOf(source, job, target), job);
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

function savingOf(source: SaveSource, { format }: SaveJob, target: TargetFile): Saving {
  if (format === 'wirebench') return saveWholeSession(source.index, source.scan, target);
  if (format === 'pcapng') return savePcapng(source, target);
  return saveText(source, format === 'jsonl' ? jsonlFormat : textFormat, target);
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
