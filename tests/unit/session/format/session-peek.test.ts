import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isBeingRecorded, peekSession, recorderOf, thisProcess } from '#session/format/session-peek.ts';
import { blockHeaderSize, blockTypes, writeBlockHeader } from '#shared/record/block.ts';
import { parseSessionHeader, sessionFormat, sessionVersion } from '#shared/record/session-json.ts';
import { storedFile } from '#support/stored-file.ts';

const laterType = 99;

/** What a peer may have sent: headers one after another, each of a block that goes to `behind` bytes after the last. */
function headersToTheEnd(length: number, behind: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at + blockHeaderSize <= length; at += blockHeaderSize) {
    const bodyLength = length + behind - at - blockHeaderSize;
    const header = { type: laterType, bodyLength, first: 0, count: 0, payloadLength: bodyLength, baseTime: 0 };
    writeBlockHeader(new DataView(bytes.buffer, at), header);
  }
  return bytes;
}

describe('a look at a session file', () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wirebench-peek-'));
    path = join(folder, 'a.wirebench');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('comes to an end where the end is full of what looks like blocks', async () => {
    await writeFile(path, Buffer.concat([storedFile({ name: 'a', crashed: true }), headersToTheEnd(1_048_000, 0)]));
    expect(peekSession(path)).toMatchObject({ name: 'a', totals: undefined });
  });

  it('finds the end and the names behind bytes that look like blocks up to there', async () => {
    const end = storedFile({ name: '', renamed: 'before', renamedLater: 'after' });
    // Without the session block: as the end of a longer file.
    const rest = end.subarray(blockHeaderSize + end.readUInt32LE(8));
    expect(end[4]).toBe(blockTypes.session);
    for (const behind of [rest.length, 8]) {
      const bytes = [storedFile({ name: 'a', crashed: true }), headersToTheEnd(40_000, behind), rest];
      await writeFile(path, Buffer.concat(bytes));
      expect(peekSession(path)).toMatchObject({ name: 'after', totals: { records: 0 } });
    }
  });
});

const now = () => new Date().toISOString();
const bare = { format: sessionFormat, version: sessionVersion, app: '', id: 'a', name: 'a', createdAt: now() } as const;
const totals = { records: 0, messages: 0, bytes: 0, problems: 0 };

describe('who records a session', () => {
  it('is this process where the header names it and the file has no end', () => {
    const header = { ...bare, ...thisProcess() };
    expect(recorderOf(header)).toEqual({ pid: process.pid, host: hostname() });
    expect(isBeingRecorded(header, undefined)).toBe(true);
    expect(isBeingRecorded(header, totals)).toBe(false);
  });

  it('is nobody where the process has ended, or the header is of another machine or names no process', () => {
    const ended = spawnSync(process.execPath, ['--eval', '']).pid;
    expect(isBeingRecorded({ ...bare, pid: ended, host: hostname() }, undefined)).toBe(false);
    expect(isBeingRecorded({ ...bare, pid: process.pid, host: 'elsewhere.invalid' }, undefined)).toBe(false);
    expect(isBeingRecorded(bare, undefined)).toBe(false);
    expect(recorderOf(bare)).toBeUndefined();
  });

  it('is nobody where the process of that number is younger than the file', () => {
    const createdAt = new Date(Date.now() - 3_600_000_000).toISOString();
    expect(isBeingRecorded({ ...bare, createdAt, ...thisProcess() }, undefined)).toBe(false);
  });

  it('is read from the JSON of the header, and from nothing that is not a process', () => {
    const read = (header: object) => parseSessionHeader(JSON.stringify({ ...bare, ...header }));
    expect(read(thisProcess())).toEqual({ ...bare, ...thisProcess() });
    for (const pid of [0, -1, 1.5, '7', null]) expect(read({ pid, host: 'a' })).toEqual(bare);
    expect(read({ pid: 7 })).toEqual(bare);
  });
});
