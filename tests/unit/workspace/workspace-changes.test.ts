import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cases, Reached } from '#support/cases.ts';
import { answerOf } from '#support/session.ts';
import { TestWorkspace, textOf } from '#support/workspace.ts';
import type { Changes } from '#workspace/listing.ts';
import type { Workspace } from '#workspace/workspace.ts';

const bytesOf = (text: string) => Buffer.from(text);

/** Notes the batches that a workspace reports. */
function batchesOf(workspace: Workspace): Changes[] {
  const batches: Changes[] = [];
  workspace.onChange((changes) => batches.push(changes));
  return batches;
}

const sorted = ({ added, changed, removed }: Changes) => ({
  added: [...added].sort(),
  changed: [...changed].sort(),
  removed: [...removed].sort(),
});

describe('changes by another program', () => {
  it('are reported as a batch, and listed', async () => {
    await using test = new TestWorkspace({ 'payloads/a.txt': 'a', 'payloads/b.txt': 'b', 'lists/c.yaml': 'c' });
    const workspace = await test.open();
    const batches = batchesOf(workspace);
    test.put('payloads/a.txt', 'A');
    test.put('payloads/new/d.txt', 'd');
    rmSync(test.file('payloads/b.txt'));
    await workspace.rescan();
    expect(batches.map(sorted)).toEqual([
      { added: ['payloads/new', 'payloads/new/d.txt'], changed: ['payloads/a.txt'], removed: ['payloads/b.txt'] },
    ]);
    const { version } = await textOf(workspace, 'payloads/a.txt');
    expect(workspace.list().find(({ path }) => path === 'payloads/a.txt')?.version).toBe(version);
    await workspace.rescan();
    expect(batches).toHaveLength(1);
  });

  it('are noticed without asking, also in new folders and in folders that were replaced', async () => {
    await using test = new TestWorkspace({ 'payloads/a.txt': 'a' });
    const workspace = await test.open();
    const batches = batchesOf(workspace);
    const noticed = (path: string) =>
      expect.poll(() => batches.flatMap(({ added, changed }) => [...added, ...changed])).toContain(path);
    test.put('payloads/x/b.txt', 'b');
    await noticed('payloads/x/b.txt');
    test.put('payloads/x/c.txt', 'c');
    await noticed('payloads/x/c.txt');
    rmSync(test.file('payloads/x'), { recursive: true });
    mkdirSync(test.file('payloads/x'));
    test.put('payloads/x/d.txt', 'd');
    await noticed('payloads/x/d.txt');
    test.put('payloads/x/e.txt', 'e');
    await noticed('payloads/x/e.txt');
    test.put('payloads/x/e.txt', 'E');
    await noticed('payloads/x/e.txt');
    test.put('environments/lab.yaml', 'a: b');
    await noticed('environments/lab.yaml');
  });

  it('are found where only the content changes: size and times stay', async () => {
    await using test = new TestWorkspace({ 'payloads/a.txt': 'one' });
    const workspace = await test.open();
    const batches = batchesOf(workspace);
    for (const text of ['two', 'six', 'ten']) {
      test.put('payloads/a.txt', text);
      await workspace.rescan();
    }
    expect(batches.flatMap(({ changed }) => changed)).toEqual(Array.from({ length: 3 }, () => 'payloads/a.txt'));
  });

  it('are not those made here', async () => {
    await using test = new TestWorkspace({ 'payloads/a.txt': 'a', 'payloads/f/b.txt': 'b'.repeat(300_000) });
    const workspace = await test.open();
    const batches = batchesOf(workspace);
    const { version } = await textOf(workspace, 'payloads/a.txt');
    const scanning = workspace.rescan();
    answerOf(await workspace.write('payloads/a.txt', bytesOf('A'), version));
    answerOf(await workspace.write('payloads/new/c.txt', bytesOf('c'), 'new'));
    answerOf(await workspace.move([{ from: 'payloads/f', to: 'payloads/g' }]));
    const handle = answerOf(await workspace.remove(['payloads/new']));
    answerOf(await workspace.createFolder('lists/x'));
    await scanning;
    await workspace.rescan();
    answerOf(await workspace.restore(handle));
    await workspace.rescan();
    expect(batches).toEqual([]);
  });

  it('by another process of Wirebench are seen', async () => {
    await using test = new TestWorkspace();
    const [one, other] = [await test.open(), await test.open()];
    const batches = batchesOf(other);
    answerOf(await one.write('payloads/a.txt', bytesOf('a'), 'new'));
    await expect
      .poll(() => batches.map(sorted))
      .toEqual([{ added: ['payloads', 'payloads/a.txt'], changed: [], removed: [] }]);
  });

  it('by a git checkout are one batch', async () => {
    const files = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`payloads/${at % 7}/${at}.txt`, `${at}`]));
    await using test = new TestWorkspace(files);
    const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'init.defaultBranch=main'];
    const git = (...args: string[]) => execFileSync('git', [...identity, ...args], { cwd: test.folder, stdio: 'pipe' });
    git('init', '-q');
    git('add', '-A');
    git('commit', '-qm', 'one');
    git('checkout', '-qb', 'two');
    for (const path of Object.keys(files)) test.put(path, 'changed');
    rmSync(test.file('payloads/0/0.txt'));
    renameSync(test.file('payloads/1'), test.file('payloads/one'));
    git('add', '-A');
    git('commit', '-qm', 'two');
    const workspace = await test.open();
    const batches = batchesOf(workspace);
    git('checkout', '-q', 'main');
    await expect.poll(() => batches).not.toEqual([]);
    await workspace.rescan();
    expect(batches).toHaveLength(1);
    expect(batches[0]?.added).toContain('payloads/0/0.txt');
    expect(batches[0]?.removed).toContain('payloads/one');
    expect(batches[0]?.changed.length).toBeGreaterThan(200);
  });

  it('are a problem, not a removal, where the workspace is gone', async () => {
    await using test = new TestWorkspace({ 'payloads/a.txt': 'a' });
    const workspace = await test.open();
    const batches = batchesOf(workspace);
    renameSync(test.file('wirebench.yaml'), test.file('other.yaml'));
    await workspace.rescan();
    expect(batches).toMatchObject([{ added: [], changed: [], removed: [], problem: { code: 'not-found' } }]);
    renameSync(test.file('other.yaml'), test.file('wirebench.yaml'));
    await workspace.rescan();
    expect(batches[1]).toEqual({ added: [], changed: [], removed: [] });
  });

  it('are not reported after close', async () => {
    await using test = new TestWorkspace();
    const workspace = await test.open();
    const batches = batchesOf(workspace);
    await workspace.close();
    test.put('payloads/a.txt', 'a');
    await workspace.rescan();
    expect(batches).toEqual([]);
  });
});

describe('two workspaces in one folder', () => {
  const paths = ['payloads/a.txt', 'payloads/b/c.txt'] as const;
  const step = fc.record({
    by: fc.integer({ min: 0, max: 1 }),
    path: fc.constantFrom(...paths),
    kind: fc.constantFrom('read', 'read', 'write', 'write', 'write', 'rescan'),
    // Steps that wait for nothing run at the same time as the next one.
    awaits: fc.boolean(),
  });

  it('never lose a text: it was replaced by a writer that had seen it, or is in the file, or was a conflict', async () => {
    const reached = new Reached<'saved' | 'conflict'>();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        await using test = new TestWorkspace();
        const sides = [await test.open(), await test.open()].map((workspace) => ({
          workspace,
          seen: new Map<string, { text: string; version: string }>(),
        }));
        /** Each text that a write replaced, by the text that replaced it. */
        const replaced = new Set<string>();
        const written = new Map<string, string>();
        const running: Promise<void>[] = [];
        const run = async ({ by, path, kind }: (typeof steps)[number], text: string): Promise<void> => {
          const side = sides[by];
          if (!side) return;
          const { workspace, seen } = side;
          if (kind === 'rescan') await workspace.rescan();
          else if (kind === 'read') {
            const read = await workspace.read(path);
            if (read.ok) seen.set(path, { text: String(Buffer.from(read.value.bytes)), version: read.value.version });
          } else {
            const base = seen.get(path);
            const saved = answerOf(await workspace.write(path, bytesOf(text), base?.version ?? 'new'));
            reached.note(saved.kind);
            if (saved.kind === 'conflict') return;
            // Two writers that replace the same text: one of the results would be lost.
            if (base) expect(replaced).not.toContain(base.text);
            if (base) replaced.add(base.text);
            written.set(text, path);
            seen.set(path, { text, version: saved.version });
          }
        };
        for (const [at, it] of steps.entries()) {
          const done = run(it, `text ${at}`);
          running.push(done);
          if (it.awaits) await done;
        }
        await Promise.all(running);
        for (const path of paths) {
          const left = [...written].filter(([text, of]) => of === path && !replaced.has(text)).map(([text]) => text);
          const found = await sides[0]?.workspace.read(path);
          expect(left).toEqual(found?.ok ? [String(Buffer.from(found.value.bytes))] : []);
        }
      }),
      cases(60),
    );
    reached.expectEach(['saved', 'conflict'], 10);
  });
});
