import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { defaultClient } from '#shared/endpoint/endpoint-config.ts';

// An engine of this file's alone, with a resolver that never answers.
beforeEach(() => {
  vi.resetModules();
  vi.doMock('node:dns/promises', () => ({ lookup: () => new Promise(() => {}) }));
});
afterEach(() => {
  vi.doUnmock('node:dns/promises');
  vi.resetModules();
});

test('an attempt can be given up while its name is still being looked up', async () => {
  const { TestEngine } = await import('#support/engine.ts');
  await using bench = new TestEngine();
  const { id } = bench.engine.create({ ...defaultClient, host: 'slow.example' });
  const opening = bench.engine.open(id);
  await bench.engine.close(id);
  expect(await opening).toMatchObject({ ok: false, error: { code: 'aborted' } });
  expect(bench.log.records.map(({ kind }) => kind)).toEqual(['closed']);
});
