import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { listPlaces } from '#hosts/browser/host-calls.ts';
import { FileGrants } from '#workbench/file-grants.ts';

let home: string;
let other: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'wirebench-places-'));
  other = join(home, 'other');
  await mkdir(join(home, 'sessions'));
  await mkdir(other);
  vi.stubEnv('TMPDIR', other);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true });
});

it('offers the folder of sessions and the one for temporary files, with what is free there', async () => {
  const files = new FileGrants();
  const places = await listPlaces(files, home, 'a run.wirebench');
  const known = places.filter(({ folder }) => folder.startsWith(home));
  expect(known.map(({ folder }) => folder)).toEqual([join(home, 'sessions'), other]);
  for (const { target, folder, freeBytes } of known) {
    expect(freeBytes).toBeGreaterThan(0);
    const path = join(folder, 'a run.wirebench');
    expect(files.takePlace(target, 'recording')).toEqual({
      ok: true,
      value: { path, existing: 'refuse', life: 'recording' },
    });
  }
});

it('never offers a file that is there, nor one outside of the folder', async () => {
  await writeFile(join(other, 'a.wirebench'), 'mine');
  const paths = async (name: string) => {
    const files = new FileGrants();
    const place = (await listPlaces(files, home, name)).find(({ folder }) => folder === other);
    const taken = files.takePlace(place?.target ?? '', 'recording');
    return taken.ok ? taken.value.path : undefined;
  };
  expect(await paths('a.wirebench')).toBe(join(other, 'a-2.wirebench'));
  expect(await paths('../../a')).toMatch(new RegExp(`^${other}/[^/]+\\.wirebench$`));
});

it('leaves out a folder that is not there, and names one once', async () => {
  const folders = async () => (await listPlaces(new FileGrants(), home, 'a')).map(({ folder }) => folder);
  vi.stubEnv('TMPDIR', join(home, 'none'));
  expect(await folders()).not.toContain(join(home, 'none'));
  vi.stubEnv('TMPDIR', join(home, 'sessions'));
  expect((await folders()).filter((folder) => folder === join(home, 'sessions'))).toHaveLength(1);
});
