import { ftruncateSync, mkdtempSync, readFileSync, rmSync, statSync, writevSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSessionFile, jsonBlock } from '#session/format/outgoing-block.ts';
import { LogFile, type WriteCalls } from '#session/record/log-file.ts';
import { sessionFormat, sessionVersion } from '#shared/record/session-json.ts';

const header = { format: sessionFormat, version: sessionVersion, app: '', id: '', name: '', createdAt: '' } as const;

/** System calls that write at most `atOnce` bytes a call, and no more than `space` in all. */
function calls(space: number, atOnce: number): WriteCalls {
  let left = space;
  return {
    writev: (fd, parts, position) => {
      const bytes = Buffer.concat(parts).subarray(0, Math.min(left, atOnce));
      if (bytes.length === 0) {
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' });
      }
      left -= bytes.length;
      return writevSync(fd, [bytes], position);
    },
    truncate: ftruncateSync,
  };
}

describe('LogFile', () => {
  let folder: string;
  let path: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'wirebench-'));
    path = join(folder, 'a.wirebench');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('ends with a whole block wherever the disk is full, however little each write takes', () => {
    fc.assert(
      fc.property(fc.nat(800), fc.integer({ min: 1, max: 300 }), (space, atOnce) => {
        rmSync(path, { force: true });
        const created = createSessionFile(path, header);
        if ('code' in created) throw new Error(created.system);
        const file = new LogFile(path, created.length, calls(space, atOnce));
        const blocks = [1, 2, 3, 4].map((number) => jsonBlock(200, 'x'.repeat(number * 40), number));
        const failure = file.append(blocks);
        let fits = 0;
        let whole = created.length;
        while (fits < 4 && whole + (blocks[fits]?.size ?? 0) <= created.length + space) {
          whole += blocks[fits]?.size ?? 0;
          fits += 1;
        }
        expect(failure?.system).toBe(fits === 4 ? undefined : 'write(): ENOSPC (no space left on device)');
        expect(file.length).toBe(whole);
        expect(file.next).toBe(fits);
        expect(statSync(path).size).toBe(whole);
        const written = Buffer.concat(blocks.slice(0, fits).flatMap((block) => block.parts));
        expect(readFileSync(path).subarray(created.length).equals(written)).toBe(true);
        file.close();
      }),
    );
  });

  it('does not overwrite a file that exists', () => {
    rmSync(path, { force: true });
    createSessionFile(path, header);
    const again = createSessionFile(path, header);
    expect(again).toMatchObject({ code: 'file', system: 'open(): EEXIST (file already exists)' });
  });
});
