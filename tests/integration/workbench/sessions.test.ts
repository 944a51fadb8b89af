import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { storedFile } from '#support/stored-file.ts';
import { startWorkbench, testHome } from '#support/workbench.ts';
import { createWorkbench } from '#workbench/create-workbench.ts';

const dayMs = 86_400_000;

describe('the sessions of a workbench', () => {
  it('are listed while they are recorded and after they have ended, with their records', async () => {
    const home = await testHome();
    const first = await startWorkbench(home);
    await first.receive(['one', 'two']);
    const live = await first.recording();
    const { sessions, folder } = await first.value('sessions.stored', {});
    expect(folder).toBe(join(home, 'sessions'));
    expect(sessions).toMatchObject([{ name: live.name, path: live.path, state: 'recording' }]);
    await first.close();

    const second = await startWorkbench(home);
    await second.receive(['three']);
    const listed = (await second.value('sessions.stored', {})).sessions;
    expect(listed.map(({ state }) => state)).toEqual(['recording', 'ended']);
    expect(listed[1]).toMatchObject({ name: live.name });
    expect(listed[1]?.records).toBeGreaterThanOrEqual(live.total);
  });

  it('cannot be recorded where a file is in the place of their folder: that is said in words', async () => {
    const home = await testHome();
    await writeFile(join(home, 'sessions'), 'a file');
    const created = await createWorkbench({ home, resources: home });
    expect(created).toMatchObject({
      ok: false,
      error: {
        code: 'file',
        message: `Could not create the folder “${join(home, 'sessions')}”`,
        system: expect.stringContaining('EEXIST'),
        hint: expect.stringContaining('WIREBENCH_HOME'),
      },
    });
  });

  it('leave nothing where nothing happened', async () => {
    const home = await testHome();
    const bench = await startWorkbench(home);
    await bench.close();
    expect(await readdir(join(home, 'sessions'))).toEqual([]);
  });

  it('keep the name that they were given while they were recorded', async () => {
    const home = await testHome();
    const first = await startWorkbench(home);
    await first.receive(['one']);
    const { id } = await first.recording();
    expect(await first.value('sessions.rename', { session: id, name: 'boiler' })).toMatchObject({ name: 'boiler' });
    expect(first.events).toContainEqual(
      expect.objectContaining({ kind: 'sessions', changed: [expect.objectContaining({ name: 'boiler' })] }),
    );
    await first.close();
    const second = await startWorkbench(home);
    expect((await second.value('sessions.stored', {})).sessions.at(-1)).toMatchObject({
      name: 'boiler',
      state: 'ended',
    });
  });

  it('are named when they are opened again, and stay readable', async () => {
    const home = await testHome();
    const bench = await startWorkbench(home);
    const path = join(home, 'sessions', 'a.wirebench');
    await writeFile(path, storedFile({ records: 3 }));
    const { id } = await bench.value('sessions.open', { file: bench.files.grantRead(path) });
    await bench.value('sessions.rename', { session: id, name: 'after the fact' });
    await bench.value('sessions.close', { session: id });
    expect((await bench.value('sessions.stored', {})).sessions.at(-1)).toMatchObject({
      name: 'after the fact',
      records: 3,
      state: 'ended',
    });
    expect(await bench.value('sessions.open', { file: bench.files.grantRead(path) })).toMatchObject({
      name: 'after the fact',
      total: 3,
      notice: '',
    });
  });

  it('that crashed can be named, but not where something was cut: such a file stays as it is', async () => {
    const home = await testHome();
    const bench = await startWorkbench(home);
    const path = join(home, 'sessions', 'a.wirebench');
    const whole = storedFile({ name: 'a run', records: 3, crashed: true });
    await writeFile(path, Buffer.concat([whole, whole.subarray(0, 99)]));
    const cut = await bench.value('sessions.open', { file: bench.files.grantRead(path) });
    expect(cut.notice).toContain('99 bytes');
    const refused = await bench.call('sessions.rename', { session: cut.id, name: 'before the crash' });
    expect(refused).toMatchObject({ error: { code: 'wrong-state', hint: expect.stringContaining('copy') } });
    await bench.value('sessions.close', { session: cut.id });
    expect((await bench.value('sessions.stored', {})).sessions.at(-1)).toMatchObject({ name: 'a run', cutBytes: 99 });

    await writeFile(path, whole);
    const { id } = await bench.value('sessions.open', { file: bench.files.grantRead(path) });
    await bench.value('sessions.rename', { session: id, name: 'before the crash' });
    await bench.value('sessions.close', { session: id });
    expect((await bench.value('sessions.stored', {})).sessions.at(-1)).toMatchObject({
      name: 'before the crash',
      records: 3,
      cutBytes: 0,
      state: 'crashed',
    });
    expect(await bench.value('sessions.open', { file: bench.files.grantRead(path) })).toMatchObject({
      name: 'before the crash',
      total: 3,
    });
  });

  it('are open once, whatever path leads to their file and however many ask at once', async () => {
    const home = await testHome();
    const bench = await startWorkbench(home);
    const path = join(home, 'a.wirebench');
    await writeFile(path, storedFile({ records: 3 }));
    await symlink(home, join(home, 'round'));
    const paths = [path, join(home, 'round', 'a.wirebench'), join(home, '.', 'a.wirebench')];
    const views = await Promise.all(
      paths.map((one) => bench.value('sessions.open', { file: bench.files.grantRead(one) })),
    );
    expect(new Set(views.map(({ id }) => id)).size).toBe(1);
    expect((await bench.value('app.snapshot', {})).sessions).toHaveLength(2);
    const live = await bench.recording();
    expect(await bench.value('sessions.open', { file: bench.files.grantRead(live.path) })).toMatchObject({
      id: live.id,
      state: 'recording',
    });
  });

  it('are deleted when they are closed, and not before', async () => {
    const home = await testHome();
    const bench = await startWorkbench(home);
    const path = join(home, 'sessions', 'a.wirebench');
    await writeFile(path, storedFile({ records: 3 }));
    const { id } = await bench.value('sessions.open', { file: bench.files.grantRead(path) });
    expect(await bench.call('sessions.delete', { stored: 'stored:a.wirebench' })).toMatchObject({
      error: { code: 'wrong-state' },
    });
    await bench.value('sessions.close', { session: id });
    await bench.value('sessions.delete', { stored: 'stored:a.wirebench' });
    expect(existsSync(path)).toBe(false);
    const live = await bench.recording();
    const reference = `stored:${basename(live.path)}`;
    expect(await bench.call('sessions.delete', { stored: reference })).toMatchObject({
      error: { code: 'wrong-state' },
    });
  });

  it('beyond the limits go when the limits are lowered, and when a session ends', async () => {
    const home = await testHome();
    const bench = await startWorkbench(home);
    const put = async (name: string, daysAgo: number) => {
      const path = join(home, 'sessions', `${name}.wirebench`);
      const at = new Date(Date.now() - daysAgo * dayMs);
      await writeFile(path, storedFile({ name, createdAt: at.toISOString(), records: 3 }));
      await utimes(path, at, at);
      return path;
    };
    const [oldest, older, old] = [await put('oldest', 5), await put('older', 4), await put('old', 3)];
    await bench.value('settings.set', { retention: { sessions: 3, bytes: 1_000_000_000 } });
    expect([oldest, older, old].map(existsSync)).toEqual([false, true, true]);
    await bench.receive(['this run counts too']);
    const older2 = await put('older still', 9);
    await bench.close();
    expect([older2, older, old].map(existsSync)).toEqual([false, true, true]);
  });
});

describe('a capture or JSON lines that are opened', () => {
  async function exported(format: 'pcapng' | 'jsonl') {
    const home = await testHome();
    const bench = await startWorkbench(home);
    await bench.receive(['one', 'two', 'three']);
    const { id } = await bench.recording();
    const path = join(home, `a day: at the plant.${format}`);
    await bench.value('sessions.save', { session: id, format, target: bench.place(path), job: 'save' });
    return { home, bench, path };
  }

  it.each(['pcapng', 'jsonl'] as const)('become a session of their name, read-only, once (%s)', async (format) => {
    const { home, bench, path } = await exported(format);
    const view = await bench.value('sessions.open', { file: bench.files.grantRead(path), job: 'import' });
    expect(view).toMatchObject({ name: 'a day: at the plant', state: 'read-only' });
    expect(dirname(view.path)).toBe(join(home, 'sessions'));
    expect(basename(view.path)).toBe('a day_ at the plant.wirebench');
    const { rows } = await bench.value('sessions.window', { session: view.id, first: 0, count: 100 });
    expect(rows.filter(({ kind }) => kind === 'in').map(({ preview }) => preview)).toEqual(['one', 'two', 'three']);

    expect((await bench.value('sessions.open', { file: bench.files.grantRead(path) })).id).toBe(view.id);
    await bench.value('sessions.close', { session: view.id });
    // Closed, it is imported anew beside the first one.
    const again = await bench.value('sessions.open', { file: bench.files.grantRead(path) });
    expect(basename(again.path)).toBe('a day_ at the plant-2.wirebench');
  });

  it('are imported anew where the file has other bytes now', async () => {
    const { bench, path } = await exported('jsonl');
    const first = await bench.value('sessions.open', { file: bench.files.grantRead(path) });
    const lines = await readFile(path, 'utf8');
    // The same file, as far as the system tells: so may be the next upload of a page.
    await writeFile(path, lines.slice(0, lines.indexOf('\n') + 1));
    const second = await bench.value('sessions.open', { file: bench.files.grantRead(path) });
    expect(second.id).not.toBe(first.id);
    expect(second.total).toBe(1);
  });

  it('leave nothing behind where the import is cancelled', async () => {
    const { home, bench, path } = await exported('jsonl');
    const lines = await readFile(path, 'utf8');
    const large = join(home, 'large.jsonl');
    await writeFile(large, lines.repeat(Math.ceil(60_000_000 / lines.length)));
    const opening = bench.call('sessions.open', { file: bench.files.grantRead(large), job: 'import' });
    await vi.waitUntil(() => bench.events.some(({ kind }) => kind === 'job.progress'), 30_000);
    await bench.value('jobs.cancel', { job: 'import' });
    expect(await opening).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect((await readdir(join(home, 'sessions'))).filter((name) => name.includes('large'))).toEqual([]);
  });

  it('say in words that they are neither', async () => {
    const home = await testHome();
    const bench = await startWorkbench(home);
    const path = join(home, 'picture.png');
    await writeFile(path, Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]));
    expect(await bench.call('sessions.open', { file: bench.files.grantRead(path) })).toMatchObject({
      ok: false,
      error: { code: 'not-a-session' },
    });
    expect(await bench.call('sessions.open', { file: bench.files.grantRead(join(home, 'none')) })).toMatchObject({
      error: { code: 'file', system: expect.stringContaining('ENOENT') },
    });
    expect((await bench.value('app.snapshot', {})).sessions).toHaveLength(1);
  });
});

describe('the session being recorded', () => {
  it('is moved to another place while it is recorded, and goes on there', async () => {
    const home = await testHome();
    const bench = await startWorkbench(home);
    await bench.receive(['before']);
    const { id, path } = await bench.recording();
    const folder = join(home, 'another place');
    await mkdir(folder);
    const moved = await bench.value('sessions.move', {
      session: id,
      target: bench.place(join(folder, basename(path))),
      job: 'move',
    });
    expect(moved).toMatchObject({ id, state: 'recording', path: join(folder, basename(path)) });
    expect(existsSync(path)).toBe(false);
    await bench.receive(['behind']);
    expect((await bench.value('sessions.stored', {})).sessions).toEqual([]);
    await bench.close();

    const copy = join(home, 'copy.wirebench');
    await copyFile(moved.path, copy);
    const next = await startWorkbench(home);
    const opened = await next.value('sessions.open', { file: next.files.grantRead(copy) });
    expect(opened.notice).toBe('');
    const { rows } = await next.value('sessions.window', { session: opened.id, first: 0, count: 100 });
    expect(rows.filter(({ kind }) => kind === 'in').map(({ preview }) => preview)).toEqual(['before', 'behind']);
  });

  it('is not moved to where it cannot be, nor is any other session moved', async () => {
    const home = await testHome();
    const bench = await startWorkbench(home);
    const { id, path } = await bench.recording();
    const move = (session: string, to: string) =>
      bench.call('sessions.move', { session, target: bench.place(to), job: 'move' });
    expect(await move(id, join(home, 'no', 'such', 'folder.wirebench'))).toMatchObject({ error: { code: 'file' } });
    await writeFile(join(home, 'taken.wirebench'), 'something else');
    expect(await move(id, join(home, 'taken.wirebench'))).toMatchObject({ error: { code: 'file' } });
    expect(await readFile(join(home, 'taken.wirebench'), 'utf8')).toBe('something else');
    expect(await bench.recording()).toMatchObject({ path, state: 'recording' });

    const other = join(home, 'a.wirebench');
    await writeFile(other, storedFile());
    const opened = await bench.value('sessions.open', { file: bench.files.grantRead(other) });
    expect(await move(opened.id, join(home, 'b.wirebench'))).toMatchObject({ error: { code: 'wrong-state' } });
    expect(await bench.call('sessions.retry', { session: opened.id })).toMatchObject({
      error: { code: 'wrong-state' },
    });
  });
});
