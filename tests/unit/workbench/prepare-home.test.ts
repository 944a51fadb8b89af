import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ReadOnlyFolder } from '#support/small-disk.ts';
import { prepareHome } from '#workbench/prepare-home.ts';

const modeOf = (path: string) => statSync(path).mode & 0o777;

/** Makes an open file or folder. */
function put(path: string, mode: number): void {
  if (mode & 0o100) mkdirSync(path, { recursive: true });
  else writeFileSync(path, '');
  chmodSync(path, mode);
}

describe('the app’s folder', () => {
  let folder: string;
  let home: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'wirebench-prepare-'));
    home = join(folder, 'home');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is made for its owner only', () => {
    const umask = process.umask(0);
    expect(prepareHome(home)).toEqual({ ok: true, value: '' });
    process.umask(umask);
    expect([modeOf(home), modeOf(join(home, 'sessions'))]).toEqual([0o700, 0o700]);
  });

  it.each(['755', '777', '750'])('is closed where it is open (mode 0%s) and contains nothing else', (mode) => {
    put(home, 0o755);
    const replacing = '.wirebench-123-0123456789ab.new';
    for (const name of ['settings.json', 'window.json', replacing]) put(join(home, name), 0o644);
    const folders = [
      'uploads',
      'downloads',
      'entrance',
      'tls',
      'electron',
      'workspace',
      'workspaces',
      'drafts',
      'secrets',
    ];
    for (const name of folders) put(join(home, name), 0o755);
    chmodSync(home, mode);
    expect(prepareHome(home)).toEqual({ ok: true, value: '' });
    expect(modeOf(home)).toBe(0o700);
  });

  it('stays open where it contains other things: what is ours is closed, and a warning names the folder', () => {
    put(home, 0o755);
    put(join(home, 'thesis.txt'), 0o644);
    put(join(home, 'settings.json'), 0o644);
    put(join(home, 'sessions'), 0o755);
    expect(prepareHome(home)).toEqual({
      ok: true,
      value: `Other users can list the folder “${home}” (mode 0755). They cannot read the files of Wirebench there.`,
    });
    expect([modeOf(home), modeOf(join(home, 'thesis.txt'))]).toEqual([0o755, 0o644]);
    expect([modeOf(join(home, 'settings.json')), modeOf(join(home, 'sessions'))]).toEqual([0o600, 0o700]);
  });

  it('is not called closed where something of it is a link, which stays as it is', () => {
    put(home, 0o755);
    put(join(home, 'thesis.txt'), 0o644);
    symlinkSync(join(home, 'thesis.txt'), join(home, 'settings.json'));
    expect(prepareHome(home)).toMatchObject({ value: expect.stringContaining(join(home, 'settings.json')) });
    expect(modeOf(join(home, 'thesis.txt'))).toBe(0o644);
  });

  it('is named as one in which others can replace files where they can write', () => {
    put(home, 0o777);
    put(join(home, 'thesis.txt'), 0o644);
    expect(prepareHome(home)).toMatchObject({ value: expect.stringMatching(/can write to .*replace.*WIREBENCH_HOME/) });
  });

  it.runIf(process.getuid?.() === 0)('is not closed where it belongs to another user (only root can make one)', () => {
    put(home, 0o755);
    chownSync(home, 65_534, 65_534);
    expect(prepareHome(home)).toMatchObject({ ok: true, value: expect.stringContaining('can list') });
    expect(modeOf(home)).toBe(0o755);
  });

  it('is refused in a place that is read-only, with what the system said', () => {
    using readOnly = new ReadOnlyFolder();
    expect(prepareHome(readOnly.file('home'))).toMatchObject({
      ok: false,
      error: {
        code: 'file',
        message: expect.stringContaining(readOnly.file('home')),
        system: expect.stringMatching(/^mkdir\(\): (EROFS \(read-only file system|EACCES \(permission denied)\)$/),
        hint: expect.stringContaining('WIREBENCH_HOME'),
      },
    });
  });
});
