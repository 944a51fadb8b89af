import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPrivateFile, makePrivateFolder } from '#files/private-files.ts';
import { ReadOnlyFolder } from '#support/small-disk.ts';

const modeOf = (path: string) => statSync(path).mode & 0o777;

describe.each(['000', '022', '277'])('with umask %s', (umask) => {
  let folder: string;
  let before: number;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'wirebench-private-'));
    before = process.umask(umask);
  });
  afterEach(() => {
    process.umask(before);
    rmSync(folder, { recursive: true });
  });

  it('a file is made with mode 0600', () => {
    const path = join(folder, 'a');
    const fd = createPrivateFile(path);
    writeSync(fd, 'text');
    closeSync(fd);
    expect(modeOf(path)).toBe(0o600);
    expect(readFileSync(path, 'utf8')).toBe('text');
  });

  it('a folder is made with mode 0700, and so are those above it that are missing', () => {
    makePrivateFolder(join(folder, 'a', 'b', 'c'));
    for (const path of ['a', 'a/b', 'a/b/c']) expect(modeOf(join(folder, path))).toBe(0o700);
  });
});

describe('a private file or folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'wirebench-private-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is never made through a link that another user left in its place', () => {
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'a'));
    expect(() => createPrivateFile(join(folder, 'a'))).toThrow('EEXIST');
  });

  it('is left as it is where the folder exists', () => {
    mkdirSync(join(folder, 'a'));
    chmodSync(join(folder, 'a'), 0o755);
    makePrivateFolder(join(folder, 'a'));
    expect(modeOf(join(folder, 'a'))).toBe(0o755);
  });

  it('is not made where a file is in the place of a folder', () => {
    closeSync(createPrivateFile(join(folder, 'a')));
    expect(() => makePrivateFolder(join(folder, 'a'))).toThrow('EEXIST');
    expect(() => makePrivateFolder(join(folder, 'a', 'b'))).toThrow('ENOTDIR');
  });

  it('is not made in a folder that is read-only, which the error says', () => {
    using readOnly = new ReadOnlyFolder();
    expect(() => makePrivateFolder(readOnly.file('a/b'))).toThrow(/EROFS|EACCES/);
    expect(() => createPrivateFile(readOnly.file('a'))).toThrow(/EROFS|EACCES/);
  });
});
