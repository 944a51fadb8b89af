import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { staleReason } from '../../../tools/build.ts';

const outputs = ['out/main/index.js', 'out/main/cli.js', 'out/preload/index.cjs', 'out/renderer/index.html'];
const inputs = ['src/deep/a.ts', 'src/b.ts', 'resources/data.json', 'package-lock.json', 'electron.vite.config.ts'];
const folders = ['src', 'src/deep', 'resources'];

describe('a build', () => {
  let root: string;
  const touch = (path: string, seconds: number) => utimes(join(root, path), seconds, seconds);

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'wirebench-build-'));
    for (const path of [...outputs, ...inputs]) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), '');
    }
    for (const path of [...inputs, ...folders]) await touch(path, 1_000);
    for (const path of outputs) await touch(path, 2_000);
  });
  afterEach(() => rm(root, { recursive: true }));

  it('is fresh where all of it is newer than what it is made of', () => {
    expect(staleReason(root)).toBeUndefined();
  });

  it.each(outputs)('is stale where %s is missing', async (path) => {
    await rm(join(root, path));
    expect(staleReason(root)).toContain(path);
  });

  it.each(inputs)('is stale where %s is newer', async (path) => {
    await touch(path, 3_000);
    expect(staleReason(root)).toContain('newer');
  });

  it('is stale where a file was deleted from a folder', async () => {
    await rm(join(root, 'src/deep/a.ts'));
    expect(staleReason(root)).toContain('src/deep');
  });

  it('is stale where one part of it is older than a source', async () => {
    await touch('out/preload/index.cjs', 500);
    expect(staleReason(root)).toBeDefined();
  });
});
