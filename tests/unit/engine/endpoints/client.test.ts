import { expect, test, vi } from 'vitest';
import { defaultClient } from '#shared/contract/endpoint-config.ts';
import { TestEngine } from '#support/engine.ts';

// A resolver that never answers.
vi.mock('node:dns/promises', () => ({ lookup: () => new Promise(() => {}) }));

test('an attempt can be given up while its name is still being looked up', async () => {
  await using bench = new TestEngine();
  const { id } = bench.engine.create({ ...defaultClient, host: 'slow.example' });
  const opening = bench.engine.open(id);
  await bench.engine.close(id);
  expect(await opening).toMatchObject({ ok: false, error: { code: 'aborted' } });
  expect(bench.log.records.map(({ kind }) => kind)).toEqual(['closed']);
});
