import { setImmediate } from 'node:timers/promises';
import type { Failure, Result } from '#shared/failure.ts';
import { blockTypes, readBlockHeader } from '#shared/record/block.ts';
import { viewColumns } from '#shared/record/columns.ts';
import { cancelled } from '../format/file-failure.ts';
import { SectionReader } from './file-check.ts';
import type { LogFile } from './log-file.ts';
import { fillLost } from './lost-records.ts';

/** How copying is cancelled and reports its progress. */
export interface Copying {
  isCancelled(): boolean;
  onProgress(done: number, total: number): void;
}

interface Salvaged {
  /** The number of records that have replacements. */
  readonly lost: number;
  /** The time of the last intact record, milliseconds since the epoch. */
  readonly lastAt: number;
}

/** How long copying runs before other work has its turn. */
const sliceMs = 8;

/**
 * Appends to `to`, which begins with the session's head, the unchanged blocks of `from`, with replacement records for the others.
 * Omits what is missing after the last intact block. The session began at `startAt`. Throws what `node:fs` throws.
 */
export async function salvage(
  from: LogFile,
  to: LogFile,
  startAt: number,
  copying: Copying,
): Promise<Result<Salvaged>> {
  const { sections } = from;
  const reader = new SectionReader(from);
  let lost = 0;
  let lastAt = startAt;
  let sliceEnd = performance.now() + sliceMs;
  for (let index = 0; index < sections.count; index += 1) {
    const section = sections.at(index);
    const { good } = reader.read(section);
    if (good.length > 0) {
      lost += section.first - to.next;
      const unfilled = fillLost(to, section.first, lastAt);
      if (unfilled) return failed(unfilled);
    }
    for (const { at, size, next } of good) {
      // In a file that was written again the head is in a section.
      if (at === 0) continue;
      const bytes = new Uint8Array(size);
      from.readInto(bytes, at);
      const failure = to.append([{ parts: [bytes], size, next }]);
      if (failure) return failed(failure);
      lastAt = lastTime(bytes) ?? lastAt;
    }
    if (performance.now() < sliceEnd) continue;
    copying.onProgress(section.end, from.length);
    await setImmediate();
    if (copying.isCancelled()) return failed(cancelled(`Moving the session to “${to.path}”`));
    sliceEnd = performance.now() + sliceMs;
  }
  return { ok: true, value: { lost, lastAt } };
}

/** Returns the time of the last record in a block that was written here; `undefined` if it has none. */
function lastTime(block: Uint8Array<ArrayBuffer>): number | undefined {
  const header = readBlockHeader(new DataView(block.buffer));
  if (typeof header === 'string' || header.type !== blockTypes.records) return undefined;
  const { times } = viewColumns(block.buffer, header.count);
  return header.baseTime + (times[header.count - 1] as number) / 1_000;
}

function failed(error: Failure): { readonly ok: false; readonly error: Failure } {
  return { ok: false, error };
}
