import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '#support/build-setup.ts';
import { listSamples, readReplyFile } from '#workbench/samples.ts';

test('samples that are not where they belong are a failure in words, not an exception', async () => {
  const missing = join(root, 'no such folder');
  expect(await readReplyFile(missing, 'sample:data.json')).toMatchObject({
    ok: false,
    error: { code: 'file', system: expect.stringContaining('ENOENT'), hint: expect.stringContaining('install') },
  });
  expect(await listSamples(missing)).toMatchObject({ ok: false, error: { code: 'file' } });
});

test('a sample that does not exist is not found, one that does is read', async () => {
  const resources = join(root, 'resources');
  expect(await readReplyFile(resources, 'sample:../icon.svg')).toMatchObject({ error: { code: 'not-found' } });
  expect(await readReplyFile(resources, 'sample:data.json')).toMatchObject({ ok: true });
});
