import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { isBeingRecorded, recorderOf, thisProcess } from '#session/format/session-peek.ts';
import { parseSessionHeader, sessionFormat, sessionVersion } from '#shared/record/session-json.ts';

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

  it('is told by the header through its JSON, and by nothing that is no process', () => {
    const read = (header: object) => parseSessionHeader(JSON.stringify({ ...bare, ...header }));
    expect(read(thisProcess())).toEqual({ ...bare, ...thisProcess() });
    for (const pid of [0, -1, 1.5, '7', null]) expect(read({ pid, host: 'a' })).toEqual(bare);
    expect(read({ pid: 7 })).toEqual(bare);
  });
});
