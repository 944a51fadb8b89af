import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defaultSettings } from '#shared/contract/models.ts';
import { SettingsFile } from '#workbench/settings.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'wirebench-home-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

test('changes that come together are all kept, also while the file is still being read', async () => {
  await new SettingsFile(home).set({ layout: { sidebar: 200 }, filters: ['in'] });
  const file = new SettingsFile(home);
  await Promise.all([file.set({ theme: 'dark' }), file.set({ layout: { inspector: 300 } })]);
  const expected = { ...defaultSettings, theme: 'dark', layout: { inspector: 300 }, filters: ['in'] };
  expect(await file.get()).toEqual(expected);
  expect(JSON.parse(await readFile(join(home, 'settings.json'), 'utf8'))).toEqual(expected);
  expect(await readdir(home)).toEqual(['settings.json']);
});
