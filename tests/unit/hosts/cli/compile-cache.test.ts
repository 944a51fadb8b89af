import { chmod, mkdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import envPaths from 'env-paths';
import { describe, expect, test } from 'vitest';
import { compileCacheFolder, isOwnFolder } from '#hosts/cli/compile-cache.ts';
import { SessionFolder } from '#support/session.ts';

describe('the folder of compiled code', () => {
  test('is made for its user alone, with the folders above it', async () => {
    await using folder = new SessionFolder();
    const path = join(folder.path, 'cache', 'compiled');
    expect(isOwnFolder(path)).toBe(true);
    expect((await stat(path)).mode & 0o777).toBe(0o700);
    expect(isOwnFolder(path)).toBe(true);
  });

  test.each([0o770, 0o702, 0o1777])('is not used where others can write to it: mode %o', async (mode) => {
    await using folder = new SessionFolder();
    const path = join(folder.path, 'compiled');
    await mkdir(path);
    await chmod(path, mode);
    expect(isOwnFolder(path)).toBe(false);
  });

  test('is not used where it is a link to another folder', async () => {
    await using folder = new SessionFolder();
    await mkdir(join(folder.path, 'other'), { mode: 0o700 });
    await symlink(join(folder.path, 'other'), join(folder.path, 'compiled'));
    expect(isOwnFolder(join(folder.path, 'compiled'))).toBe(false);
  });

  test('is done without where it cannot be made', async () => {
    await using folder = new SessionFolder();
    await writeFile(join(folder.path, 'file'), '');
    expect(isOwnFolder(join(folder.path, 'file'))).toBe(false);
    expect(isOwnFolder(join(folder.path, 'file', 'compiled'))).toBe(false);
  });

  test('lies below the folder that env-paths has for caches', () => {
    expect(compileCacheFolder()).toBe(join(envPaths('Wirebench', { suffix: '' }).cache, 'compiled'));
  });

  test.each([
    [{ HOME: '/home/eve' }, 'linux', '/home/eve/.cache/Wirebench/compiled'],
    [{ HOME: '/home/eve', XDG_CACHE_HOME: '/var/eve' }, 'linux', '/var/eve/Wirebench/compiled'],
    [{ HOME: '/Users/eve' }, 'darwin', '/Users/eve/Library/Caches/Wirebench/compiled'],
    [{ LOCALAPPDATA: 'C:\\Eve\\Local' }, 'win32', 'C:\\Eve\\Local\\Wirebench\\Cache\\compiled'],
    [{}, 'linux', undefined],
    [{}, 'darwin', undefined],
    [{}, 'win32', undefined],
    [{ HOME: '/home/eve', XDG_CACHE_HOME: 'here' }, 'linux', undefined],
  ] as const)('with %j on %s is %s', (env, platform, folder) => {
    expect(compileCacheFolder(env, platform)).toBe(folder);
  });
});
