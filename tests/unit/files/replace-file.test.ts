import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replaceFile, replaceFileSync } from '#files/replace-file.ts';

describe.each([
  ['replaceFile', replaceFile],
  ['replaceFileSync', async (path: string, text: string) => replaceFileSync(path, text)],
])('%s', (_, replace) => {
  let folder: string;
  let path: string;
  let umask: number;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'wirebench-replace-'));
    path = join(folder, 'settings.json');
    umask = process.umask(0);
  });
  afterEach(() => {
    process.umask(umask);
    rmSync(folder, { recursive: true });
  });

  it('writes a file that only its owner may read, and closes one that was open to others', async () => {
    await replace(path, 'größe');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    chmodSync(path, 0o666);
    await replace(path, 'new');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual(['settings.json']);
  });

  it('writes a text that is larger than one write', async () => {
    const text = 'ä'.repeat(4_000_000);
    await replace(path, text);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('leaves no file of it where it fails', async () => {
    mkdirSync(path);
    writeFileSync(join(path, 'x'), '');
    await expect(replace(path, 'text')).rejects.toThrow();
    expect(readdirSync(folder)).toEqual(['settings.json']);
  });
});
