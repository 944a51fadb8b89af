import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { startBrowserHost } from '#hosts/browser/server.ts';
import { createClient } from '#shared/contract/client.ts';
import type { SessionView } from '#shared/contract/models.ts';
import { defaultServer } from '#shared/endpoint/endpoint-config.ts';
import { fail, ok } from '#shared/failure.ts';
import { ask, startTestHost, type TestHost } from '#support/browser-host.ts';
import { fakeWorkbench } from '#support/fake-workbench.ts';
import { openTransport } from '#support/page-transport.ts';
import { endpointView } from '../../unit/renderer/fake-services.ts';

/** How long anything is waited for: it comes at once, but for a machine that is busy with something else. */
const patienceMs = 20_000;

const upload = (host: TestHost, name: string, body: Uint8Array) =>
  ask(host.port, `/upload?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${host.token}` },
    body,
  });

/** Uploads a file; gives its handle and where the host keeps it. */
async function handOver(host: TestHost, name: string, body: Uint8Array): Promise<{ file: string; path: string }> {
  const answer = JSON.parse((await upload(host, name, body)).body) as { value: { file: string } };
  return { file: answer.value.file, path: pathOf(host, answer.value.file) };
}

function pathOf({ files }: TestHost, handle: string): string {
  const found = files.find(handle);
  if (!found.ok) throw new Error(found.error.message);
  return found.value;
}

const nothingOpen = () => ok({ endpoints: [], sockets: [], sessions: [], jobs: [], programs: [] });

const files = async (folder: string) =>
  (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());

it('keeps an uploaded file under its own name inside the home folder, and deletes it at the end', async () => {
  const host = await startTestHost();
  const bytes = new Uint8Array(3_000_000).fill(7);
  const { file, path } = await handOver(host, 'a day.wirebench', bytes);
  expect(file).toMatch(/^file:[\w-]{22}\/a day\.wirebench$/);
  expect(path.startsWith(join(host.home, 'uploads'))).toBe(true);
  expect(path.endsWith('a day.wirebench')).toBe(true);
  expect(new Uint8Array(await readFile(path))).toEqual(bytes);
  await host.close();
  expect(await readdir(join(host.home, 'uploads'))).toEqual([]);
});

it.each(['../../evil', '..', '/etc/passwd', 'C:\\evil', 'a\nb', ''])(
  'keeps an upload called %j inside its folder',
  async (name) => {
    const host = await startTestHost();
    const { path } = await handOver(host, name, new Uint8Array(1));
    expect(relative(join(host.home, 'uploads'), path)).toMatch(/^\d+-\w+\/[\w-]+\/[^/\\\n]+$/);
  },
);

it('refuses an upload over the cap, announced or not, names the limit and keeps nothing', async () => {
  const host = await startTestHost({ maxUploadBytes: 1_000 });
  const announced = await upload(host, 'big', new Uint8Array(1_001));
  expect(announced.status).toBe(413);
  expect(JSON.parse(announced.body)).toMatchObject({ ok: false, error: { code: 'too-large' } });
  expect(announced.body).toContain('maxUploadBytes');
  const unannounced = await ask(host.port, '/upload?name=big', {
    method: 'POST',
    headers: { authorization: `Bearer ${host.token}`, 'transfer-encoding': 'chunked' },
    body: new Uint8Array(200_000),
  });
  expect(unannounced.status).toBe(413);
  expect(await files(join(host.home, 'uploads'))).toEqual([]);
  expect(await upload(host, 'small', new Uint8Array(1_000))).toMatchObject({ status: 200 });
});

it('keeps nothing of an upload that breaks off', async () => {
  const host = await startTestHost();
  const socket = connect(host.port, '127.0.0.1');
  socket.write(
    `POST /upload?name=x HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\nAuthorization: Bearer ${host.token}\r\nContent-Length: 100000\r\n\r\nthe beginning`,
  );
  await vi.waitFor(async () => expect(await files(join(host.home, 'uploads'))).toHaveLength(1), patienceMs);
  socket.destroy();
  await vi.waitFor(async () => expect(await files(join(host.home, 'uploads'))).toEqual([]), patienceMs);
});

it('deletes an upload that is no session, and one whose session is closed', async () => {
  const view: SessionView = {
    id: 's1',
    name: 'good',
    path: '',
    state: 'read-only',
    total: 0,
    bytes: 0,
    rate: 0,
    problems: 0,
    notice: '',
  };
  const workbench = fakeWorkbench({
    'app.snapshot': nothingOpen,
    'sessions.open': ({ file }) =>
      file.endsWith('good')
        ? ok({ ...view, path: pathOf(host, file) })
        : fail('not-a-session', `“${pathOf(host, file)}” is no session`),
    'sessions.close': () => ok({}),
  });
  const host: TestHost = await startTestHost({ workbench });
  const client = createClient(openTransport(host));
  const [good, bad] = [await handOver(host, 'good', new Uint8Array(9)), await handOver(host, 'bad', new Uint8Array(9))];
  expect(await client.call('sessions.open', { file: bad.file })).toMatchObject({
    ok: false,
    error: { message: '“bad” is no session' },
  });
  expect(existsSync(bad.path)).toBe(false);
  expect(host.files.find(bad.file)).toMatchObject({ ok: false, error: { code: 'not-found' } });
  expect(await client.call('sessions.open', { file: good.file })).toMatchObject({ ok: true });
  expect(existsSync(good.path)).toBe(true);
  expect(await client.call('sessions.close', { session: 's1' })).toMatchObject({ ok: true });
  expect(existsSync(good.path)).toBe(false);
});

it('keeps an upload that somebody annotated or named among the sessions, under a free name', async () => {
  const host: TestHost = await startTestHost({
    workbench: fakeWorkbench({
      'app.snapshot': nothingOpen,
      'sessions.open': ({ file }) =>
        ok({
          id: 's1',
          name: '',
          path: pathOf(host, file),
          state: 'read-only',
          total: 1,
          bytes: 0,
          rate: 0,
          problems: 0,
          notice: '',
        }),
      'sessions.mark': ({ seq }) => ok({ seq, bookmarked: true, note: '' }),
      'sessions.rename': () => fail('file', 'no'),
      'sessions.close': () => ok({}),
    }),
  });
  const client = createClient(openTransport(host));
  for (const byte of [1, 2]) {
    const { file, path } = await handOver(host, 'a day.wirebench', Uint8Array.of(byte));
    await client.call('sessions.open', { file });
    expect(await client.call('sessions.rename', { session: 's1', name: 'x' })).toMatchObject({ ok: false });
    expect(await client.call('sessions.mark', { session: 's1', seq: 0, bookmarked: true })).toMatchObject({ ok: true });
    expect(await client.call('sessions.mark', { session: 's1', seq: 0, bookmarked: true })).toMatchObject({ ok: true });
    await client.call('sessions.close', { session: 's1' });
    expect(existsSync(path)).toBe(false);
  }
  const sessions = join(host.home, 'sessions');
  expect((await readdir(sessions)).sort()).toEqual(['a day-2.wirebench', 'a day.wirebench']);
  expect([...(await readFile(join(sessions, 'a day-2.wirebench')))]).toEqual([2]);
});

it('deletes an upload at once that became a session of its own', async () => {
  const imported = { id: 's1', name: 'good', path: '/home/sessions/good.wirebench', state: 'read-only' } as const;
  const workbench = fakeWorkbench({
    'app.snapshot': nothingOpen,
    'sessions.open': () => ok({ ...imported, total: 0, bytes: 0, rate: 0, problems: 0, notice: '' }),
  });
  const host = await startTestHost({ workbench });
  const client = createClient(openTransport(host));
  const { file, path } = await handOver(host, 'good.pcapng', new Uint8Array(9));
  expect(await client.call('sessions.open', { file })).toMatchObject({ ok: true });
  expect(existsSync(path)).toBe(false);
});

it('keeps an upload that an endpoint uses, whatever else was done with it', async () => {
  const used: string[] = [];
  const config = () => ({ ...defaultServer, behaviour: { kind: 'reply-file' as const, path: used[0] ?? '' } });
  const workbench = fakeWorkbench({
    'app.snapshot': () =>
      ok({ endpoints: [endpointView('e1', { config: config() })], sockets: [], sessions: [], jobs: [], programs: [] }),
    'sessions.open': () => fail('not-a-session', 'no'),
  });
  const host = await startTestHost({ workbench });
  const client = createClient(openTransport(host));
  const { file, path } = await handOver(host, 'data.json', new Uint8Array(9));
  used.push(file);
  await client.call('sessions.open', { file });
  expect(existsSync(path)).toBe(true);
  expect(host.files.find(file)).toEqual({ ok: true, value: path });
});

it.each(['uploads', 'downloads', 'entrance'])(
  'says in words that a file is in the place of its folder %s',
  async (name) => {
    const home = await mkdtemp(join(tmpdir(), 'wirebench-home-'));
    onTestFinished(() => rm(home, { recursive: true }));
    await writeFile(join(home, name), 'a file');
    const started = await startBrowserHost({ workbench: fakeWorkbench(), home, renderer: home, port: 0 });
    expect(started).toMatchObject({
      ok: false,
      error: { code: 'file', system: expect.stringMatching(/EEXIST|ENOTDIR/) },
    });
  },
);

it('hands out a prepared file once, as an attachment under its name, then deletes it', async () => {
  const host = await startTestHost();
  const client = createClient(openTransport(host));
  const prepared = await client.call('downloads.prepare', { suggestedName: 'größe "1".jsonl' });
  if (!prepared.ok) throw new Error(prepared.error.message);
  const { target, url } = prepared.value;
  const place = host.files.takePlace(target, 'copy');
  if (!place.ok) throw new Error(place.error.message);
  const { path } = place.value;
  expect(place.value).toMatchObject({ existing: 'refuse', life: 'temporary' });
  await writeFile(path, '{"seq":0}\n');
  const { status, headers, body } = await ask(host.port, url);
  expect(status).toBe(200);
  expect(body).toBe('{"seq":0}\n');
  expect(headers['content-disposition']).toContain('attachment; filename="gr__e _1_.jsonl"');
  expect(headers['content-disposition']).toContain("filename*=UTF-8''gr%C3%B6%C3%9Fe%20_1_.jsonl");
  expect(headers['cache-control']).toBe('no-store');
  await vi.waitFor(() => expect(existsSync(path)).toBe(false), patienceMs);
  expect(await ask(host.port, url)).toMatchObject({ status: 404 });
});

it('finds nothing where nothing was written, or under an address that nobody was given', async () => {
  const host = await startTestHost();
  const client = createClient(openTransport(host));
  const prepared = await client.call('downloads.prepare', { suggestedName: 'x' });
  if (!prepared.ok) throw new Error(prepared.error.message);
  expect(await ask(host.port, prepared.value.url)).toMatchObject({ status: 404 });
  expect(await ask(host.port, '/download/x')).toMatchObject({ status: 404 });
});

it('deletes at its start what a killed run left behind', async () => {
  const first = await startTestHost();
  // No process has this number: Linux ends at 4 194 304.
  const abandoned = join(first.home, 'uploads', '99999999-abc');
  await mkdir(abandoned, { recursive: true });
  await writeFile(join(abandoned, 'rest'), 'x');
  await startTestHost({ home: first.home });
  expect(existsSync(abandoned)).toBe(false);
});
