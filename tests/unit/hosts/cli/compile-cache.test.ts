import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
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

const source = fileURLToPath(new URL('../../../../src/main/hosts/cli/compile-cache.ts', import.meta.url));

/** Runs `script.cjs` of `folder` as the command `word`, with its compiled code in the folder `cache` (empty: none). */
async function run(folder: string, word = 'send', cache = folder): Promise<string> {
  const program = `
    import { runCompiled } from ${JSON.stringify(source)};
    runCompiled(${JSON.stringify(folder)}, 'script.cjs', ${cache === '' ? 'undefined' : JSON.stringify(cache)});`;
  const args = ['--input-type=module', '--disable-warning=ExperimentalWarning', '-e', program, 'wirebench', word];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return stdout;
}

async function compiled(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.includes(process.version)).sort();
}

describe('a script that is run with the code compiled before', () => {
  test('leaves its compiled code for the next run of the same command, readable to its user alone', async () => {
    await using folder = new SessionFolder();
    await writeFile(folder.file('script.cjs'), 'console.log("ran", __filename);');
    expect(await run(folder.path)).toBe(`ran ${folder.file('script.cjs')}\n`);
    const [name = ''] = await compiled(folder.path);
    expect(name).toMatch(/^send-/);
    const first = await stat(join(folder.path, name));
    expect(first.mode & 0o777).toBe(0o600);
    expect(await run(folder.path)).toBe(`ran ${folder.file('script.cjs')}\n`);
    // What is used is not written again.
    expect((await stat(join(folder.path, name))).ino).toBe(first.ino);
    await run(folder.path, 'listen');
    expect(await compiled(folder.path)).toHaveLength(2);
  });

  test('is compiled again where what is kept is damaged', async () => {
    await using folder = new SessionFolder();
    await writeFile(folder.file('script.cjs'), 'console.log("ran");');
    await run(folder.path);
    const [name = ''] = await compiled(folder.path);
    const whole = await readFile(folder.file(name));
    await writeFile(folder.file(name), whole.subarray(0, 40));
    expect(await run(folder.path)).toBe('ran\n');
    expect((await readFile(folder.file(name))).length).toBeGreaterThan(40);
  });

  test('is not run with the code of another version of the same length', async () => {
    await using folder = new SessionFolder();
    await writeFile(folder.file('script.cjs'), 'console.log("old");');
    expect(await run(folder.path)).toBe('old\n');
    await writeFile(folder.file('script.cjs'), 'console.log("new");');
    await utimes(folder.file('script.cjs'), 1, 1);
    expect(await run(folder.path)).toBe('new\n');
  });

  test('leaves no code where it fails', async () => {
    await using folder = new SessionFolder();
    await writeFile(
      folder.file('script.cjs'),
      'console.log("ran"); process.once("beforeExit", () => process.exit(1));',
    );
    await expect(run(folder.path)).rejects.toMatchObject({ code: 1, stdout: 'ran\n' });
    expect(await compiled(folder.path)).toEqual([]);
  });

  test('runs without a folder to keep anything in, and with one that is gone', async () => {
    await using folder = new SessionFolder();
    await writeFile(folder.file('script.cjs'), 'console.log("ran");');
    expect(await run(folder.path, 'send', '')).toBe('ran\n');
    expect(await run(folder.path, 'send', folder.file('gone'))).toBe('ran\n');
    expect(await compiled(folder.path)).toEqual([]);
  });

  test('is shared with the files that it loads', async () => {
    await using folder = new SessionFolder();
    await writeFile(
      folder.file('script.cjs'),
      'exports.value = Math.random(); console.log(require("./later.cjs") === exports.value);',
    );
    await writeFile(folder.file('later.cjs'), 'module.exports = require("./script.cjs").value;');
    expect(await run(folder.path)).toBe('true\n');
  });
});
