import { closeSync, existsSync, unlinkSync, writeSync } from 'node:fs';
import { createPrivateFile } from '#files/private-files.ts';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import type { Failure, Result } from '#shared/failure.ts';
import { blockTypes } from '#shared/record/block.ts';
import { kindCodes, type SocketInfo } from '#shared/record/record.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { fileFailure } from '../file-failure.ts';
import { changedFailure } from './file-changes.ts';
import { BlockPool } from './filling-block.ts';
import { jsonBlock, LogFile, type OutgoingBlock } from './log-file.ts';
import { recordsBlock } from './records-block.ts';

/** A file that another program has changed, and what is known of it. */
export interface Damaged {
  readonly file: LogFile;
  /** The session header block that the file began with. */
  readonly head: Uint8Array;
  /** The number of the record that comes next: those below were written. */
  readonly next: number;
  /** What was said of sockets, as far as it is kept: it may have been in what is gone. */
  readonly sockets: readonly SocketInfo[];
}

export interface Mended {
  readonly file: LogFile;
  /** Records that were written and are gone; a record in the place of each says so. */
  readonly lost: number;
}

/** Records in one block of those that stand for lost ones. */
const blockRecords = 8_192;
const extension = '.wirebench';
const maxBeside = 20;

/**
 * Makes a file that another program has truncated or written to one that can be appended to again: keeps the whole blocks
 * from its start on, and writes a record in the place of each one that is gone, so that numbers stay as they are. Fails,
 * and leaves the file alone, where it begins with something else than the session.
 */
export async function mendFile(damaged: Damaged): Promise<Result<Mended>> {
  const { file } = damaged;
  const tried = `Could not record to “${file.path}”`;
  try {
    if (isOverwritten(file, damaged.head)) return failed(changedFailure(tried, { kind: 'overwritten' }));
    const { bytes, records } = await leftOf(file);
    file.restart(bytes, records);
    const filled = fill(file, damaged);
    // The next attempt begins from what is left, too.
    if (!filled.ok) file.restart(bytes, records);
    return filled;
  } catch (error) {
    return failed(fileFailure(tried, error));
  }
}

/** Makes a new file at `path` for a session whose own was overwritten: nothing of that is used or changed. */
export function replaceFile(damaged: Damaged, path: string): Result<Mended> {
  const tried = `Could not move the session to “${path}”`;
  let made = false;
  try {
    const fd = createPrivateFile(path);
    made = true;
    try {
      writeSync(fd, damaged.head, 0, damaged.head.length, 0);
    } finally {
      closeSync(fd);
    }
    const file = new LogFile(path, damaged.head.length);
    const filled = fill(file, damaged);
    if (filled.ok) return filled;
    file.abandon();
    unlinkSync(path);
    return filled;
  } catch (error) {
    if (made) unlinkSync(path);
    return failed(fileFailure(tried, error));
  }
}

/** Tells whether another file is at the place of `file`, or something else than `head` at its start. */
export function isNotOurs(file: LogFile, head: Uint8Array): boolean {
  try {
    return !file.isAt(file.path) || isOverwritten(file, head);
  } catch {
    return true;
  }
}

/** A place beside `path` where no file is, for what cannot be recorded there; `undefined` where there is none. */
export function besidePath(path: string): string | undefined {
  const stem = path.endsWith(extension) ? path.slice(0, -extension.length) : path;
  for (let number = 1; number <= maxBeside; number += 1) {
    const beside = `${stem}-recovered${number === 1 ? '' : `-${number}`}${extension}`;
    if (!existsSync(beside)) return beside;
  }
  return undefined;
}

function isOverwritten(file: LogFile, head: Uint8Array): boolean {
  const found = new Uint8Array(head.length);
  const count = file.readInto(found, 0);
  return !Buffer.from(found.buffer, 0, count).equals(head.subarray(0, count));
}

/** The whole blocks from the start of the file on: how many bytes they have, and how many records are in them. */
async function leftOf(file: LogFile): Promise<{ readonly bytes: number; readonly records: number }> {
  if (file.size() === 0) return { bytes: 0, records: 0 };
  const { Reader } = await import('../reading/reader.ts');
  const reader = new Reader(file.path, false);
  try {
    reader.open(Number.POSITIVE_INFINITY);
    while (!reader.scan.finished) reader.scan.run(1_000);
    const { tail, total } = reader.index;
    return { bytes: tail, records: total };
  } finally {
    reader.close();
  }
}

/** Writes what is missing in front of record `next`. */
function fill(file: LogFile, { head, next, sockets }: Damaged): Result<Mended> {
  if (file.length === 0) {
    const failure = file.append([{ parts: [head], size: head.length, next: 0 }]);
    if (failure) return failed(failure);
  }
  const lost = next - file.next;
  const pool = new BlockPool(blockRecords, blockRecords * lostRecord.length + spareBytes);
  while (file.next < next) {
    const count = Math.min(blockRecords, next - file.next);
    const first =
      file.next === next - lost ? lostText(`${lost} records were lost, this one included: ${why}`) : lostRecord;
    const failure = file.append([lostBlock(pool, file.next, count, first)]);
    if (failure) return failed(failure);
  }
  const failure = sockets.length > 0 && file.append([jsonBlock(blockTypes.sockets, sockets, next)]);
  return failure ? failed(failure) : { ok: true, value: { file, lost } };
}

/** A block of `count` records in the place of lost ones; `firstText` is what the first of them says. */
function lostBlock(pool: BlockPool, first: number, count: number, firstText: Uint8Array): OutgoingBlock {
  const at = Date.now();
  const block = pool.take(first, at, 0);
  const { offsets, times, sockets, lengths, kinds, flags, heads, tails, payload } = block.columns;
  for (let index = 0; index < count; index += 1) {
    const text = index === 0 ? firstText : lostRecord;
    offsets[index] = 0;
    times[index] = block.delta(at);
    sockets[index] = 0;
    lengths[index] = text.length;
    kinds[index] = kindCodes.limited;
    flags[index] = 0;
    heads[index] = 0;
    tails[index] = 0;
    payload.set(text, block.used);
    block.used += text.length;
  }
  block.count = count;
  return recordsBlock(block.filled());
}

function lostText(text: string): Uint8Array {
  const event: SocketEvent = { kind: 'limited', limit: 'sessionFile', text };
  return encodeUtf8(JSON.stringify(event));
}

const why = 'another program changed the session’s file';
const lostRecord = lostText('a lost record');
/** What the text of the first record in place of lost ones may be longer than that of the others. */
const spareBytes = 256;

function failed(error: Failure): { readonly ok: false; readonly error: Failure } {
  return { ok: false, error };
}
