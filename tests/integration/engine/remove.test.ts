import { expect, it } from 'vitest';
import { defaultServer } from '#shared/endpoint/endpoint-config.ts';
import { TestEngine } from '#support/engine.ts';

it('a server that is opened while it is being removed leaves no listener that nobody could close', async () => {
  await using bench = new TestEngine();
  const { engine, log } = bench;
  const { id } = engine.create({ ...defaultServer, port: 0 });
  const removing = engine.remove(id);
  const opening = engine.open(id);
  const again = engine.remove(id);
  expect(await removing).toEqual({ ok: true, value: {} });
  expect(await opening).toMatchObject({ ok: false, error: { code: 'not-found' } });
  expect(await again).toMatchObject({ ok: false, error: { code: 'not-found' } });
  expect(log.records).toEqual([]);
  expect(engine.snapshot()).toEqual({ endpoints: [], sockets: [] });
});

it('a server that is removed while it is being opened listens nowhere', async () => {
  await using bench = new TestEngine();
  const { engine, log } = bench;
  const { id } = engine.create({ ...defaultServer, port: 0 });
  const [opened] = await Promise.all([engine.open(id), engine.remove(id)]);
  expect(opened).toMatchObject({ ok: false, error: { code: 'aborted' } });
  expect(log.records.map(({ kind }) => kind)).toEqual(['closed']);
  expect(engine.snapshot()).toEqual({ endpoints: [], sockets: [] });
});
