import { ByteReader } from '#shared/capture/byte-reader.ts';
import type { Result } from '#shared/failure.ts';
import { cancelled, fileFailure } from '../file-failure.ts';
import type { ReaderTask } from '../protocol.ts';
import { inSlices, type Progress } from '../reading/slices.ts';
import { kindOf, startBytes } from './detect-file.ts';
import { importCapture } from './import-capture.ts';
import { importJsonl } from './import-jsonl.ts';
import type { Imported, ImporterStart } from './import-session.ts';
import { SessionTarget, TargetFailure } from './session-target.ts';
import { SourceFile } from './source-file.ts';

/** What an import took and what it could not take. */
export interface Taken {
  readonly sockets: number;
  readonly notice: string;
}

/** Each `yield` is a place to pause or stop, and says how far the source was read. */
export type Importing = Generator<Progress, Taken>;

/** Imports without a thread of its own; see `importSession`. */
export async function runImport(start: ImporterStart, task: ReaderTask): Promise<Result<Imported>> {
  let source: SourceFile | undefined;
  let target: SessionTarget | undefined;
  try {
    source = new SourceFile(start.source);
    const reader = new ByteReader((into) => source?.read(into) ?? 0);
    const kind = kindOf(start.source, reader.peek(startBytes));
    if (!kind.ok) return kind;
    if (kind.value === 'wirebench') return isSession(start.source);
    target = new SessionTarget(start);
    const { size } = source;
    const importing =
      kind.value === 'jsonl' ? importJsonl(reader, target, size) : importCapture(kind.value, reader, target, size);
    const taken = await inSlices(importing, task);
    if (taken === undefined) {
      target.abandon();
      return { ok: false, error: cancelled(`Importing “${start.source}”`) };
    }
    const bytes = target.finish();
    const { next: records, messages } = target.recorder;
    return { ok: true, value: { path: start.target, records, messages, bytes, ...taken } };
  } catch (error) {
    target?.abandon();
    if (error instanceof TargetFailure) return { ok: false, error: error.failure };
    return { ok: false, error: fileFailure(`Could not import “${start.source}”`, error) };
  } finally {
    source?.close();
  }
}

function isSession(path: string): Result<never> {
  return {
    ok: false,
    error: {
      code: 'wrong-state',
      message: `“${path}” is a Wirebench session already`,
      system: '',
      hint: 'Open it: there is nothing to import.',
    },
  };
}
