import { once } from 'node:events';
import { chmod, mkdir, stat, writeFile } from 'node:fs/promises';
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { root } from '#support/build-setup.ts';
import { startWorkbench, type TestWorkbench, testHome } from '#support/workbench.ts';
import { TraceChannel } from '#trace/channel.ts';
import { joinAddress, joinApp } from '#trace/join.ts';
import { startTracedProgram } from '#trace/traced-program.ts';

const patience = { timeout: 30_000, interval: 5 };
const program = join(root, 'tests', 'support', 'traced', 'python', 'blocking.py');

/** Traces a Python program as the command line does, with the app as the reader of its calls. */
async function traceInApp(home: string): Promise<string> {
  const { folder } = await TraceChannel.create();
  const command = ['python3', program] as const;
  const joined = await joinApp(home, { folder, command });
  if (!joined.ok || !joined.value) throw new Error('the app did not answer');
  const { pid: reader, connection } = joined.value;
  const tracers = join(root, 'resources', 'trace');
  const started = await startTracedProgram({ command: [...command], folder, tracers, reader, maxBytes: 65_536 });
  if (!started.ok) throw new Error(started.error.system);
  await started.value.ended;
  await ended(connection);
  return folder;
}

/** Says that the program has ended, and resolves when the app has read everything. */
async function ended(connection: Socket): Promise<void> {
  const closed = once(connection, 'close');
  connection.end();
  await closed;
}

async function namesOf(bench: TestWorkbench): Promise<string[]> {
  const { id: session } = await bench.recording();
  const { id: query } = await bench.value('sessions.query', { session, filter: '' });
  const { rows } = await bench.value('sessions.window', { session, query, first: 0, count: 100 });
  return rows.flatMap(({ event }) => (event?.kind === 'call' ? [event.name] : []));
}

describe('a program that is traced while the app runs', () => {
  it('is recorded in the session of the app, and listed', async () => {
    const home = await testHome();
    const bench = await startWorkbench(home);
    const folder = await traceInApp(home);
    const { programs } = await bench.value('app.snapshot', {});
    expect(programs).toMatchObject([{ command: ['python3', program], state: 'ended' }]);
    expect(programs[0]?.name).toMatch(/^blocking\.py \(\d+\)$/);
    expect(bench.events.filter(({ kind }) => kind === 'programs').length).toBeGreaterThanOrEqual(1);
    await bench.value('programs.clear', {});
    expect((await bench.value('app.snapshot', {})).programs).toEqual([]);
    await vi.waitUntil(async () => (await namesOf(bench)).length > 0, patience);
    expect(await namesOf(bench)).toEqual(
      expect.arrayContaining(['socket', 'bind', 'listen', 'accept', 'connect', 'close']),
    );
    await expect(stat(folder)).rejects.toThrow('ENOENT');
  });

  it('keeps a new session from being started', async () => {
    const home = await testHome();
    const bench = await startWorkbench(home);
    const { folder } = await TraceChannel.create();
    const joined = await joinApp(home, { folder, command: ['sleep'] });
    if (!joined.ok || !joined.value) throw new Error('the app did not answer');
    expect(await bench.call('sessions.begin', {})).toMatchObject({
      ok: false,
      error: { system: 'a program is traced' },
    });
    await ended(joined.value.connection);
    expect(await bench.call('sessions.begin', {})).toMatchObject({ ok: true });
  });

  it('is not awaited where no app runs, or where one was killed', async () => {
    const home = await testHome();
    expect(await joinApp(home, { folder: '/dev/null', command: ['x'] })).toEqual({ ok: true, value: undefined });
    await writeFile(joinAddress(home), '');
    await startWorkbench(home);
    const { folder } = await TraceChannel.create();
    const joined = await joinApp(home, { folder, command: ['x'] });
    expect(joined).toMatchObject({ ok: true, value: { pid: process.pid } });
    if (joined.ok && joined.value) await ended(joined.value.connection);
  });
});

describe('the socket of the app', () => {
  it('is open to its user only', async () => {
    const home = await testHome();
    await startWorkbench(home);
    expect((await stat(joinAddress(home))).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['garbage', 'garbage\n'],
    ['a line without end', 'x'.repeat(100_000)],
    ['a request without a command', '{"folder":"/dev/shm/wirebench-trace-x"}\n'],
  ])('closes the connection on %s', async (_, text) => {
    const home = await testHome();
    await startWorkbench(home);
    const connection = createConnection(joinAddress(home)).on('error', () => undefined);
    const closed = once(connection, 'close');
    connection.write(text);
    await closed;
  });

  it.each([
    ['is not named like one of a trace', 'other', 0o700],
    ['others may enter', 'wirebench-trace-open', 0o755],
  ])('refuses a folder that %s', async (_, name, mode) => {
    const home = await testHome();
    await startWorkbench(home);
    const folder = join(home, name);
    await mkdir(folder);
    await chmod(folder, mode);
    const joined = await joinApp(home, { folder, command: ['x'] });
    expect(joined).toMatchObject({ ok: false, error: { system: `“${folder}” is not the folder of a trace` } });
  });
});
