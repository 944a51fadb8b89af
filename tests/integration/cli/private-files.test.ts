import { chmodSync, chownSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient } from '#shared/contract/client.ts';
import { createConfig } from '#shared/endpoint/endpoint-config.ts';
import { saveFormats } from '#shared/export/export-formats.ts';
import { startHost } from '#support/app-browser.ts';
import { Cli, runCli } from '#support/cli.ts';
import { connectTransport } from '#support/page-transport.ts';
import { acceptedSocket, answerOf, recordMessages, SessionFolder } from '#support/session.ts';
import { OtherDisk } from '#support/small-disk.ts';

const capture = fileURLToPath(new URL('../../fixtures/loopback.pcap', import.meta.url));
const modeOf = (path: string) => statSync(path).mode & 0o777;

/** The modes of all files and folders below `folder`, in octal, by their names. */
function modesBelow(folder: string): Record<string, string> {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    found.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(folder.length + 1), modeOf(path).toString(8)];
    }),
  );
}

describe('with a umask that takes nothing away', () => {
  let umask: number;
  beforeEach(() => {
    umask = process.umask(0);
  });
  afterEach(() => {
    process.umask(umask);
  });

  it('a recording, an import, a re-framed session and an export of each format have mode 0600', async () => {
    await using folder = new SessionFolder();
    const recording = folder.file('recording.wirebench');
    await using server = new Cli(['listen', '0', '--framing', 'line', '--once', '--record', recording]);
    const target = `127.0.0.1:${await server.port()}`;
    expect((await runCli(['send', target, '--data', 'hello', '--framing', 'line', '--wait', '0'])).code).toBe(0);
    expect(await server.exit()).toBe(0);
    writeFileSync(folder.file('source.pcap.gz'), gzipSync(readFileSync(capture)), { mode: 0o600 });
    const done = [
      await runCli(['log', 'import', folder.file('source.pcap.gz'), '-o', folder.file('imported.wirebench')]),
      await runCli(['log', 'reframe', recording, '--framing', 'raw', '-o', folder.file('reframed.wirebench')]),
    ];
    const session = await folder.open('recording.wirebench');
    for (const format of saveFormats) {
      answerOf(await session.ask('save', { format, path: folder.file(`export.${format}`), scope: {} }));
    }
    expect(done.filter(({ code }) => code !== 0)).toEqual([]);
    const modes = modesBelow(folder.path);
    expect(Object.keys(modes)).toHaveLength(4 + saveFormats.length);
    expect(Object.entries(modes).filter(([, mode]) => mode !== '600')).toEqual([]);
  });

  it('a session that is moved to another disk while it is recorded keeps mode 0600', async () => {
    await using folder = new SessionFolder();
    using disk = new OtherDisk();
    const log = folder.create('a.wirebench');
    log.describe(acceptedSocket);
    recordMessages(log, 'in', [Buffer.from('one')]);
    answerOf(await log.move(disk.file('b.wirebench')));
    await log.close();
    expect(modeOf(disk.file('b.wirebench'))).toBe(0o600);
  });

  it('everything that the browser host keeps in its folder is closed to others', async () => {
    await using folder = new SessionFolder();
    const home = folder.file('home');
    const host = await startHost(home);
    const { port, hash } = new URL(host.address);
    const transport = connectTransport({ port: Number(port), token: hash.replace('#token=', '') });
    const client = createClient(transport);
    try {
      answerOf(await client.call('settings.set', { theme: 'dark' }));
      const bytes = new TextEncoder().encode('secret');
      answerOf(await client.call('drafts.keep', { key: 'unsaved/a', bytes, basedOn: 'new', details: {} }));
      const { id } = answerOf(await client.call('endpoints.create', createConfig('server', 'tls', { port: 0 })));
      answerOf(await client.call('endpoints.open', { id }));
      const upload = await fetch(`${host.address.split('#')[0]}upload?name=a`, {
        method: 'POST',
        headers: { authorization: `Bearer ${hash.replace('#token=', '')}` },
        body: 'a file',
      });
      expect(upload.status).toBe(200);
      const modes = modesBelow(home);
      const names = Object.keys(modes).map((name) => name.replace(/^(uploads)\/.*\/a$/, '$1/a'));
      expect(names).toEqual(expect.arrayContaining(['settings.json', 'tls/localhost-key.pem', 'uploads/a']));
      expect(names.filter((name) => name.endsWith('.draft'))).toHaveLength(1);
      expect(names.filter((name) => /^sessions\/.*\.wirebench$/.test(name))).toHaveLength(1);
      expect(modeOf(home)).toBe(0o700);
      // The documents of a workspace are for a team: their modes follow the umask. The folder of the default one is closed.
      const kept = Object.entries(modes).filter(([name]) => !name.startsWith('workspace/'));
      expect(modeOf(join(home, 'workspace'))).toBe(0o700);
      expect(kept.filter(([, mode]) => mode !== '600' && mode !== '700')).toEqual([]);
    } finally {
      transport.close();
      await host.stop();
    }
  });
});

describe('an export that replaces a file', () => {
  /** Exports a session over a file that `prepare` has changed; returns the mode of the new file. */
  async function modeAfter(prepare: (path: string) => void): Promise<number> {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    log.describe(acceptedSocket);
    recordMessages(log, 'in', [Buffer.from('one')]);
    await log.flush();
    const path = folder.file('report.txt');
    writeFileSync(path, 'old');
    prepare(path);
    answerOf(await log.ask('save', { format: 'text', path, scope: {} }));
    expect(readFileSync(path, 'utf8')).toContain('one');
    await log.close();
    return modeOf(path);
  }

  it.each(['644', '640', '600'])('keeps the mode that its user gave it: 0%s', async (mode) => {
    expect((await modeAfter((path) => chmodSync(path, mode))).toString(8)).toBe(mode);
  });

  it.runIf(process.getuid?.() === 0)(
    'does not keep the mode of another user’s file (only root can make one)',
    async () => {
      const mode = await modeAfter((path) => {
        chmodSync(path, 0o666);
        chownSync(path, 65_534, 65_534);
      });
      expect(mode).toBe(0o600);
    },
  );

  it.runIf(process.getuid?.() === 0)('does not open it to another group (only root can choose one)', async () => {
    const mode = await modeAfter((path) => {
      chmodSync(path, 0o664);
      chownSync(path, 0, 65_534);
    });
    expect(mode).toBe(0o604);
  });
});
