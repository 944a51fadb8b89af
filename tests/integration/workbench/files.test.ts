import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CallName } from '#shared/contract/contract.ts';
import { createConfig, defaultServer } from '#shared/endpoint/endpoint-config.ts';
import { CertificateFolder } from '#support/certificates.ts';
import { readHandle, saveHandle } from '#support/file-handles.ts';
import { storedFile } from '#support/stored-file.ts';
import { startWorkbench, testHome } from '#support/workbench.ts';
import type { HostCall } from '#workbench/workbench.ts';

const replying = (path: string) => ({ ...defaultServer, port: 0, behaviour: { kind: 'reply-file' as const, path } });
const notFound = {
  ok: false,
  error: { code: 'not-found', hint: expect.stringMatching(/^Select the (file|place) again/) },
};

describe('a file that a page names', () => {
  it('by a path is bad input to every call that takes a file', async () => {
    const bench = await startWorkbench(await testHome());
    const { id } = await bench.recording();
    const path = '/proc/self/environ';
    const tls = { ca: path };
    const calls: [Exclude<CallName, HostCall>, object][] = [
      ['endpoints.create', replying(path)],
      ['endpoints.create', createConfig('server', 'tls', { tls })],
      ['sockets.send', { sockets: [1], frame: false, file: path }],
      ['sessions.save', { session: id, format: 'csv', target: path, job: 't' }],
      ['sessions.open', { file: path }],
      ['sessions.move', { session: id, target: path, job: 't' }],
      ['sessions.delete', { stored: path }],
    ];
    for (const [name, input] of calls) {
      expect(await bench.call(name, input as never), name).toMatchObject({ ok: false, error: { code: 'bad-input' } });
    }
  });

  it('by a handle of an earlier run is to be chosen again, in every call that takes one', async () => {
    const bench = await startWorkbench(await testHome());
    const { id } = await bench.recording();
    const [file, target] = [readHandle('a'), saveHandle('a')];
    const made = await bench.value('endpoints.create', replying('sample:data.json'));
    const tls = { certificate: file, key: file };
    expect(await bench.call('endpoints.create', replying(file))).toMatchObject(notFound);
    expect(await bench.call('endpoints.create', createConfig('server', 'tls', { tls }))).toMatchObject(notFound);
    expect(await bench.call('endpoints.update', { id: made.id, config: replying(file) })).toMatchObject(notFound);
    expect(await bench.call('sockets.send', { sockets: [1], frame: false, file })).toMatchObject(notFound);
    expect(await bench.call('sessions.save', { session: id, format: 'csv', target, job: 't' })).toMatchObject(notFound);
    expect(await bench.call('sessions.open', { file })).toMatchObject(notFound);
    expect(await bench.call('sessions.move', { session: id, target, job: 't' })).toMatchObject(notFound);
  });
});

describe('an endpoint', () => {
  it('replies with the file of its handle, as it is at each reply, and a view has the handle alone', async () => {
    const home = await testHome();
    const bench = await startWorkbench(home);
    const path = join(home, 'reply.txt');
    await writeFile(path, 'first');
    const handle = bench.files.grantRead(path);
    const { id, config } = await bench.value('endpoints.create', replying(handle));
    expect(JSON.stringify(config)).not.toContain(home);
    expect(config).toMatchObject({ behaviour: { path: handle } });
    const { address } = await bench.value('endpoints.open', { id });
    const socket = net.connect(Number(address.slice(address.lastIndexOf(':') + 1)), '127.0.0.1');
    const answer = async (message: string) => {
      const heard = new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))));
      socket.write(message);
      return heard;
    };
    expect(await answer('one')).toBe('first');
    await writeFile(path, 'second');
    expect(await answer('two')).toBe('second');
    socket.destroy();
  });

  it('shows the certificate of its handles, and says in words that a file of them is gone', async () => {
    const home = await testHome();
    const bench = await startWorkbench(home);
    using folder = new CertificateFolder();
    const { certificate, key } = await folder.leaf();
    const grant = (path: string) => bench.files.grantRead(path);
    const tls = { certificate: grant(certificate), key: grant(key) };
    const server = createConfig('server', 'tls', { port: 0, tls });
    const { id } = await bench.value('endpoints.create', server);
    expect(await bench.value('endpoints.open', { id })).toMatchObject({ state: 'listening' });
    await bench.value('endpoints.close', { id });
    const gone = { ...tls, key: grant(join(home, 'gone.pem')) };
    await bench.value('endpoints.update', { id, config: createConfig('server', 'tls', { port: 0, tls: gone }) });
    expect(await bench.call('endpoints.open', { id })).toMatchObject({
      ok: false,
      error: { code: 'file', hint: expect.stringContaining(join(home, 'gone.pem')) },
    });
  });
});

describe('a session', () => {
  it('is saved over a file that is there only where a dialog has asked for it, and once', async () => {
    const home = await testHome();
    const bench = await startWorkbench(home);
    await bench.receive(['one']);
    const { id } = await bench.recording();
    const path = join(home, 'mine.csv');
    const save = (target: string) => bench.call('sessions.save', { session: id, format: 'csv', target, job: 't' });
    await writeFile(path, 'mine');
    const unasked = bench.files.grantSave({ path, existing: 'refuse', life: 'lasting' });
    expect(await save(unasked)).toMatchObject({ error: { code: 'file', system: expect.stringContaining('EEXIST') } });
    expect(await readFile(path, 'utf8')).toBe('mine');
    const asked = bench.place(path);
    expect(await save(asked)).toMatchObject({ ok: true, value: { path } });
    expect(await readFile(path, 'utf8')).toContain('one');
    await writeFile(path, 'mine again');
    expect(await save(asked)).toMatchObject(notFound);
    expect(await save(bench.files.grantRead(path))).toMatchObject({ error: { code: 'bad-input' } });
    expect(await readFile(path, 'utf8')).toBe('mine again');
  });

  it('is not moved to where a download lies, nor copied to a place for the recording', async () => {
    const home = await testHome();
    const bench = await startWorkbench(home);
    const { id, path } = await bench.recording();
    const target = bench.files.grantSave({ path: join(home, 'x'), existing: 'refuse', life: 'temporary' });
    expect(await bench.call('sessions.move', { session: id, target, job: 't' })).toMatchObject({
      error: { code: 'wrong-state', system: expect.stringContaining('download') },
    });
    expect(await bench.recording()).toMatchObject({ path, state: 'recording' });
    const save = (to: string) => bench.call('sessions.save', { session: id, format: 'csv', target: to, job: 't' });
    // The place is still there for what it was granted for.
    expect(await save(target)).toMatchObject({ ok: true });
    const forRecording = bench.files.grantSave({ path: join(home, 'y'), existing: 'refuse', life: 'recording' });
    expect(await save(forRecording)).toMatchObject({
      error: { code: 'wrong-state', system: 'it is a place for the recording' },
    });
  });

  it('of the app’s folder is opened and deleted by its name, and nothing out of that folder', async () => {
    const home = await testHome();
    const bench = await startWorkbench(home);
    const folder = join(home, 'sessions');
    await writeFile(join(folder, 'a day.wirebench'), storedFile({ records: 3 }));
    await mkdir(join(home, 'private'));
    await writeFile(join(home, 'private', 'b.wirebench'), storedFile({ records: 3 }));
    await symlink(join(home, 'private', 'b.wirebench'), join(folder, 'b.wirebench'));
    const listed = await bench.value('sessions.stored', {});
    const found = listed.sessions.find(({ path }) => basename(path) === 'a day.wirebench');
    expect(found?.reference).toBe('stored:a day.wirebench');
    const { id } = await bench.value('sessions.open', { file: 'stored:a day.wirebench' });
    await bench.value('sessions.close', { session: id });
    await bench.value('sessions.delete', { stored: 'stored:a day.wirebench' });
    expect(await bench.call('sessions.open', { file: 'stored:a day.wirebench' })).toMatchObject({ ok: false });
    const led = 'stored:b.wirebench';
    for (const answer of [
      await bench.call('sessions.open', { file: led }),
      await bench.call('sessions.delete', { stored: led }),
    ]) {
      expect(answer).toMatchObject({ error: { system: 'it is not a file in the folder of sessions' } });
    }
    expect((await bench.value('app.snapshot', {})).sessions).toHaveLength(1);
  });
});
