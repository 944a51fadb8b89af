import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { answerOf } from '#support/session.ts';
import { TestWorkspace } from '#support/workspace.ts';
import { KeptWorkspaces, openDefaultWorkspace } from '#workspace/kept-workspaces.ts';
import { workspaceId } from '#workspace/workspace-folder.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'wirebench-home-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const at = (folder: string) => ({ folder, id: workspaceId(folder) });

describe('recent workspaces', () => {
  it('are listed with the last opened first, and missing ones are marked', async () => {
    await using test = new TestWorkspace();
    const kept = new KeptWorkspaces(home);
    vi.useFakeTimers({ toFake: ['Date'] });
    for (const folder of ['/nowhere/one', test.folder, '/nowhere/two', '/nowhere/one']) {
      vi.advanceTimersByTime(1_000);
      answerOf(await kept.noteOpened(at(folder), 'A name'));
    }
    expect((await kept.recent()).map(({ path, isMissing }) => [path, isMissing])).toEqual([
      ['/nowhere/one', true],
      ['/nowhere/two', true],
      [test.folder, false],
    ]);
    expect((await kept.recent())[0]).toMatchObject({ name: 'A name', openedAt: Date.now() });
    answerOf(await kept.forget(workspaceId('/nowhere/two')));
    expect((await kept.recent()).map(({ path }) => path)).toEqual(['/nowhere/one', test.folder]);
  });

  it('are the newest 20', async () => {
    const kept = new KeptWorkspaces(home);
    vi.useFakeTimers({ toFake: ['Date'] });
    for (let number = 0; number < 25; number += 1) {
      vi.advanceTimersByTime(1_000);
      answerOf(await kept.noteOpened(at(`/w/${number}`), 'name'));
    }
    expect((await kept.recent()).map(({ path }) => path)).toEqual(
      Array.from({ length: 20 }, (_, it) => `/w/${24 - it}`),
    );
  });

  it('of two processes with one folder are all kept', async () => {
    const folders = Array.from({ length: 10 }, (_, number) => `/w/${number}`);
    const results = await Promise.all(folders.map((it) => new KeptWorkspaces(home).noteOpened(at(it), 'name')));
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect((await new KeptWorkspaces(home).recent()).map(({ path }) => path).sort()).toEqual(folders);
  });

  it('that are damaged are left out, and nothing outside is deleted', async () => {
    const kept = new KeptWorkspaces(home);
    answerOf(await kept.noteOpened(at('/w'), 'name'));
    for (const [number, text] of ['', '{', '{"path":1}', 'null'].entries()) {
      const folder = join(home, 'workspaces', String(number).repeat(32));
      mkdirSync(folder);
      writeFileSync(join(folder, 'recent.json'), text);
    }
    mkdirSync(join(home, 'workspaces', 'other'));
    expect((await kept.recent()).map(({ path }) => path)).toEqual(['/w']);
    expect(await kept.forget('../..')).toMatchObject({ error: { code: 'not-found' } });
  });
});

describe('the layout of the window', () => {
  it('is kept for each workspace', async () => {
    const kept = new KeptWorkspaces(home);
    const [one, other] = [workspaceId('/w/1'), workspaceId('/w/2')];
    answerOf(await kept.keepLayout(one, { tabs: ['a'] }));
    expect(await new KeptWorkspaces(home).layout(one)).toEqual({ tabs: ['a'] });
    expect(await kept.layout(other)).toBeUndefined();
    expect(await kept.keepLayout(one, 'x'.repeat(1_048_576))).toMatchObject({ error: { code: 'too-large' } });
    writeFileSync(join(home, 'workspaces', one, 'layout.json'), '{"tabs"');
    expect(await kept.layout(one)).toBeUndefined();
  });
});

describe('the default workspace', () => {
  const contents = { manifest: 'name: Workspace\n' };

  it('is created at the first start, and opened at the next', async () => {
    const first = answerOf(await openDefaultWorkspace(home, contents));
    answerOf(await first.write('payloads/a.txt', Buffer.from('a'), 'new'));
    await first.close();
    const second = answerOf(await openDefaultWorkspace(home, contents));
    expect(second.list().map(({ path }) => path)).toContain('payloads/a.txt');
    expect(statSync(second.folder).mode & 0o777).toBe(0o700);
    await second.close();
  });

  it('is created once where two processes start at the same time', async () => {
    const opened = await Promise.all([1, 2, 3].map(() => openDefaultWorkspace(home, contents)));
    expect(new Set(opened.map((it) => answerOf(it).id)).size).toBe(1);
    for (const it of opened) await answerOf(it).close();
  });

  it('is a failure where it cannot be created', async () => {
    writeFileSync(join(home, 'workspace'), '');
    expect(await openDefaultWorkspace(home, contents)).toMatchObject({ error: { code: 'file' } });
  });
});
