import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import type { DocumentValue } from '#shared/contract/documents.ts';
import { createConfig } from '#shared/endpoint/endpoint-config.ts';
import { startWorkbench, type TestWorkbench, testHome } from '#support/workbench.ts';

const patience = { timeout: 30_000, interval: 10 };
const path = 'payloads/orders/new.json';
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

async function write(bench: TestWorkbench, at: string, content: string, basedOn = 'new'): Promise<string> {
  const saved = await bench.value('documents.write', { path: at, bytes: Buffer.from(content), basedOn });
  if (saved.kind !== 'saved') throw new Error(`a conflict at ${at}`);
  return saved.version;
}

describe('the workspace of a new installation', () => {
  it('exists from the first call, with the schemas for editors, and is the default one', async () => {
    const bench = await startWorkbench(await testHome());
    expect(existsSync(join(bench.home, 'workspace'))).toBe(false);
    const view = await bench.value('workspace.get', {});
    expect(view).toMatchObject({ name: 'My workspace', isDefault: true });
    expect(view.documents.find(({ kind }) => kind === 'workspace')).toMatchObject({ path: 'wirebench.yaml' });
    expect(view.documents.filter(({ problem }) => problem)).toEqual([]);
    expect(existsSync(join(view.folder, '.wirebench/schemas/endpoint.schema.json'))).toBe(true);
    expect(await bench.value('workspace.recent', {})).toMatchObject({
      workspaces: [{ id: view.id, isMissing: false }],
    });
  });

  it('is replaced by a created one, which is open again at the next start', async () => {
    const home = await testHome();
    const bench = await startWorkbench(home);
    const first = await bench.value('workspace.get', {});
    const made = await bench.value('workspace.create', { name: 'Boiler room' });
    expect(made).toMatchObject({ name: 'Boiler room', isDefault: false, folder: expect.stringContaining(home) });
    expect(bench.events).toContainEqual({ kind: 'workspace', replaced: true, changed: [], removed: [] });
    await write(bench, path, '{}');
    await bench.value('layout.keep', { layout: { tabs: [path] } });
    await bench.close();

    const next = await startWorkbench(home);
    expect((await next.value('workspace.get', {})).documents.map((document) => document.path)).toContain(path);
    expect(await next.value('layout.get', {})).toEqual({ layout: { tabs: [path] } });
    expect(await next.value('workspace.open', { id: 'default' })).toMatchObject({ id: first.id });
    expect(await next.value('layout.get', {})).toEqual({ layout: null });
    await next.value('workspace.forget', { id: made.id });
    expect(await next.call('workspace.open', { id: made.id })).toMatchObject({
      ok: false,
      error: { code: 'not-found' },
    });
  });

  it('refuses a workspace with a higher format version, and keeps the open one', async () => {
    const home = await testHome();
    const bench = await startWorkbench(home);
    const first = await bench.value('workspace.get', {});
    const folder = join(home, 'newer');
    mkdirSync(folder);
    writeFileSync(join(folder, 'wirebench.yaml'), 'version: 2\nname: Newer\nadded: true\n');
    expect(await bench.call('workspace.open', { folder: bench.files.grantFolder(folder) })).toMatchObject({
      ok: false,
      error: { message: `Could not open the workspace “${folder}”`, hint: 'Update Wirebench.' },
    });
    expect((await bench.value('workspace.get', {})).id).toBe(first.id);
    writeFileSync(join(first.folder, 'wirebench.yaml'), 'version: 2\n');
    await bench.close();
    const next = await startWorkbench(home);
    expect(await next.call('workspace.get', {})).toMatchObject({ ok: false, error: { hint: 'Update Wirebench.' } });
  });

  it('takes a folder that the user selected, and no other', async () => {
    const home = await testHome();
    const bench = await startWorkbench(home);
    const team = join(home, 'team');
    const folder = bench.files.grantFolder(team);
    expect(await bench.call('workspace.open', { folder })).toMatchObject({ ok: false });
    expect(await bench.value('workspace.create', { name: 'Team', folder })).toMatchObject({ folder: team });
    expect(await bench.call('workspace.create', { name: 'Team', folder })).toMatchObject({
      error: { code: 'wrong-state' },
    });
    const unknown = `folder:${'x'.repeat(22)}/team`;
    expect(await bench.call('workspace.open', { folder: unknown })).toMatchObject({ error: { code: 'not-found' } });
  });
});

describe('documents', () => {
  it('that two programs change are a conflict with the other content, and the change is reported', async () => {
    const home = await testHome();
    const bench = await startWorkbench(home);
    const version = await write(bench, path, '{"a":1}');
    const other = await startWorkbench(home);
    await other.value('workspace.get', {});
    await write(other, path, '{"a":2}', version);
    await bench.value('workspace.rescan', {});
    await vi.waitUntil(() => bench.events.some((it) => it.kind === 'workspace' && it.changed.length > 0), patience);
    const saved = await bench.value('documents.write', { path, bytes: Buffer.from('{"a":3}'), basedOn: version });
    if (saved.kind !== 'conflict' || !saved.theirs) throw new Error('no conflict');
    expect(text(saved.theirs.bytes)).toBe('{"a":2}');
    await write(bench, path, '{"a":3}', saved.theirs.version);
    expect(text((await other.value('documents.read', { path })).bytes)).toBe('{"a":3}');
  });

  it('move, are copied, removed and restored with the meta file of a payload', async () => {
    const bench = await startWorkbench(await testHome());
    await write(bench, path, '{}');
    const meta: DocumentValue = { kind: 'payload-meta', template: true, encoding: 'utf-8', favourite: 3 };
    await bench.value('documents.put', { path: `${path}.meta.yaml`, value: meta, basedOn: 'new' });
    // A document that is gone before it was reported is not reported as removed.
    const isReported = (it: WorkbenchEvent) => it.kind === 'workspace' && it.changed.some((one) => one.path === path);
    await vi.waitUntil(() => bench.events.some(isReported), patience);
    await bench.value('documents.move', { moves: [{ from: path, to: 'payloads/a.json' }] });
    const listed = async () => {
      const { documents } = await bench.value('workspace.get', {});
      return documents.filter(({ kind }) => kind.startsWith('payload')).map((document) => document.path);
    };
    expect(await listed()).toEqual(['payloads/a.json', 'payloads/a.json.meta.yaml']);
    const copy = await bench.value('documents.duplicate', { path: 'payloads/a.json' });
    expect(copy).toEqual({ path: 'payloads/a 2.json' });
    const { documents } = await bench.value('workspace.get', {});
    expect(documents.find((document) => document.path === copy.path)).toMatchObject({
      payload: { template: true, favourite: 3 },
    });
    const { undo } = await bench.value('documents.remove', { paths: ['payloads/a.json'] });
    expect(await listed()).toEqual(['payloads/a 2.json', 'payloads/a 2.json.meta.yaml']);
    await bench.value('documents.restore', { undo });
    expect(await listed()).toHaveLength(4);
    await vi.waitUntil(() => bench.events.some((it) => it.kind === 'workspace' && it.removed.includes(path)), patience);
  });

  it('of a payload leave no meta file without anything in it, unless a person wrote a comment there', async () => {
    const bench = await startWorkbench(await testHome());
    const usual: DocumentValue = { kind: 'payload-meta', template: false, encoding: 'utf-8' };
    const put = async (at: string, value: DocumentValue, basedOn: string) => {
      const saved = await bench.value('documents.put', { path: at, value, basedOn });
      if (saved.kind !== 'saved') throw new Error(saved.kind);
      return saved.version;
    };
    const [plain, commented] = ['payloads/a.txt.meta.yaml', 'payloads/b.txt.meta.yaml'] as const;
    const version = await put(plain, { ...usual, template: true }, 'new');
    expect(await put(plain, usual, version)).toBe('new');
    const mine = await write(bench, commented, '# ours\ntemplate: true\n');
    await put(commented, usual, mine);
    const { documents } = await bench.value('workspace.get', {});
    const listed = documents.filter(({ kind }) => kind === 'payload-meta').map((document) => document.path);
    expect(listed).toEqual([commented]);
    expect(text((await bench.value('documents.read', { path: commented })).bytes)).toContain('# ours');
  });

  it('keep what a person wrote in them, and are refused with line and column where they do not parse', async () => {
    const bench = await startWorkbench(await testHome());
    const at = 'environments/lab.yaml';
    const version = await write(bench, at, '# ours\nvariables:\n  host: a # the old one\nunknown: kept\n');
    const { value, notices } = await bench.value('documents.value', { path: at });
    expect(value).toMatchObject({ kind: 'environment', variables: [{ name: 'host', value: 'a' }] });
    expect(notices).toHaveLength(1);
    if (value.kind !== 'environment') throw new Error(value.kind);
    const changed = { ...value, variables: [{ name: 'host', value: 'b' }], secrets: ['token'] };
    const saved = await bench.value('documents.put', { path: at, value: changed, basedOn: version });
    const after = text((await bench.value('documents.read', { path: at })).bytes);
    for (const part of ['# ours\n', 'host: b # the old one\n', 'unknown: kept\n', '- token\n'])
      expect(after).toContain(part);
    expect(saved.kind).toBe('saved');
    const hostile = { ...changed, variables: [{ name: '__proto__', value: 'x' }] };
    expect(await bench.call('documents.put', { path: at, value: hostile, basedOn: version })).toMatchObject({
      ok: true,
      value: { kind: 'conflict' },
    });
    const now = saved.kind === 'saved' ? saved.version : '';
    expect(await bench.call('documents.put', { path: at, value: hostile, basedOn: now })).toMatchObject({ ok: false });
    const broken = await write(bench, 'lists/a.yaml', 'steps: 5\n');
    const { documents } = await bench.value('workspace.get', {});
    expect(documents.find((document) => document.path === 'lists/a.yaml')).toMatchObject({ problem: { line: 1 } });
    const list: DocumentValue = { kind: 'send-list', loop: 1, steps: [] };
    expect(await bench.call('documents.put', { path: 'lists/a.yaml', value: list, basedOn: broken })).toMatchObject({
      ok: false,
      error: { code: 'file', system: expect.stringContaining('line 1') },
    });
  });
});

describe('an endpoint that is kept as a document', () => {
  const secret = 'correct horse battery staple';
  const at = 'endpoints/broker.yaml';
  const configured = (certificate: string) =>
    createConfig('client', 'wss', {
      name: 'Broker',
      ws: { headers: [`Authorization: Bearer ${secret}`] },
      tls: { ca: certificate },
    });

  it('has its secrets and the files of this machine back, which are in no answer and no document', async () => {
    const home = await testHome();
    const bench = await startWorkbench(home);
    const ca = join(home, 'lab-ca.pem');
    writeFileSync(ca, 'not a certificate');
    const config = configured(bench.files.grantRead(ca));
    const { id, config: shown } = await bench.value('endpoints.create', config);
    const value: DocumentValue = { kind: 'endpoint', config: shown, colour: 'red' };
    expect(await bench.value('documents.put', { path: at, value, basedOn: 'new', endpoint: id })).toMatchObject({
      kind: 'saved',
    });
    const { folder, documents } = await bench.value('workspace.get', {});
    expect(documents.find(({ path: one }) => one === at)).toMatchObject({
      endpoint: { name: 'Broker', colour: 'red' },
    });
    const file = readFileSync(join(folder, at), 'utf8');
    expect(file).toContain('secret: ');
    expect(file).not.toContain(home);
    await bench.close();

    const next = await startWorkbench(home);
    const read = await next.value('documents.value', { path: at });
    expect(read.missing).toEqual([]);
    const again = await next.value('endpoints.createFrom', { path: at });
    expect(again.config).toMatchObject({ tls: { ca: expect.stringMatching(/^file:.*lab-ca\.pem$/) } });
    // Saved again as the page has it, it is the same file.
    expect(await next.value('documents.put', { path: at, value: read.value, basedOn: read.version })).toMatchObject({
      kind: 'saved',
      version: read.version,
    });
    const seen = JSON.stringify([shown, read, again, next.events, file]);
    expect(seen).toContain('Broker');
    expect(seen).not.toContain(secret);
  });

  it('of a workspace that was cloned says what this machine does not have', async () => {
    const bench = await startWorkbench(await testHome());
    const lines = [
      'role: client',
      'transport: wss',
      'host: a.example',
      'port: 443',
      'tls:',
      '  key: { local: my-key }',
    ];
    const headers = [
      '  certificate: payloads/link.pem',
      'ws:',
      '  headers:',
      '    - { header: Authorization, secret: token }',
    ];
    const version = await write(bench, at, `${[...lines, ...headers].join('\n')}\n`);
    const { folder } = await bench.value('workspace.get', {});
    const outside = join(bench.home, 'settings.json');
    writeFileSync(outside, '{}');
    symlinkSync(outside, join(folder, 'payloads', 'link.pem'));
    const { value, missing } = await bench.value('documents.value', { path: at });
    expect(missing.toSorted()).toEqual(['my-key', 'token']);
    if (value.kind !== 'endpoint' || !('tls' in value.config)) throw new Error('not over TLS');
    expect(bench.files.find(value.config.tls.certificate)).toMatchObject({ error: { code: 'access-denied' } });
    expect(await bench.value('documents.put', { path: at, value, basedOn: version })).toMatchObject({ version });
    expect(await bench.call('endpoints.createFrom', { path: at })).toMatchObject({ ok: false });
  });
});

describe('the secrets of an environment', () => {
  it('are set, named, follow a renamed environment, and never come back', async () => {
    const bench = await startWorkbench(await testHome());
    const environment = 'environments/lab.yaml';
    const value = 'hunter2 hunter2';
    await write(bench, environment, 'secrets: [token]\n');
    await bench.value('secrets.set', { environment, name: 'token', value });
    expect(await bench.value('secrets.names', { environment })).toEqual({ names: ['token'], protection: 'file' });
    const moved = 'environments/room/lab.yaml';
    await bench.value('documents.move', { moves: [{ from: 'environments/lab.yaml', to: moved }] });
    expect(await bench.value('secrets.names', { environment: moved })).toMatchObject({ names: ['token'] });
    const view = await bench.value('documents.value', { path: moved });
    expect(JSON.stringify([view, bench.events])).not.toContain(value);
    await bench.value('secrets.remove', { environment: moved, name: 'token' });
    expect(await bench.value('secrets.names', { environment: moved })).toMatchObject({ names: [] });
    expect(await bench.call('secrets.names', { environment: path })).toMatchObject({ error: { code: 'bad-input' } });
  });
});

describe('drafts', () => {
  it('come back in the next program', async () => {
    const home = await testHome();
    const bench = await startWorkbench(home);
    const draft = { key: path, bytes: Buffer.from('{"a":'), basedOn: 'new', details: { format: 'json' } };
    await bench.value('drafts.keep', draft);
    await bench.close();
    const next = await startWorkbench(home);
    const { drafts } = await next.value('drafts.list', {});
    expect(drafts).toMatchObject([{ key: path, details: { format: 'json' }, isOwn: false }]);
    expect(text(drafts[0]?.bytes ?? new Uint8Array(0))).toBe('{"a":');
    await next.value('drafts.drop', { key: path });
    expect(await next.value('drafts.list', {})).toEqual({ drafts: [], problems: [] });
  });

  it('of a page are deleted by another one only after it has ended', async () => {
    const bench = await startWorkbench(await testHome());
    const draft = { key: path, bytes: Buffer.from('1'), basedOn: 'new', details: {} };
    const ids = async () => (await bench.value('drafts.list', { page: 'two' })).drafts.map(({ id }) => id);
    await bench.value('drafts.keep', { ...draft, page: 'one' });
    const takesOver = await ids();
    await bench.value('drafts.keep', { ...draft, page: 'two', takesOver });
    expect(await ids()).toHaveLength(2);
    await bench.value('drafts.end', { page: 'one' });
    await bench.value('drafts.keep', { ...draft, page: 'two', takesOver });
    expect(await ids()).toHaveLength(1);
    expect(await ids()).not.toEqual(takesOver);
  });
});

describe('a hostile workspace', () => {
  it('opens within 2 s or says why not, and lists what it does not use', async () => {
    const bench = await startWorkbench(await testHome());
    const folder = join(bench.home, 'clone');
    mkdirSync(join(folder, 'payloads'), { recursive: true });
    writeFileSync(join(folder, 'wirebench.yaml'), 'version: 1\nname: clone\n');
    symlinkSync('/etc', join(folder, 'endpoints'));
    mkdirSync(join(folder, 'environments'));
    writeFileSync(join(folder, 'environments', 'bomb.yaml'), 'a: &a [x]\nb: [*a, *a]\n');
    writeFileSync(join(folder, 'environments', 'proto.yaml'), 'variables: { __proto__: x }\n');
    // Measures its own processor time, so that a busy machine does not fail the test.
    const before = process.cpuUsage();
    const view = await bench.value('workspace.open', { folder: bench.files.grantFolder(folder) });
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(2_000);
    const problems = view.documents.filter(({ problem }) => problem).map((document) => document.path);
    expect(problems).toEqual(['endpoints', 'environments/bomb.yaml', 'environments/proto.yaml']);
    for (const one of ['endpoints/passwd', 'payloads/../wirebench.yaml', 'payloads/.git', '.wirebench/local/lock']) {
      expect(await bench.call('documents.read', { path: one }), one).toMatchObject({ ok: false });
    }
    expect(await readFile('/etc/passwd')).not.toHaveLength(0);
  });
});
