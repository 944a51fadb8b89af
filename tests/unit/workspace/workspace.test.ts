import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { answerOf } from '#support/session.ts';
import { SmallDisk } from '#support/small-disk.ts';
import { TestWorkspace, textOf } from '#support/workspace.ts';
import { Workspace } from '#workspace/workspace.ts';
import { createWorkspaceFolder, findWorkspace } from '#workspace/workspace-folder.ts';

const order = 'payloads/orders/new-order.json';
const bytesOf = (text: string) => Buffer.from(text);
const modeOf = (path: string) => statSync(path).mode & 0o777;

describe('a workspace', () => {
  it('is created with its manifest, its folders and further files, and opened', async () => {
    await using test = new TestWorkspace();
    const folder = join(test.base, 'new', 'one');
    const files = new Map([['.wirebench/schemas/a.json', '{}']]);
    expect(await createWorkspaceFolder(folder, 'name: one\n', files)).toEqual({ ok: true, value: undefined });
    const workspace = answerOf(await Workspace.open(folder));
    expect(workspace.list().map(({ path, kind }) => `${kind} ${path}`)).toEqual([
      'folder endpoints',
      'folder environments',
      'folder lists',
      'folder payloads',
      'file wirebench.yaml',
    ]);
    expect(readFileSync(join(folder, '.wirebench/schemas/a.json'), 'utf8')).toBe('{}');
    await workspace.close();
    expect(await createWorkspaceFolder(folder, 'name: two\n')).toMatchObject({ error: { code: 'wrong-state' } });
    expect(readFileSync(join(folder, 'wirebench.yaml'), 'utf8')).toBe('name: one\n');
  });

  it('is not opened where there is no manifest, or no folder', async () => {
    await using test = new TestWorkspace();
    mkdirSync(join(test.base, 'empty'));
    expect(await Workspace.open(join(test.base, 'empty'))).toMatchObject({ error: { code: 'not-found' } });
    expect(await Workspace.open(join(test.base, 'none'))).toMatchObject({
      error: { code: 'file', system: expect.stringContaining('ENOENT') },
    });
  });

  it('lists documents with size and version, and leaves out hidden files and other folders', async () => {
    await using test = new TestWorkspace({
      [order]: '{}',
      'payloads/.gitkeep': '',
      'payloads/b.txt': 'same',
      'payloads/a.txt': 'same',
      'README.md': 'text',
      'src/a.json': '{}',
    });
    const list = (await test.open()).list();
    expect(list.map(({ path }) => path)).toEqual([
      'payloads',
      'payloads/a.txt',
      'payloads/b.txt',
      'payloads/orders',
      order,
      'wirebench.yaml',
    ]);
    const [a, b] = ['payloads/a.txt', 'payloads/b.txt'].map((path) => list.find((it) => it.path === path));
    expect(a).toMatchObject({ size: 4, version: b?.version });
    expect(list.filter(({ problem }) => problem)).toEqual([]);
  });

  it('writes a document with its folders, and reads the same bytes', async () => {
    await using test = new TestWorkspace();
    const workspace = await test.open();
    const bytes = Uint8Array.from([0, 13, 10, 0xef, 0xbb, 0xbf, 255]);
    const saved = answerOf(await workspace.write('payloads/x/y.bin', bytes, 'new'));
    const read = answerOf(await workspace.read('payloads/x/y.bin'));
    expect([...read.bytes]).toEqual([...bytes]);
    expect(saved).toEqual({ kind: 'saved', version: read.version });
    expect(workspace.list().find(({ path }) => path === 'payloads/x/y.bin')?.version).toBe(read.version);
    expect(workspace.list().map(({ path }) => path)).toContain('payloads/x');
    expect(readdirSync(test.file('payloads/x'))).toEqual(['y.bin']);
  });

  it('gives a new document the permissions of the umask, and keeps those of an old one', async () => {
    await using test = new TestWorkspace({ [order]: 'old' });
    const workspace = await test.open();
    chmodSync(test.file(order), 0o640);
    const { version } = await textOf(workspace, order);
    const umask = process.umask(0o022);
    answerOf(await workspace.write('payloads/new.txt', bytesOf('a'), 'new'));
    answerOf(await workspace.write(order, bytesOf('new'), version));
    process.umask(umask);
    expect([modeOf(test.file('payloads/new.txt')), modeOf(test.file(order))]).toEqual([0o644, 0o640]);
  });

  it('does not replace what the writer has not seen', async () => {
    await using test = new TestWorkspace({ [order]: 'first' });
    const workspace = await test.open();
    const { version } = await textOf(workspace, order);
    test.put(order, 'other');
    const conflict = answerOf(await workspace.write(order, bytesOf('mine'), version));
    expect(conflict).toEqual({ kind: 'conflict', theirs: (await textOf(workspace, order)).version });
    expect(answerOf(await workspace.write(order, bytesOf('mine'), 'new'))).toMatchObject({ kind: 'conflict' });
    expect(answerOf(await workspace.write('payloads/gone.txt', bytesOf('mine'), version))).toEqual({
      kind: 'conflict',
      theirs: undefined,
    });
    expect(readFileSync(test.file(order), 'utf8')).toBe('other');
    // The same text again is not a conflict.
    expect(answerOf(await workspace.write(order, bytesOf('other'), version))).toMatchObject({ kind: 'saved' });
    expect(readdirSync(test.file('payloads/orders'))).toEqual(['new-order.json']);
  });

  it('keeps the old text where the disk is full, and leaves nothing else', async () => {
    using disk = new SmallDisk(100_000, 1_000_000);
    answerOf(await createWorkspaceFolder(disk.path, 'name: small\n'));
    const workspace = answerOf(await Workspace.open(disk.path));
    const saved = answerOf(await workspace.write(order, bytesOf('old'), 'new'));
    const version = saved.kind === 'saved' ? saved.version : '';
    const failed = await workspace.write(order, Buffer.alloc(400_000), version);
    expect(failed).toMatchObject({ error: { code: 'file', system: expect.stringContaining(disk.errno) } });
    expect(readdirSync(disk.file('payloads/orders'))).toEqual(['new-order.json']);
    expect((await textOf(workspace, order)).text).toBe('old');
    disk.free();
    expect(answerOf(await workspace.write(order, Buffer.alloc(400_000), version))).toMatchObject({ kind: 'saved' });
    await workspace.close();
  });

  it('detects a change of a long file', async () => {
    const long = 'a'.repeat(300_000);
    await using test = new TestWorkspace({ [order]: long });
    const workspace = await test.open();
    const { version } = await textOf(workspace, order);
    expect(workspace.list().find(({ path }) => path === order)?.version).toBe(version);
    const next = answerOf(await workspace.write(order, bytesOf(`${long}b`), version));
    expect(next).toEqual({ kind: 'saved', version: (await textOf(workspace, order)).version });
    expect(answerOf(await workspace.write(order, bytesOf(`${long}c`), version))).toMatchObject({ kind: 'conflict' });
  });

  it('moves and renames documents and folders together, and replaces nothing', async () => {
    await using test = new TestWorkspace({ [order]: '{}', [`${order}.meta.yaml`]: 'note: a\n', 'payloads/b.txt': 'b' });
    const workspace = await test.open();
    const moved = 'payloads/old/order.json';
    const moves = [
      { from: order, to: moved },
      { from: `${order}.meta.yaml`, to: `${moved}.meta.yaml` },
    ];
    answerOf(await workspace.move(moves));
    expect(readdirSync(test.file('payloads/old'))).toEqual(['order.json', 'order.json.meta.yaml']);
    answerOf(await workspace.move([{ from: 'payloads/old', to: 'payloads/older' }]));
    expect((await textOf(workspace, 'payloads/older/order.json')).text).toBe('{}');
    expect(workspace.list().map(({ path }) => path)).toContain('payloads/older/order.json');
    const half = [
      { from: 'payloads/older/order.json', to: 'payloads/free.json' },
      { from: 'payloads/older/order.json.meta.yaml', to: 'payloads/b.txt' },
    ];
    expect(await workspace.move(half)).toMatchObject({ error: { code: 'file', system: '“payloads/b.txt” exists' } });
    expect(existsSync(test.file('payloads/free.json'))).toBe(false);
    expect(readFileSync(test.file('payloads/b.txt'), 'utf8')).toBe('b');
    expect(await workspace.move([{ from: 'payloads', to: 'payloads/in/itself' }])).toMatchObject({ ok: false });
  });

  it('duplicates a document, and says if the name is in use', async () => {
    await using test = new TestWorkspace({ [order]: '{}' });
    const workspace = await test.open();
    expect(answerOf(await workspace.duplicate(order, 'payloads/b.json'))).toMatchObject({ kind: 'saved' });
    test.put('payloads/c.json', '[]');
    expect(answerOf(await workspace.duplicate(order, 'payloads/c.json'))).toMatchObject({ kind: 'conflict' });
    expect(await workspace.duplicate('payloads/none.json', 'payloads/d.json')).toMatchObject({
      error: { code: 'file' },
    });
  });

  it('removes documents and folders, restores them once, and forgets them when it is closed', async () => {
    await using test = new TestWorkspace({ [order]: '{}', 'payloads/b.txt': 'b' });
    const workspace = await test.open();
    const before = workspace.list();
    const handle = answerOf(await workspace.remove(['payloads/orders', 'payloads/b.txt']));
    expect(readdirSync(test.file('payloads'))).toEqual([]);
    expect(workspace.list().map(({ path }) => path)).toEqual(['payloads', 'wirebench.yaml']);
    test.put('payloads/b.txt', 'another');
    expect(await workspace.restore(handle)).toMatchObject({ error: { system: '“payloads/b.txt” exists' } });
    expect(existsSync(test.file(order))).toBe(false);
    answerOf(await workspace.move([{ from: 'payloads/b.txt', to: 'payloads/c.txt' }]));
    answerOf(await workspace.remove(['payloads/c.txt']));
    answerOf(await workspace.restore(handle));
    expect(workspace.list()).toEqual(before);
    expect((await textOf(workspace, order)).text).toBe('{}');
    expect(await workspace.restore(handle)).toMatchObject({ error: { code: 'not-found' } });
    await workspace.close();
    expect(readdirSync(test.file('.wirebench/local/removed'))).toEqual([]);
    expect(readFileSync(test.file('.wirebench/local/.gitignore'), 'utf8')).toBe('*\n');
  });

  it('creates folders', async () => {
    await using test = new TestWorkspace();
    const workspace = await test.open();
    answerOf(await workspace.createFolder('lists/a/b'));
    expect(workspace.list().map(({ path }) => path)).toEqual(['lists', 'lists/a', 'lists/a/b', 'wirebench.yaml']);
  });

  it('removes what a killed program left, after a minute, and lists none of it', async () => {
    const left = '.wirebench-123-0123456789ab.new';
    await using test = new TestWorkspace({ [`payloads/${left}`]: 'part', [left]: 'part', 'payloads/a.txt': 'a' });
    expect((await test.open()).list().map(({ path }) => path)).toEqual([
      'payloads',
      'payloads/a.txt',
      'wirebench.yaml',
    ]);
    expect(existsSync(test.file(left))).toBe(true);
    for (const path of [left, `payloads/${left}`]) utimesSync(test.file(path), 0, 0);
    await test.open();
    expect([existsSync(test.file(left)), existsSync(test.file(`payloads/${left}`))]).toEqual([false, false]);
  });

  it('takes over the lock of a killed program', async () => {
    await using test = new TestWorkspace();
    const workspace = await test.open();
    mkdirSync(test.file('.wirebench/local'), { recursive: true });
    writeFileSync(test.file('.wirebench/local/lock'), '');
    utimesSync(test.file('.wirebench/local/lock'), 0, 0);
    expect(answerOf(await workspace.write(order, bytesOf('{}'), 'new'))).toMatchObject({ kind: 'saved' });
    expect(readdirSync(test.file('.wirebench/local'))).toEqual(['.gitignore']);
  });
});

describe('the nearest workspace', () => {
  it('is the folder, or the nearest above it', async () => {
    await using test = new TestWorkspace({ 'payloads/a/b.txt': '' });
    mkdirSync(join(test.base, 'other'));
    expect(findWorkspace(test.file('payloads/a')).folder).toBe(test.folder);
    expect(findWorkspace(test.folder).folder).toBe(test.folder);
    expect(findWorkspace(join(test.base, 'other')).folder).toBeUndefined();
  });

  it.runIf(process.getuid?.() === 0)(
    'is not one of another user, which is named (only root can make one)',
    async () => {
      await using test = new TestWorkspace();
      const inner = test.file('payloads/inner');
      mkdirSync(inner, { recursive: true });
      writeFileSync(join(inner, 'wirebench.yaml'), '');
      chownSync(join(inner, 'wirebench.yaml'), 65_534, 65_534);
      expect(findWorkspace(inner)).toEqual({ folder: test.folder, passedOver: [inner] });
    },
  );

  it('is not one whose manifest is a link or a folder', async () => {
    await using test = new TestWorkspace();
    for (const name of ['linked', 'folder']) mkdirSync(join(test.base, name));
    symlinkSync(test.file('wirebench.yaml'), join(test.base, 'linked/wirebench.yaml'));
    mkdirSync(join(test.base, 'folder/wirebench.yaml'));
    expect(findWorkspace(join(test.base, 'linked')).folder).toBeUndefined();
    expect(findWorkspace(join(test.base, 'folder')).folder).toBeUndefined();
  });
});
