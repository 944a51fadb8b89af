import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { decodeUtf8Lossy } from '#shared/bytes/text.ts';
import { blockHeaderSize, blockTypes, checksumOffset, readBlockHeader } from '#shared/record/block.ts';
import {
  parseSessionHeader,
  parseSessionSettings,
  parseSessionTotals,
  type SessionHeader,
  type SessionTotals,
} from '#shared/record/session-json.ts';
import { SessionFile } from './session-file.ts';

/** What the first and the last bytes of a session file contain. */
interface SessionPeek {
  readonly header: SessionHeader;
  /** Its last name; the header's if it was not renamed. */
  readonly name: string;
  /** Present if the file was closed properly. */
  readonly totals: SessionTotals | undefined;
  /** It is being recorded now. */
  readonly recording: boolean;
  readonly fileBytes: number;
}

/** Only a forged file has a longer header block. */
const maxHeaderBytes = 65_536;
/** Where the end is searched for: only marks and settings follow it, which a user has set one by one. */
const tailSizes = [65_536, 1_048_576];
const magic = Buffer.from('WBk1');
/** The checked bytes are limited to the size of the tail times this number. */
const maxChecks = 4;

/**
 * Reads the main properties of the session file at `path` in a few reads. Returns `undefined` if it is not a session file.
 * Throws what reading the file throws.
 */
export function peekSession(path: string): SessionPeek | undefined {
  const file = new SessionFile(path);
  try {
    const fileBytes = file.size();
    const header = headerIn(file.read(0, Math.min(maxHeaderBytes, fileBytes)));
    if (header === undefined) return undefined;
    let tail: Tail = { totals: undefined, name: '' };
    for (const size of tailSizes) {
      const from = Math.max(0, fileBytes - size);
      tail = tailIn(file.read(from, fileBytes - from));
      if (tail.totals || from === 0) break;
    }
    const { totals, name } = tail;
    return { header, name: name || header.name, totals, recording: isBeingRecorded(header, totals), fileBytes };
  } finally {
    file.close();
  }
}

function headerIn(bytes: Uint8Array): SessionHeader | undefined {
  const block = blockAt(bytes, 0);
  if (block?.type !== blockTypes.session) return undefined;
  const header = parseSessionHeader(block.text);
  return typeof header === 'string' ? undefined : header;
}

interface Tail {
  readonly totals: SessionTotals | undefined;
  readonly name: string;
}

/**
 * Returns what the whole blocks at the end of `bytes` say: consecutive valid blocks up to the last byte. Searches
 * backwards, so that only possible blocks are checked: a peer may have sent bytes that look like many.
 */
function tailIn(bytes: Uint8Array): Tail {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let tail: Tail = { totals: undefined, name: '' };
  // What the blocks say from each position at which a valid one begins.
  const tails = new Map([[buffer.length, tail]]);
  let left = maxChecks * buffer.length;
  for (let at = buffer.lastIndexOf(magic); at >= 0; at = at === 0 ? -1 : buffer.lastIndexOf(magic, at - 1)) {
    const header = readBlockHeader(new DataView(bytes.buffer, bytes.byteOffset + at, bytes.length - at));
    if (typeof header === 'string') continue;
    const size = blockHeaderSize + header.bodyLength;
    const next = tails.get(at + size);
    if (next === undefined) continue;
    left -= size;
    if (left < 0) break;
    const block = blockAt(buffer, at);
    if (block === undefined) continue;
    tail = tailWith(block, next);
    if (tail.totals && tail.name !== '') break;
    tails.set(at, tail);
  }
  return tail;
}

/** Returns what `block` and the tail after it say. */
function tailWith({ type, text }: { type: number; text: string }, { totals, name }: Tail): Tail {
  if (type === blockTypes.end) return { totals: totals ?? parseSessionTotals(text), name };
  if (type === blockTypes.settings) return { totals, name: name || (parseSessionSettings(text).name ?? '') };
  return { totals, name };
}

/** Returns the block at `at` if it is complete and valid; `text` only for JSON blocks. */
function blockAt(bytes: Uint8Array, at: number): { type: number; size: number; text: string } | undefined {
  const header = readBlockHeader(new DataView(bytes.buffer, bytes.byteOffset + at, bytes.length - at));
  if (typeof header === 'string') return undefined;
  const { type, bodyLength, payloadLength, checksum } = header;
  const size = blockHeaderSize + bodyLength;
  if (at + size > bytes.length) return undefined;
  const block = bytes.slice(at, at + size);
  block.fill(0, checksumOffset, checksumOffset + 4);
  if (crc32(block) !== checksum) return undefined;
  const isJson = type === blockTypes.session || type === blockTypes.end || type === blockTypes.settings;
  const text = isJson ? decodeUtf8Lossy(block.subarray(blockHeaderSize, blockHeaderSize + payloadLength)) : '';
  return { type, size, text };
}

/** The process that writes a session file, as named in the file's header. */
interface RecordingProcess {
  readonly pid: number;
  /** The name of the machine it runs on. */
  readonly host: string;
}

/** How much later than the file its process may seem to have started: the clocks are compared to the second. */
const clockSlackMs = 2_000;
/** Linux counts a process's start in these units, independent of the kernel's tick (proc(5), USER_HZ). */
const ticksPerSecond = 100;

/** Returns this process, for the header of a file that it records to. */
export function thisProcess(): RecordingProcess {
  return { pid: process.pid, host: hostname() };
}

/** Returns the process that created the file with this header; `undefined` if the header does not name one. */
export function recorderOf(header: SessionHeader): RecordingProcess | undefined {
  const { pid, host } = header;
  return pid === undefined || host === undefined ? undefined : { pid, host };
}

/**
 * Returns true if a file with this header, and `totals` if it has an end block, is still being recorded: it was not closed,
 * and the process that created it runs on this machine. A process of another machine counts as ended, because that cannot
 * be determined here.
 */
export function isBeingRecorded(header: SessionHeader, totals: SessionTotals | undefined): boolean {
  const recorder = recorderOf(header);
  if (totals !== undefined || recorder?.host !== hostname() || !isAlive(recorder.pid)) return false;
  // Process ids are reused: a process that started after the file was created is a different one.
  const createdAt = Date.parse(header.createdAt);
  const startedAt = startOf(recorder.pid);
  return Number.isNaN(createdAt) || startedAt === undefined || startedAt <= createdAt + clockSlackMs;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it exists, but belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Returns when process `pid` started, in milliseconds since the epoch; `undefined` if the system does not say. */
function startOf(pid: number): number | undefined {
  if (pid === process.pid) return Date.now() - process.uptime() * 1_000;
  try {
    // The name in parentheses may contain anything; the 20th field after it is the start in ticks since boot.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
    const boot = Number(/^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'latin1'))?.[1]);
    const startedAt = boot * 1_000 + (ticks / ticksPerSecond) * 1_000;
    return Number.isNaN(startedAt) ? undefined : startedAt;
  } catch {
    return undefined;
  }
}

/** What can only be determined by a walk from block to block. */
interface SessionFacts {
  /** The number of records in whole blocks. */
  readonly records: number;
  /** The bytes after the last whole block: what a killed program had begun to write. */
  readonly cutBytes: number;
  /** The name given by the user, or an empty string. */
  readonly name: string;
  /** It was named, bookmarked in or annotated: it is not deleted automatically. */
  readonly kept: boolean;
}

/** How long the walk runs before it lets the engine work. */
const sliceMs = 4;
/** Only a forged file has a longer settings block. */
const maxSettingsBytes = 65_536;

/**
 * Walks over the block headers of the session file at `path`; reads no records. Checks the blocks’ structure, but not their
 * checksums, which are checked when the session is opened. Throws what reading the file throws.
 */
export async function walkSession(path: string): Promise<SessionFacts> {
  const file = new SessionFile(path);
  try {
    const size = file.size();
    let at = 0;
    let records = 0;
    let name = '';
    let marked = false;
    let sliceEnd = performance.now() + sliceMs;
    while (at < size) {
      const header = readBlockHeader(file.peek(at, blockHeaderSize, size));
      if (typeof header === 'string' || header.first !== records) break;
      const next = at + blockHeaderSize + header.bodyLength;
      if (next > size) break;
      if (header.type === blockTypes.records) records += header.count;
      else if (header.type === blockTypes.marks) marked = true;
      else if (header.type === blockTypes.settings) {
        const text = file.read(at + blockHeaderSize, Math.min(header.payloadLength, maxSettingsBytes));
        name = parseSessionSettings(decodeUtf8Lossy(text)).name ?? name;
      }
      at = next;
      if (performance.now() > sliceEnd) {
        await setImmediate();
        sliceEnd = performance.now() + sliceMs;
      }
    }
    return { records, cutBytes: size - at, name, kept: marked || name !== '' };
  } finally {
    file.close();
  }
}
