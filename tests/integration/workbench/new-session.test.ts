import { existsSync } from 'node:fs';
import net from 'node:net';
import { dirname } from 'node:path';
import { expect, test, vi } from 'vitest';
import { defaultServer } from '#shared/endpoint/endpoint-config.ts';
import { startWorkbench, testHome } from '#support/workbench.ts';

const patience = { timeout: 20_000, interval: 5 };

test('a new session records what comes next; the one before is whole, closed and listed', async () => {
  const bench = await startWorkbench(await testHome());
  await bench.receive(['before']);
  const before = await bench.recording();
  const { endpoints } = await bench.value('app.snapshot', {});

  const begun = await bench.value('sessions.begin', {});
  expect(begun).toMatchObject({ state: 'recording', total: 0 });
  expect(await bench.value('app.snapshot', {})).toEqual({
    endpoints,
    sockets: [],
    sessions: [begun],
    jobs: [],
    programs: [],
  });
  await bench.receive(['after']);

  const { sessions } = await bench.value('sessions.stored', {});
  expect(sessions.find(({ path }) => path === before.path)).toMatchObject({ state: 'ended', records: 6 });
  const opened = await bench.value('sessions.open', { file: bench.files.grantRead(before.path) });
  const texts = async (session: string) => {
    const { id: query } = await bench.value('sessions.query', { session, filter: 'in' });
    const { rows } = await bench.value('sessions.window', { session, query, first: 0, count: 100 });
    return rows.map(({ preview }) => preview);
  };
  await vi.waitUntil(async () => (await texts(begun.id)).length > 0, patience);
  await vi.waitUntil(async () => (await texts(opened.id)).length > 0, patience);
  expect(await texts(opened.id)).toEqual(['before']);
  expect(await texts(begun.id)).toEqual(['after']);
});

test('an empty session leaves no file when another one starts', async () => {
  const bench = await startWorkbench(await testHome());
  const empty = await bench.recording();
  const begun = await bench.value('sessions.begin', {});
  expect(existsSync(empty.path)).toBe(false);
  expect(dirname(begun.path)).toBe(dirname(empty.path));
  expect(existsSync(begun.path)).toBe(true);
});

test.each([
  { when: 'another one starts', ends: 'begin' },
  { when: 'the run ends', ends: 'close' },
])('an empty session that someone named stays when $when', async ({ ends }) => {
  const home = await testHome();
  const bench = await startWorkbench(home);
  const { id, path } = await bench.recording();
  await bench.value('sessions.rename', { session: id, name: 'calibration of Tuesday' });
  if (ends === 'begin') await bench.value('sessions.begin', {});
  else await bench.close();
  expect(existsSync(path)).toBe(true);
  const next = ends === 'begin' ? bench : await startWorkbench(home);
  const { sessions } = await next.value('sessions.stored', {});
  expect(sessions.find((stored) => stored.path === path)).toMatchObject({ name: 'calibration of Tuesday', records: 0 });
});

test('a new session is refused while a server listens or one of its connections lives on', async () => {
  const bench = await startWorkbench(await testHome());
  const before = await bench.recording();
  const { id } = await bench.value('endpoints.create', { ...defaultServer, port: 0 });
  const { address } = await bench.value('endpoints.open', { id });
  const refusal = { ok: false, error: { code: 'wrong-state', hint: expect.stringContaining('Stop every server') } };
  expect(await bench.call('sessions.begin', {})).toMatchObject(refusal);

  const socket = net.connect(Number(address.slice(address.lastIndexOf(':') + 1)), '127.0.0.1').on('error', () => {});
  await vi.waitUntil(async () => (await bench.value('app.snapshot', {})).sockets.length === 2, patience);
  await bench.value('endpoints.close', { id, keepConnections: true });
  expect(await bench.call('sessions.begin', {})).toMatchObject(refusal);
  expect(await bench.recording()).toMatchObject({ id: before.id });

  await bench.value('endpoints.close', { id });
  expect(await bench.call('sessions.begin', {})).toMatchObject({ ok: true });
  socket.destroy();
});
