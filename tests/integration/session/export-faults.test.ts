import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SessionLog } from '#session/session.ts';
import { saveFormats } from '#shared/export/export-formats.ts';
import { childProgram } from '#support/build-children.ts';
import { acceptedSocket, recordLines, recordMessages, SessionFolder } from '#support/session.ts';
import { ReadOnlyFolder } from '#support/small-disk.ts';

const child = childProgram('saving-child');
const run = promisify(execFile);

interface Answer {
  readonly ok: boolean;
  readonly error?: { readonly code: string; readonly system: string; readonly hint: string };
  readonly mostMemoryKib: number;
}

describe('a save that does not come to its end', () => {
  // One session for all formats: a save does not change it.
  const shared = new SessionFolder();
  let large: SessionLog;
  beforeAll(async () => {
    large = shared.create('large.wirebench');
    large.describe(acceptedSocket);
    recordLines(large, 100_000);
    recordMessages(large, 'out', [Buffer.alloc(60_000_000, 'x')]);
    await large.flush();
    const small = shared.create('small.wirebench');
    recordLines(small, 20_000);
    recordMessages(small, 'out', [Buffer.alloc(3_000_000, 'x')]);
    await small.close();
  });
  afterAll(() => shared[Symbol.asyncDispose]());

  for (const format of saveFormats) {
    it(`leaves nothing when it is cancelled, and the old file as it was: ${format}`, async () => {
      await using folder = new SessionFolder();
      writeFileSync(folder.file('a'), 'old');
      const abort = new AbortController();
      const seen: [number, number][] = [];
      const saved = await large.ask(
        'save',
        {
          format,
          path: folder.file('a'),
          // A part of the session takes longer than a copy: its records are written one at a time.
          scope: format === 'wirebench' ? { sockets: [1] } : {},
        },
        {
          signal: abort.signal,
          onProgress: (done, total) => {
            seen.push([done, total]);
            abort.abort();
          },
        },
      );
      expect(saved).toMatchObject({ ok: false, error: { code: 'cancelled' } });
      expect(seen[0]?.[0]).toBeLessThanOrEqual(seen[0]?.[1] ?? 0);
      expect(readdirSync(folder.path)).toEqual(['a']);
      expect(readFileSync(folder.file('a'), 'utf8')).toBe('old');
    });

    it.runIf(process.platform === 'linux')(`says that the disk is full, and leaves nothing: ${format}`, async () => {
      await using folder = new SessionFolder();
      // A limit on the size of files is met like a full disk.
      const command = 'ulimit -f 200 && trap "" XFSZ && exec "$0" "$@"';
      const args = ['-c', command, process.execPath, child, shared.file('small.wirebench'), format, folder.file('a')];
      const { stdout } = await run('sh', args);
      const answer = JSON.parse(stdout) as Answer;
      expect(answer).toMatchObject({ ok: false, error: { code: 'file' } });
      expect(answer.error?.system).toMatch(/^write\(\): (EFBIG|ENOSPC|EIO) \(/);
      expect(answer.error?.hint).not.toBe('');
      expect(readdirSync(folder.path)).toEqual([]);
    });
  }

  it('continues to answer where the copy of a long stream is cancelled', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    for (let count = 0; count < 40; count += 1) recordMessages(log, 'in', [Buffer.alloc(1_000_000, 'x')]);
    await log.flush();
    const abort = new AbortController();
    const saved = await log.ask(
      'save',
      {
        format: 'raw',
        path: folder.file('a.tar'),
      },
      {
        signal: abort.signal,
        // The second half is the copy itself.
        onProgress: (done, total) => {
          if (done >= total / 2) abort.abort();
        },
      },
    );
    expect(saved).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(await log.ask('window', { first: 0, count: 1 })).toMatchObject({ ok: true });
    expect(readdirSync(folder.path)).toEqual(['a.wirebench']);
  });

  it('says that a folder is not to be written to', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    recordLines(log, 1);
    await log.flush();
    using readOnly = new ReadOnlyFolder();
    for (const format of saveFormats) {
      const saved = await log.ask('save', { format, path: readOnly.file('a') });
      const system = expect.stringMatching(/^open\(\): (EACCES|EROFS) \(/);
      expect(saved).toMatchObject({ ok: false, error: { code: 'file', system } });
    }
  });

  it.runIf(process.platform === 'linux')('refuses a device in every format', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    recordLines(log, 1);
    await log.flush();
    for (const format of saveFormats) {
      const saved = await log.ask('save', { format, path: '/dev/full' });
      const system = 'it is a device, not a regular file';
      expect(saved).toMatchObject({ ok: false, error: { code: 'file', system } });
    }
  });
});

describe.runIf(process.platform === 'linux')('a save of a message of 96 MiB', () => {
  const folder = new SessionFolder();

  beforeAll(async () => {
    const log = folder.create('a.wirebench');
    log.describe(acceptedSocket);
    recordMessages(log, 'in', [Buffer.alloc(96 * 1_048_576, 'large € ')]);
    await log.close();
  });

  afterAll(() => folder[Symbol.asyncDispose]());

  for (const format of saveFormats) {
    it(`takes little memory: ${format}`, async () => {
      const { stdout } = await run(process.execPath, [child, folder.file('a.wirebench'), format, folder.file(format)]);
      const answer = JSON.parse(stdout) as Answer;
      expect(answer.ok).toBe(true);
      // Node itself, two threads, and text that waits to be collected: the message would come on top of it, as text twice.
      expect(answer.mostMemoryKib).toBeLessThan(256 * 1_024);
      rmSync(folder.file(format));
    });
  }
});
