import { closeSync, existsSync, unlinkSync, writeSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { createPrivateFile } from '#files/private-files.ts';
import { decodeUtf8Lossy, encodeUtf8 } from '#shared/bytes/text.ts';
import type { Failure, Result } from '#shared/failure.ts';
import { blockHeaderSize, blockTypes, readBlockHeader, viewColumns } from '#shared/record/block.ts';
import { kindCodes, type SocketInfo } from '#shared/record/record.ts';
import { parseSessionHeader } from '#shared/record/session-json.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { cancelled, fileFailure } from '../format/failures.ts';
import { BlockPool, type FillingBlock } from '../format/filling-block.ts';
import { jsonBlock, type OutgoingBlock, recordsBlock } from '../format/outgoing-block.ts';
import { changedFailure } from './file-changes.ts';
import { beginsWith, SectionReader } from './file-check.ts';
import { LogFile } from './log-file.ts';

/** A file that another program has changed, and what is known of it. */
export interface Damaged {
  readonly file: LogFile;
  /** The session header block at the start of the file. */
  readonly head: Uint8Array;
  /** The number of the next record: those below were written. */
  readonly next: number;
  /** The known descriptions of sockets: the lost part may have contained them. */
  readonly sockets: readonly SocketInfo[];
}

export interface Mended {
  readonly file: LogFile;
  /** The number of lost records; each has a replacement record. */
  readonly lost: number;
}

const extension = '.wirebench';
const maxBeside = 20;

/**
 * Repairs a file that another program has truncated or written to, so that it can be appended to again: keeps the whole blocks
 * at its start, and writes a replacement for each lost record, so that record numbers stay the same. Fails without changing
 * the file if it does not begin with the session.
 */
export async function mendFile(damaged: Damaged): Promise<Result<Mended>> {
  const { file } = damaged;
  const tried = `Could not record to “${file.path}”`;
  try {
    if (!beginsWith(file, damaged.head)) return failed(changedFailure(tried, { kind: 'overwritten', at: 0 }));
    const { bytes, records, lastAt } = await leftOf(file);
    file.restart(bytes, records);
    const filled = fill(file, damaged, Math.max(lastAt, startOf(damaged.head)));
    // The next attempt also starts from the remaining part.
    if (!filled.ok) file.restart(bytes, records);
    return filled;
  } catch (error) {
    return failed(fileFailure(tried, error));
  }
}

/**
 * Creates a new file at `path` for a session whose file was overwritten or replaced: copies the intact part of that file,
 * which is not changed, and writes a replacement for each lost record.
 */
export async function replaceFile(damaged: Damaged, path: string, copying: Copying): Promise<Result<Mended>> {
  const tried = `Could not move the session to “${path}”`;
  let file: LogFile | undefined;
  let isMade = false;
  let isDone = false;
  try {
    const fd = createPrivateFile(path);
    isMade = true;
    try {
      writeSync(fd, damaged.head, 0, damaged.head.length, 0);
    } finally {
      closeSync(fd);
    }
    file = new LogFile(path, damaged.head.length);
    const salvaged = await salvage(damaged.file, file, startOf(damaged.head), copying);
    if (!salvaged.ok) return salvaged;
    const filled = fill(file, damaged, salvaged.value.lastAt);
    isDone = filled.ok;
    return filled.ok ? { ok: true, value: { file, lost: filled.value.lost + salvaged.value.lost } } : filled;
  } catch (error) {
    return failed(fileFailure(tried, error));
  } finally {
    if (!isDone) file?.abandon();
    if (isMade && !isDone) unlinkSync(path);
  }
}

/** Returns an unused path beside `path` for a session that cannot be recorded there; `undefined` if none was found. */
export function besidePath(path: string): string | undefined {
  const stem = path.endsWith(extension) ? path.slice(0, -extension.length) : path;
  for (let number = 1; number <= maxBeside; number += 1) {
    const beside = `${stem}-recovered${number === 1 ? '' : `-${number}`}${extension}`;
    if (!existsSync(beside)) return beside;
  }
  return undefined;
}

/** Returns when the session with the header block `head` began; 0 if the header does not say. */
function startOf(head: Uint8Array): number {
  const header = parseSessionHeader(decodeUtf8Lossy(head.subarray(blockHeaderSize)).replace(/\0+$/, ''));
  return typeof header === 'string' ? 0 : Date.parse(header.createdAt) || 0;
}

interface Left {
  readonly bytes: number;
  readonly records: number;
  /** The time of the last of these records; 0 without records. */
  readonly lastAt: number;
}

/** Measures the whole blocks at the start of the file. */
async function leftOf(file: LogFile): Promise<Left> {
  if (file.size() === 0) return { bytes: 0, records: 0, lastAt: 0 };
  const { Scan } = await import('../format/block-source.ts');
  const { SessionFile } = await import('../format/session-file.ts');
  const { BlockIndex } = await import('../format/block-index.ts');
  const session = new SessionFile(file.path);
  try {
    const index = new BlockIndex(session, false);
    index.walk(Number.POSITIVE_INFINITY);
    const scan = new Scan(index);
    while (!scan.finished) scan.run(1_000);
    return { bytes: index.tail, records: index.total, lastAt: scan.lastAt };
  } finally {
    session.close();
  }
}

/** Writes the replacement records before record `next`, at the time `at`. */
function fill(file: LogFile, { head, next, sockets }: Damaged, at: number): Result<Mended> {
  if (file.length === 0) {
    const failure = file.append([{ parts: [head], size: head.length, next: 0 }]);
    if (failure) return failed(failure);
  }
  const lost = next - file.next;
  const unfilled = fillLost(file, next, at);
  if (unfilled) return failed(unfilled);
  const failure = sockets.length > 0 && file.append([jsonBlock(blockTypes.sockets, sockets, next)]);
  return failure ? failed(failure) : { ok: true, value: { file, lost } };
}

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
async function salvage(from: LogFile, to: LogFile, startAt: number, copying: Copying): Promise<Result<Salvaged>> {
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
function fillLost(file: LogFile, next: number, at: number): Failure | undefined {
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
