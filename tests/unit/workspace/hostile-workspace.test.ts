import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pathProblem as usualPathProblem } from '#shared/document/document-path.ts';
import { answerOf } from '#support/session.ts';
import { TestWorkspace, textOf } from '#support/workspace.ts';
import { clashKey, pathFailure } from '#workspace/document-path.ts';
import { usualLimits } from '#workspace/scan.ts';
import { Workspace } from '#workspace/workspace.ts';

const bytesOf = (text: string) => Buffer.from(text);
const secret = 'outside of the workspace';

/** A workspace beside a folder `outside` that nobody may read or change through it. */
function besideOutside(files: Readonly<Record<string, string>> = {}): TestWorkspace {
  const test = new TestWorkspace({ 'payloads/a.txt': 'a', ...files });
  mkdirSync(join(test.base, 'outside'));
  writeFileSync(join(test.base, 'outside/secret.txt'), secret);
  return test;
}

function expectUntouched(test: TestWorkspace): void {
  expect(readdirSync(join(test.base, 'outside'))).toEqual(['secret.txt']);
  expect(readFileSync(join(test.base, 'outside/secret.txt'), 'utf8')).toBe(secret);
}

describe.runIf(process.platform !== 'win32')('links', () => {
  it('are listed with a problem, and never followed', async () => {
    await using test = besideOutside();
    symlinkSync(join(test.base, 'outside/secret.txt'), test.file('payloads/file.txt'));
    symlinkSync(join(test.base, 'outside'), test.file('payloads/folder'));
    symlinkSync(join(test.base, 'nowhere'), test.file('payloads/dangling.txt'));
    symlinkSync('a.txt', test.file('payloads/inside.txt'));
    symlinkSync('.', test.file('payloads/circle'));
    symlinkSync(join(test.base, 'outside'), test.file('lists'));
    const workspace = await test.open();
    const links = workspace.list().filter(({ problem }) => problem);
    expect(links.map(({ path }) => path)).toEqual([
      'lists',
      ...['circle', 'dangling.txt', 'file.txt', 'folder', 'inside.txt'].map((name) => `payloads/${name}`),
    ]);
    expect(links[1]?.problem).toMatchObject({ system: 'it is a symbolic link', hint: expect.stringContaining('copy') });
    expect(new Set(links.map(({ version }) => version))).toEqual(new Set(['']));
    for (const path of [
      'payloads/file.txt',
      'payloads/folder/secret.txt',
      'payloads/circle/a.txt',
      'lists/secret.txt',
    ]) {
      expect(await workspace.read(path)).toMatchObject({ ok: false });
      expect(await workspace.write(path, bytesOf('mine'), 'new')).toMatchObject({ ok: false });
      expect(await workspace.duplicate(path, 'payloads/copy.txt')).toMatchObject({ ok: false });
    }
    for (const path of ['payloads/folder/new.txt', 'lists/deep/new.txt', 'payloads/folder/deep/new.txt']) {
      expect(await workspace.write(path, bytesOf('mine'), 'new')).toMatchObject({ ok: false });
      expect(await workspace.move([{ from: 'payloads/a.txt', to: path }])).toMatchObject({ ok: false });
    }
    expect(await workspace.createFolder('payloads/folder/deep')).toMatchObject({ ok: false });
    expect(await workspace.remove(['payloads/folder/secret.txt'])).toMatchObject({ ok: false });
    expectUntouched(test);
    // The link itself can be removed.
    answerOf(await workspace.remove(['payloads/folder']));
    expect(existsSync(test.file('payloads/folder'))).toBe(false);
    expectUntouched(test);
  });

  it('that replace a folder after it was listed are not followed either', async () => {
    await using test = besideOutside({ 'payloads/sub/secret.txt': 'inside' });
    const workspace = await test.open();
    const { version } = await textOf(workspace, 'payloads/sub/secret.txt');
    renameSync(test.file('payloads/sub'), test.file('payloads/was'));
    symlinkSync(join(test.base, 'outside'), test.file('payloads/sub'));
    expect(await workspace.read('payloads/sub/secret.txt')).toMatchObject({ ok: false });
    expect(await workspace.write('payloads/sub/secret.txt', bytesOf('mine'), version)).toMatchObject({ ok: false });
    await workspace.rescan();
    expect(workspace.list().find(({ path }) => path === 'payloads/sub')?.problem).toBeDefined();
    expectUntouched(test);
  });

  it.each(['.wirebench', '.wirebench/local', '.wirebench/local/removed'])(
    'in place of %s make changes fail, and nothing is written through them',
    async (path) => {
      await using test = besideOutside();
      mkdirSync(join(test.file(path), '..'), { recursive: true });
      symlinkSync(join(test.base, 'outside'), test.file(path));
      const workspace = await test.open();
      expect(await workspace.remove(['payloads/a.txt'])).toMatchObject({ ok: false });
      expect(readFileSync(test.file('payloads/a.txt'), 'utf8')).toBe('a');
      expectUntouched(test);
    },
  );

  it('of a second name for a file outside change only the name', async () => {
    await using test = besideOutside();
    linkSync(join(test.base, 'outside/secret.txt'), test.file('payloads/hard.txt'));
    const workspace = await test.open();
    const { version } = await textOf(workspace, 'payloads/hard.txt');
    expect(answerOf(await workspace.write('payloads/hard.txt', bytesOf('mine'), version))).toMatchObject({
      kind: 'saved',
    });
    expectUntouched(test);
  });

  it('to a manifest do not make a workspace', async () => {
    await using test = besideOutside();
    mkdirSync(join(test.base, 'linked'));
    symlinkSync(test.file('wirebench.yaml'), join(test.base, 'linked/wirebench.yaml'));
    expect(await Workspace.open(join(test.base, 'linked'))).toMatchObject({
      error: { code: 'not-found', system: 'it is a symbolic link' },
    });
  });
});

describe.runIf(process.platform === 'linux')('names and kinds of files', () => {
  it('that are not documents are listed with the reason, and not read', async () => {
    await using test = besideOutside();
    const names = ['new\nline.txt', 'tab\t.txt', 'a\u202etxt.exe', 'con.txt', 'dot.', 'blank ', 'a:b', 'back\\slash'];
    for (const name of names) writeFileSync(test.file(`payloads/${name}`), 'x');
    const long = `${'n'.repeat(251)}.txt`;
    writeFileSync(test.file(`payloads/${long}`), 'x');
    mkdirSync(test.file('payloads/bad\nfolder'));
    writeFileSync(test.file('payloads/bad\nfolder/a.txt'), 'x');
    writeFileSync(Buffer.concat([bytesOf(`${test.file('payloads')}/`), Uint8Array.of(0xff, 0xfe)]), 'x');
    execFileSync('mkfifo', [test.file('payloads/pipe.txt')]);
    const workspace = await test.open();
    const list = workspace.list().filter(({ path }) => path.startsWith('payloads/'));
    expect(list.filter(({ problem }) => !problem).map(({ path }) => path)).toEqual(['payloads/a.txt']);
    expect(list).toHaveLength(names.length + 5);
    for (const { path, problem } of list) {
      if (!problem) continue;
      expect(problem).toMatchObject({ system: expect.stringMatching(/./), hint: expect.stringMatching(/./) });
      expect(await workspace.read(path)).toMatchObject({ ok: false });
    }
  });

  it('that differ only in case are marked, and can be read; a new one is refused', async () => {
    await using test = besideOutside({ 'payloads/A.txt': 'A', 'payloads/b/x.txt': 'x', 'payloads/B/x.txt': 'X' });
    const workspace = await test.open();
    const marked = workspace.list().filter(({ problem }) => problem);
    expect(marked.map(({ path }) => path).sort()).toEqual(
      ['A.txt', 'B', 'B/x.txt', 'a.txt', 'b', 'b/x.txt'].map((name) => `payloads/${name}`),
    );
    expect((await textOf(workspace, 'payloads/A.txt')).text).toBe('A');
    expect(await workspace.write('WIREBENCH.yaml', bytesOf('x'), 'new')).toMatchObject({ ok: false });
    test.put('payloads/one.txt', '1');
    await workspace.rescan();
    expect(await workspace.write('payloads/One.txt', bytesOf('x'), 'new')).toMatchObject({
      error: { code: 'bad-input' },
    });
    expect(await workspace.move([{ from: 'payloads/A.txt', to: 'payloads/ONE.txt' }])).toMatchObject({ ok: false });
    answerOf(await workspace.move([{ from: 'payloads/one.txt', to: 'payloads/ONE.txt' }]));
  });

  it.each([
    '../x',
    '/etc/passwd',
    'payloads/../../x',
    'payloads//x',
    'payloads/./x',
    '',
    'payloads/a\0',
    `payloads/${'n'.repeat(300)}.txt`,
    'src/x',
    '.git/x',
  ])('like “%s” are refused by every call', async (path) => {
    await using test = besideOutside();
    const workspace = await test.open();
    const refused = { error: { code: 'bad-input' } };
    expect(await workspace.read(path)).toMatchObject(refused);
    expect(await workspace.write(path, bytesOf('x'), 'new')).toMatchObject(refused);
    expect(await workspace.createFolder(path)).toMatchObject(refused);
    expect(await workspace.remove([path])).toMatchObject(refused);
    expect(await workspace.move([{ from: 'payloads/a.txt', to: path }])).toMatchObject(refused);
    expect(await workspace.move([{ from: path, to: 'payloads/b.txt' }])).toMatchObject(refused);
    expect(readdirSync(test.base).sort()).toEqual(['outside', 'team']);
  });

  it('that are allowed stay in the workspace, with any rule for names', () => {
    const part = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('..', '.', 'a'),
    );
    const path = fc.array(part, { maxLength: 20 }).map((parts) => ['payloads', ...parts].join('/'));
    fc.assert(
      fc.property(path, (it) => {
        if (pathFailure(it, () => undefined) !== undefined) return;
        expect(join('/base', it)).toBe(`/base/${it}`);
        expect(it).not.toMatch(/[\0\\]/);
        if (usualPathProblem(it) === undefined) expect(it).not.toMatch(/[\0-\x1f:]/);
        expect(clashKey(clashKey(it))).toBe(clashKey(it));
      }),
    );
  });
});

describe('a workspace that is too large', () => {
  it('is not opened, and the error says the limit', async () => {
    await using test = new TestWorkspace({ 'payloads/a.txt': '', 'payloads/.b': '', 'payloads/sub/c.txt': '' });
    const open = (maxNames: number) => Workspace.open(test.folder, { limits: { maxNames } });
    expect(await open(3)).toMatchObject({ error: { code: 'too-large', system: 'it contains more than 3 files' } });
    await answerOf(await open(4)).close();
  });

  it('or too slow, likewise', async () => {
    await using test = new TestWorkspace({ 'payloads/a.txt': '' });
    expect(await Workspace.open(test.folder, { limits: { maxMs: 0 } })).toMatchObject({
      error: { code: 'too-large', system: expect.stringContaining('longer than 0 ms') },
    });
  });

  it('keeps what it had when it becomes too large while it is open, and says so', async () => {
    await using test = new TestWorkspace({ 'payloads/a.txt': '' });
    const workspace = await test.open({ limits: { maxNames: 2 } });
    const before = workspace.list();
    const problems: (string | undefined)[] = [];
    workspace.onChange(({ problem }) => problems.push(problem?.code));
    for (const name of ['b', 'c']) test.put(`payloads/${name}.txt`, '');
    await workspace.rescan();
    expect(workspace.list()).toEqual(before);
    expect(problems).toEqual(['too-large']);
  });

  it('of many files is refused after the first of them', async () => {
    await using test = new TestWorkspace();
    mkdirSync(test.file('payloads'));
    for (let number = 0; number < 2_000; number += 1) closeSync(openSync(test.file(`payloads/${number}`), 'w'));
    const noted = { count: 0 };
    const pathProblem = (path: string) => {
      noted.count += 1;
      return usualPathProblem(path);
    };
    expect(await Workspace.open(test.folder, { pathProblem, limits: { maxNames: 100 } })).toMatchObject({
      error: { code: 'too-large' },
    });
    expect(noted.count).toBeLessThan(110);
    expect(usualLimits).toEqual({ maxNames: 20_000, maxMs: 2_000 });
  });

  it('in depth is listed as far as the rule allows', async () => {
    await using test = new TestWorkspace();
    const deep = `payloads/${Array.from({ length: 40 }, () => 'd').join('/')}`;
    test.put(`${deep}/a.txt`, '');
    const list = (await test.open()).list().filter(({ path }) => path.startsWith('payloads'));
    expect(list).toHaveLength(17);
    expect(list.at(-1)?.problem).toMatchObject({ system: 'it has more than 16 parts' });
  });
});
