import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { safeFileName, temporaryFolder } from '#hosts/browser/temporary.ts';

it('deletes what it gave a place, and nothing that a path from there leads to', async () => {
  const home = await mkdtemp(join(tmpdir(), 'wirebench-'));
  onTestFinished(() => rm(home, { recursive: true }));
  const folder = temporaryFolder(join(home, 'uploads'));
  const path = await folder.place('a');
  const other = await folder.place('b');
  const precious = join(home, 'precious', 'a');
  await mkdir(dirname(precious));
  for (const file of [path, other, precious]) await writeFile(file, 'x');
  const own = dirname(path);
  for (const wrong of [`${own}/../../../precious/a`, `${own}/../a`, own, `${own}/a/../a`, precious]) {
    expect(folder.contains(wrong)).toBe(false);
    await folder.discard(wrong);
  }
  expect([path, other, precious].map(existsSync)).toEqual([true, true, true]);
  expect(folder.contains(path)).toBe(true);
  await folder.discard(path);
  expect([path, other, precious].map(existsSync)).toEqual([false, true, true]);
});

it('keeps an ordinary name as it is', () => {
  expect(safeFileName('session 2026-01-31.wirebench')).toBe('session 2026-01-31.wirebench');
  expect(safeFileName('größe.jsonl')).toBe('größe.jsonl');
});

it('has nothing in a name that a person would not see', () => {
  expect(safeFileName('a\u202efdp.sh\n\u200b')).toBe('a_fdp.sh__');
});

it('cuts a long name before its ending', () => {
  const safe = safeFileName(`${'n'.repeat(115)}.wirebench`);
  expect(safe).toBe(`${'n'.repeat(110)}.wirebench`);
});

it('makes one plain file name of anything', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
      const safe = safeFileName(name);
      expect(safe).not.toMatch(/[/\\:\0\n\r"]/);
      expect(safe).not.toMatch(/^\.*$/);
      expect(safe.length).toBeLessThanOrEqual(120);
      expect(safe.isWellFormed()).toBe(true);
    }),
  );
});
