import { setImmediate } from 'node:timers/promises';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import type { Failure, Result } from '#shared/failure.ts';
import { blockTypes, readBlockHeader, viewColumns } from '#shared/record/block.ts';
import { kindCodes } from '#shared/record/record.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { cancelled } from '../format/failures.ts';
import { BlockPool, type FillingBlock } from '../format/filling-block.ts';
import { type OutgoingBlock, recordsBlock } from '../format/outgoing-block.ts';
import { SectionReader } from './file-check.ts';
import type { LogFile } from './log-file.ts';

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

/** The number of replacement records in one block. */
const blockRecords = 8_192;

/**
 * Appends to `file` replacements for the lost records up to the one before number `next`; the first says how many are lost. They
 * have the time `at`, milliseconds since the epoch: that of the record before them, since times never decrease.
 */
export function fillLost(file: LogFile, next: number, at: number): Failure | undefined {
  const lost = next - file.next;
  if (lost === 0) return undefined;
  const most = Math.min(lost, blockRecords);
  const pool = new BlockPool(most, most * lostRecord.length + spareBytes);
  let first = lostText(`${lost} records were lost, this one included: ${why}`);
  while (file.next < next) {
    const count = Math.min(most, next - file.next);
    const failure = file.append([lostBlock(pool.take(file.next, at, 0), at, count, first)]);
    if (failure) return failure;
    first = lostRecord;
  }
  return undefined;
}

/** Fills `block` with `count` replacement records; `firstText` is the text of the first one. */
function lostBlock(block: FillingBlock, at: number, count: number, firstText: Uint8Array): OutgoingBlock {
  for (let index = 0; index < count; index += 1) {
    block.addEvent(0, kindCodes.limited, at, index === 0 ? firstText : lostRecord);
  }
  return recordsBlock(block.filled());
}

function lostText(text: string): Uint8Array {
  const event: SocketEvent = { kind: 'limited', limit: 'sessionFile', text };
  return encodeUtf8(JSON.stringify(event));
}

const why = 'another program changed the session file';
const lostRecord = lostText('a lost record');
/** How much longer the text of the first replacement record may be than that of the others. */
const spareBytes = 256;
