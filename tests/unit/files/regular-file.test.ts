import { closeSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  notRegularCode,
  openFile,
  openFileSync,
  openFileToAppendSync,
  readRegularFile,
  readRegularFileSync,
} from '#files/regular-file.ts';
import { type SpecialFile, SpecialFiles, specialFiles } from '#support/special-files.ts';

describe.runIf(process.platform !== 'win32')('opening a file', () => {
  let files: SpecialFiles;
  beforeAll(async () => {
    files = await SpecialFiles.make();
  });
  afterAll(() => files[Symbol.asyncDispose]());

  const code = (name: SpecialFile) => (name === 'folder' ? 'EISDIR' : notRegularCode);

  it.each(specialFiles)('to read it refuses %s at once', async (name) => {
    expect(() => openFileSync(files.of(name))).toThrow(expect.objectContaining({ code: code(name) }));
    await expect(openFile(files.of(name))).rejects.toMatchObject({ code: code(name) });
    await expect(readRegularFile(files.of(name), 10)).rejects.toMatchObject({ code: code(name) });
    expect(() => readRegularFileSync(files.of(name))).toThrow(expect.objectContaining({ code: code(name) }));
  });

  it.each(specialFiles)('to write it refuses %s at once', (name) => {
    expect(() => openFileToAppendSync(files.of(name))).toThrow(expect.objectContaining({ code: code(name) }));
  });

  it('follows a link to a FIFO and refuses it', () => {
    symlinkSync(files.of('fifo'), files.of('link'));
    expect(() => openFileSync(files.of('link'))).toThrow('it is a pipe, not a regular file');
  });

  it('opens a regular file, also through a link', async () => {
    writeFileSync(files.of('file'), 'content');
    symlinkSync(files.of('file'), files.of('file-link'));
    const fd = openFileSync(files.of('file-link'));
    expect(readFileSync(fd, 'utf8')).toBe('content');
    closeSync(fd);
    expect(String(await readRegularFile(files.of('file'), 7))).toBe('content');
    expect(String(readRegularFileSync(files.of('file')))).toBe('content');
  });

  it('reads no more than the limit, and says how long the file is', async () => {
    writeFileSync(files.of('long'), '12345678');
    await expect(readRegularFile(files.of('long'), 7)).rejects.toMatchObject({
      code: 'EFBIG',
      message: expect.stringContaining('8 bytes, and the maximum is 7'),
    });
  });

  it('says what the system says where there is no file', async () => {
    expect(() => openFileSync(files.of('none'))).toThrow(expect.objectContaining({ code: 'ENOENT' }));
    await expect(openFile(files.of('none'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
