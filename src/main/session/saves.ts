import type { Failure, Result } from '#shared/contract/failure.ts';
import type { SaveFormat, Scope } from '#shared/contract/models.ts';
import { jsonlFormat } from '#shared/record/jsonl.ts';
import { textFormat } from '#shared/record/text-log.ts';
import type { BlockIndex } from './block-index.ts';
import { type Saving, saveSession, saveText } from './export.ts';
import { cancelled, fileFailure } from './file-failure.ts';
import type { ReaderTask } from './protocol.ts';
import type { Scan } from './scan.ts';
import type { Saved } from './session.ts';
import { inSlices } from './slices.ts';
import { TargetFile } from './target-file.ts';

export interface SaveJob extends ReaderTask {
  readonly format: SaveFormat;
  readonly path: string;
  readonly scope: Scope;
}

export interface SaveSource {
  readonly index: BlockIndex;
  readonly scan: Scan;
}

/** Saves what `index` has now. Whole or not at all: a failed or cancelled save leaves no file and no changed one. */
export async function save({ index, scan }: SaveSource, job: SaveJob): Promise<Result<Saved>> {
  const { path } = job;
  let target: TargetFile | undefined;
  try {
    if (index.file.isAt(path)) return failed(ownFile(path));
    target = new TargetFile(path);
    const records = await inSlices(savingOf(index, scan, job.format, target), job);
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

function savingOf(index: BlockIndex, scan: Scan, format: SaveFormat, target: TargetFile): Saving {
  if (format === 'wirebench') return saveSession(index, scan, target);
  return saveText(index, format === 'jsonl' ? jsonlFormat : textFormat, target);
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
