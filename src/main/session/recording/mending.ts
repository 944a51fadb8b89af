import { closeSync, existsSync, unlinkSync, writeSync } from 'node:fs';
import { createPrivateFile } from '#files/private-files.ts';
import { decodeUtf8Lossy } from '#shared/bytes/text.ts';
import type { Failure, Result } from '#shared/failure.ts';
import { blockHeaderSize, blockTypes } from '#shared/record/block.ts';
import type { SocketInfo } from '#shared/record/record.ts';
import { parseSessionHeader } from '#shared/record/session-header.ts';
import { fileFailure } from '../file-failure.ts';
import { changedFailure } from './file-changes.ts';
import { beginsWith } from './file-check.ts';
import { LogFile } from './log-file.ts';
import { fillLost } from './lost-records.ts';
import { jsonBlock } from './outgoing-block.ts';
import { type Copying, salvage } from './salvage.ts';

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
    if (!beginsWith(file, damaged.head)) return failed(changedFailure(tried, { kind: 'overwritten', at: 0 }));
    const { bytes, records, lastAt } = await leftOf(file);
    file.restart(bytes, records);
    const filled = fill(file, damaged, Math.max(lastAt, startOf(damaged.head)));
    // The next attempt begins from what is left, too.
    if (!filled.ok) file.restart(bytes, records);
    return filled;
  } catch (error) {
    return failed(fileFailure(tried, error));
  }
}

/**
 * Makes a new file at `path` for a session whose own was overwritten or replaced: with what is intact in that, which is not
 * changed, and a record in the place of each one that is not.
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

/** Tells whether another file is at the place of `file`, or something else than `head` at its start. */
export function isNotOurs(file: LogFile, head: Uint8Array): boolean {
  try {
    return !file.isAt(file.path) || !beginsWith(file, head);
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

/** When the session began whose header block is `head`; 0 where that does not say it. */
function startOf(head: Uint8Array): number {
  const header = parseSessionHeader(decodeUtf8Lossy(head.subarray(blockHeaderSize)).replace(/\0+$/, ''));
  return typeof header === 'string' ? 0 : Date.parse(header.createdAt) || 0;
}

interface Left {
  readonly bytes: number;
  readonly records: number;
  /** The time of the last of these records; 0 where there is none. */
  readonly lastAt: number;
}

/** Measures the whole blocks from the start of the file on. */
async function leftOf(file: LogFile): Promise<Left> {
  if (file.size() === 0) return { bytes: 0, records: 0, lastAt: 0 };
  const { Reader } = await import('../reading/reader.ts');
  const reader = new Reader(file.path, false);
  try {
    reader.open(Number.POSITIVE_INFINITY);
    while (!reader.scan.finished) reader.scan.run(1_000);
    const { tail, total } = reader.index;
    return { bytes: tail, records: total, lastAt: reader.scan.lastAt };
  } finally {
    reader.close();
  }
}

/** Writes what is missing in front of record `next`, at the time `at`. */
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

function failed(error: Failure): { readonly ok: false; readonly error: Failure } {
  return { ok: false, error };
}
