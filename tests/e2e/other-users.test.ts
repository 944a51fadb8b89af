import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createClient } from '#shared/contract/client.ts';
import { type HostProcess, startHost } from '#support/app-browser.ts';
import { connectTransport } from '#support/page-transport.ts';
import { answerOf } from '#support/session.ts';

/** What another user tries, in Python: it needs nothing of this project's folder, which that user may not read. */
const intruder = String.raw`
import json, os, socket, sys
paths, host_pid, port = json.loads(sys.argv[1]), sys.argv[2], int(sys.argv[3])
got = {'user': os.getuid(), 'arguments': open('/proc/%s/cmdline' % host_pid).read(), 'read': [], 'written': []}
for path, is_folder in paths:
    try:
        os.listdir(path) if is_folder else open(path, 'rb').read(1)
        got['read'].append(path)
    except OSError: pass
    try:
        open(os.path.join(path, 'x') if is_folder else path, 'ab').close()
        got['written'].append(path)
    except OSError: pass
try: got['environment'] = open('/proc/%s/environ' % host_pid).read()
except OSError as error: got['environment'] = type(error).__name__
def ask(line, *headers):
    with socket.create_connection(('127.0.0.1', port)) as connected:
        lines = [line + ' HTTP/1.1', 'Host: 127.0.0.1:%d' % port, 'Connection: close', *headers, '', '']
        connected.sendall('\r\n'.join(lines).encode())
        return int(connected.recv(100).split()[1])
ws = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==']
got['answers'] = {
    'token': ask('GET /token'), 'guessed token': ask('GET /token', 'Authorization: Bearer ' + 'A' * 43),
    'upload': ask('POST /upload?name=x', 'Content-Length: 0'), 'download': ask('GET /download/' + 'A' * 43),
    'enter': ask('GET /enter/' + 'A' * 43), 'socket': ask('GET /socket', *ws, 'Sec-WebSocket-Protocol: wirebench.1'),
    'guessed socket': ask('GET /socket', *ws, 'Sec-WebSocket-Protocol: wirebench.1, token.' + 'A' * 43),
}
print(json.dumps(got))
`;

interface Found {
  readonly user: number;
  readonly arguments: string;
  readonly environment: string;
  readonly read: readonly string[];
  readonly written: readonly string[];
  readonly answers: Readonly<Record<string, number>>;
}

const nobody = 65_534;
const asNobody = [`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', 'python3', '-c', intruder];

// Only root can become another user: the whole of the tests runs as root in continuous integration.
describe.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
  'another user of the machine (as root)',
  () => {
    let folder: string;
    let host: HostProcess;
    let token: string;
    const homes = ['closed', 'shared'] as const;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'wirebench-users-'));
      await chmod(folder, 0o755);
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    it.each(homes)('reads nothing and writes nothing of a host with a %s folder that was open before', async (kind) => {
      const home = join(folder, kind);
      mkdirSync(join(home, 'sessions'), { recursive: true });
      for (const path of [join(home, 'sessions'), home]) await chmod(path, 0o755);
      writeFileSync(join(home, 'settings.json'), '{}', { mode: 0o644 });
      if (kind === 'shared') writeFileSync(join(home, 'thesis.txt'), 'of somebody', { mode: 0o644 });

      const browser = join(folder, `browser-${kind}`);
      mkdirSync(browser);
      writeFileSync(join(browser, 'chromium'), '#!/bin/sh\necho "$$" > "$0.pid"\nkill -STOP "$$"\n', { mode: 0o755 });
      const umask = process.umask(0);
      host = await startHost(home, { PATH: browser, DISPLAY: ':0' }, true);
      process.umask(umask);
      const { port, hash } = new URL(host.address);
      token = hash.replace('#token=', '');
      const transport = connectTransport({ port: Number(port), token });
      try {
        answerOf(await createClient(transport).call('settings.set', { theme: 'dark' }));
        await vi.waitUntil(() => existsSync(join(browser, 'chromium.pid')), { timeout: 20_000, interval: 20 });
        const entries = readdirSync(home, { recursive: true, withFileTypes: true });
        expect(entries.filter(({ name }) => /\.(html|wirebench)$|^settings\.json$/.test(name))).toHaveLength(3);
        const paths = entries.map((entry) => [join(entry.parentPath, entry.name), entry.isDirectory()]);
        paths.push([home, true]);
        const found = JSON.parse(
          execFileSync('setpriv', [...asNobody, JSON.stringify(paths), String(host.child.pid), port], {
            encoding: 'utf8',
            // Programs that every user may run.
            env: { PATH: '/usr/bin:/bin' },
          }),
        ) as Found;
        const open = kind === 'shared' ? [join(home, 'thesis.txt'), home] : [];
        expect(found).toMatchObject({ user: nobody, read: open, written: [], environment: 'PermissionError' });
        expect(found.arguments).toContain('cli.js');
        expect(found.arguments).not.toContain(token);
        expect(found.answers).toEqual({
          token: 401,
          'guessed token': 401,
          upload: 401,
          download: 404,
          enter: 404,
          socket: 401,
          'guessed socket': 401,
        });
        expect(statSync(home).mode & 0o777).toBe(kind === 'shared' ? 0o755 : 0o700);
      } finally {
        transport.close();
        process.kill(Number(readFileSync(join(browser, 'chromium.pid'), 'utf8')), 'SIGKILL');
        await host.stop();
      }
    });
  },
);
