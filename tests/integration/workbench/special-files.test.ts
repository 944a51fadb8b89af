import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createConfig, defaultClient } from '#shared/endpoint/endpoint-config.ts';
import { saveFormats } from '#shared/export/export-formats.ts';
import { SpecialFiles, specialFiles } from '#support/special-files.ts';
import { startWorkbench, testHome } from '#support/workbench.ts';

const refused = { ok: false, error: { code: 'file' } };

describe.runIf(process.platform === 'linux')('a file of the contract that is not a regular file', () => {
  let files: SpecialFiles;
  beforeAll(async () => {
    files = await SpecialFiles.make();
  });
  afterAll(() => files[Symbol.asyncDispose]());

  test.each([...specialFiles, '/dev/stdin', '/dev/stdout'])('is not opened as a session: %s', async (name) => {
    const app = await startWorkbench(await testHome());
    expect(await app.call('sessions.open', { file: app.files.grantRead(files.of(name)) })).toMatchObject(refused);
  });

  test.each([...specialFiles, '/dev/stdin', '/dev/stdout'])('is refused as the target of a save: %s', async (name) => {
    const app = await startWorkbench(await testHome());
    await app.receive(['one']);
    const { id: session } = await app.recording();
    for (const format of saveFormats) {
      const target = app.place(files.of(name));
      const saved = await app.call('sessions.save', { session, job: format, format, target, scope: {} });
      expect(saved).toMatchObject(refused);
    }
    expect(lstatSync(files.of('fifo')).isFIFO()).toBe(true);
  });

  test.each(specialFiles.filter((name) => name !== 'folder'))('is no place to move to: %s', async (name) => {
    const app = await startWorkbench(await testHome());
    const { id: session } = await app.recording();
    expect(await app.call('sessions.move', { session, target: app.place(files.of(name)), job: 'm' })).toMatchObject(
      refused,
    );
  });

  test.each(specialFiles)('is not sent: %s', async (name) => {
    const app = await startWorkbench(await testHome());
    const peer = net.createServer((socket) => socket.on('error', () => {}).resume()).listen(0, '127.0.0.1');
    onTestFinished(() => void peer.close());
    await new Promise((resolve) => peer.once('listening', resolve));
    const { port } = peer.address() as AddressInfo;
    const { id } = await app.value('endpoints.create', { ...defaultClient, host: '127.0.0.1', port });
    const { socket } = await app.value('endpoints.open', { id });
    const request = { sockets: [socket], file: app.files.grantRead(files.of(name)), frame: false };
    const { sent } = await app.value('sockets.send', request);
    expect(sent).toMatchObject([{ error: { code: 'file' } }]);
    await app.value('endpoints.close', { id });
  });

  test.each(specialFiles)('is no certificate: %s', async (name) => {
    const app = await startWorkbench(await testHome());
    const file = app.files.grantRead(files.of(name));
    const tls = { certificate: file, key: file };
    const { id } = await app.value('endpoints.create', createConfig('server', 'tls', { port: 0, tls }));
    expect(await app.call('endpoints.open', { id })).toMatchObject({ ok: false });
  });

  test('in the app’s folder leaves the settings and the certificate usable', async () => {
    const home = await testHome();
    mkdirSync(join(home, 'tls'));
    for (const name of ['settings.json', 'sessions/a.wirebench']) {
      mkdirSync(join(home, 'sessions'), { recursive: true });
      execFileSync('mkfifo', [join(home, name)]);
    }
    execFileSync('mkfifo', [join(home, 'tls/localhost-key.pem')]);
    const app = await startWorkbench(home);
    const settings = await app.value('settings.get', {});
    expect(await app.value('settings.set', settings)).toEqual(settings);
    expect(lstatSync(join(home, 'settings.json')).isFile()).toBe(true);
    expect((await app.value('sessions.stored', {})).sessions).toHaveLength(1);
    const { id } = await app.value('endpoints.create', createConfig('server', 'tls', { port: 0 }));
    expect(await app.call('endpoints.open', { id })).toMatchObject({
      ok: false,
      error: { system: expect.stringContaining('it is a pipe, not a regular file') },
    });
  });
});
