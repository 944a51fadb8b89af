import { execFile } from 'node:child_process';
import { closeSync, ftruncateSync, openSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { acceptedSocket, answerOf, recordLines, recordMessages, SessionFolder } from '#support/session.ts';

const script = fileURLToPath(new URL('../../support/peers/read_session.py', import.meta.url));

/** What a reader written from docs/session-format.md alone makes of `path`. */
async function readInPython(path: string): Promise<{ lines: Record<string, unknown>[]; stderr: string }> {
  const { stdout, stderr } = await promisify(execFile)('python3', [script, path], { maxBuffer: 64 * 1_048_576 });
  const lines = stdout.trimEnd().split('\n');
  return { lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>), stderr };
}

describe('docs/session-format.md', () => {
  it('is enough for a reader in Python to read all of a session', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    const local = { host: '127.0.0.1', port: 12_345, family: 4 } as const;
    log.describe(acceptedSocket);
    log.event(1, Date.now(), { kind: 'accepted', local, peer: { ...local, port: 51_422 }, listener: 2 });
    log.read(1, 1_800_000_000_000.25, 700);
    log.read(1, 1_800_000_000_001, 300);
    recordLines(log, 9_000);
    log.read(3, Date.now(), 5);
    recordMessages(log, 'out', [new Uint8Array(0), Buffer.alloc(400_000, 'x'), Uint8Array.of(0xff)]);
    log.event(1, Date.now(), { kind: 'closed', cause: 'local', bytesIn: 1, bytesOut: 2 });
    await log.flush();
    const { rows, total } = answerOf(await log.ask('window', { first: 0, count: 10_000 }));
    answerOf(await log.mark(2, { bookmarked: true }));
    answerOf(await log.rename('named'));
    await log.close();
    const opened = await folder.open('a.wirebench');
    answerOf(await opened.mark(7, { note: 'after the end ✂' }));

    const { lines, stderr } = await readInPython(folder.file('a.wirebench'));
    expect(stderr).toBe('');
    expect(lines[0]).toMatchObject({ session: { format: 'wirebench-session', version: 1, name: 'a.wirebench' } });
    expect(lines[0]).toMatchObject({ session: { pid: process.pid, host: hostname() } });
    expect(lines.at(-2)).toMatchObject({ end: { records: total } });
    expect(lines.flatMap(({ marks }) => marks ?? [])).toEqual([
      { seq: 2, bookmarked: true, note: '' },
      { seq: 7, bookmarked: false, note: 'after the end ✂' },
    ]);
    expect(lines.findLast((line) => 'settings' in line)).toEqual({ settings: { name: 'named' } });
    expect(lines.flatMap(({ read }) => read ?? [])).toEqual([
      { socket: 1, offset: 0, at: 1_800_000_000_000.25, length: 700 },
      { socket: 1, offset: 700, at: 1_800_000_000_001, length: 300 },
      { socket: 3, offset: 0, at: expect.any(Number), length: 5 },
    ]);
    // The reads come before the records that they may have completed.
    const firstRead = lines.findIndex((line) => 'read' in line);
    expect(firstRead).toBeLessThan(lines.findIndex((line) => line.seq === 1));
    expect(lines.find((line) => 'sockets' in line)).toEqual({ sockets: [acceptedSocket] });
    const records = lines.filter((line) => 'seq' in line);
    expect(records).toHaveLength(total);
    for (const [index, row] of rows.entries()) {
      const { seq, at, kind, socket, offset, flags, head, tail, event } = row;
      const expected = { seq, at, kind, socket, offset, flags, head, tail };
      expect(records[index]).toMatchObject(event ? { ...expected, event } : expected);
    }
    const large = Buffer.from(String(records.at(-3)?.base64), 'base64');
    expect(large.equals(Buffer.alloc(400_000, 'x'))).toBe(true);
  });

  it('is enough to stop where a file was cut', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    recordLines(log, 9_000);
    await log.close();
    const path = folder.file('a.wirebench');
    const fd = openSync(path, 'r+');
    ftruncateSync(fd, statSync(path).size - 300);
    closeSync(fd);
    const session = await folder.open('a.wirebench');
    const { lines, stderr } = await readInPython(path);
    expect(stderr).toContain('left out');
    expect(lines.filter((line) => 'seq' in line)).toHaveLength(session.total);
  });
});
