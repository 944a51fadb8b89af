import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isOwnPage } from '#hosts/electron/app-page.ts';
import { grantDropped } from '#hosts/electron/host-calls.ts';
import { readWindowState, type WindowState, writeWindowState } from '#hosts/electron/window.ts';
import { FileGrants } from '#workbench/file-grants.ts';

// Nothing here needs a running Electron, and importing the package may download its binary.
vi.mock('electron', () => ({}));

describe('the sender of a call', () => {
  it('is our own page by protocol and host', () => {
    expect(isOwnPage('app://bundle/', undefined)).toBe(true);
    expect(isOwnPage('app://bundle/index.html#x', undefined)).toBe(true);
  });

  it.each([
    'app://other/',
    'app://bundle.evil/',
    'https://bundle/',
    'http://localhost:5173/',
    'file:///bundle/',
    'about:blank',
    'data:text/html,x',
    '',
  ])('is not ours at “%s”', (url) => {
    expect(isOwnPage(url, undefined)).toBe(false);
  });

  it('may be the development server while developing, and no other port of it', () => {
    expect(isOwnPage('http://localhost:5173/x', 'http://localhost:5173')).toBe(true);
    expect(isOwnPage('http://localhost:5174/x', 'http://localhost:5173')).toBe(false);
  });
});

describe('what is dropped on the window', () => {
  it('is granted only if it is a folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wirebench-dropped-'));
    await writeFile(join(folder, 'a.txt'), '');
    const files = new FileGrants();
    const granted = await grantDropped(files, folder);
    expect(granted.ok && files.findFolder(granted.value.folder)).toEqual({ ok: true, value: folder });
    for (const other of [
      '',
      '.',
      join(folder, 'a.txt'),
      join(folder, 'missing'),
      `${folder}\0`,
      undefined,
      { path: folder },
    ]) {
      expect(await grantDropped(files, other)).toMatchObject({ ok: false, error: { code: 'bad-input' } });
    }
    await rm(folder, { recursive: true });
  });
});

describe('the window’s place', () => {
  const display = { x: 0, y: 0, width: 1920, height: 1080 };
  const state: WindowState = { x: 100, y: 50, width: 1280, height: 800, maximized: true };
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wirebench-window-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is kept between runs', () => {
    const file = join(folder, 'home', 'window.json');
    writeWindowState(file, state);
    expect(readWindowState(file, [display])).toEqual(state);
  });

  it('is forgotten where its display is gone', () => {
    const file = join(folder, 'window.json');
    writeWindowState(file, { ...state, x: 2_000 });
    expect(readWindowState(file, [display])).toBeUndefined();
    expect(readWindowState(file, [display, { x: 1920, y: 0, width: 1920, height: 1080 }])).toMatchObject({ x: 2_000 });
    writeWindowState(file, { ...state, y: -400 });
    expect(readWindowState(file, [display])).toBeUndefined();
  });

  it.each(['', '{', 'null', '{"x":1}', '{"x":0,"y":0,"width":1e9,"height":800,"maximized":false}'])(
    'is forgotten where its file says “%s”',
    async (text) => {
      const file = join(folder, 'window.json');
      await writeFile(file, text);
      expect(readWindowState(file, [display])).toBeUndefined();
    },
  );

  it('is not worth a failure where it cannot be kept', async () => {
    const report = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    await writeFile(join(folder, 'file'), '');
    writeWindowState(join(folder, 'file', 'window.json'), state);
    expect(report).toHaveBeenCalledOnce();
    report.mockRestore();
  });
});
