import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { saveFormats } from '#shared/export/export-formats.ts';
import { Cli, runCli } from '#support/cli.ts';
import { SessionFolder } from '#support/session.ts';

describe('log export', () => {
  test('writes a session of several TLS clients in every format', async () => {
    await using folder = new SessionFolder();
    const run = folder.file('run.wirebench');
    {
      const options = ['--framing', 'line', '--echo', '--record', run];
      await using server = new Cli(['listen', '0', '--tls', '--output', 'text', ...options], { home: folder.path });
      const target = `127.0.0.1:${await server.port()}`;
      for (const data of ['one', 'two', 'three']) {
        const sent = await runCli(['send', target, '--tls', '--insecure', '--framing', 'line', '--data', data]);
        expect(sent.stdout).toBe(`${data}\n`);
      }
      server.kill('SIGINT');
      expect((await server.end()).code).toBe(0);
    }
    for (const format of saveFormats) {
      const { code, stderr } = await runCli(['log', 'export', run, '--format', format, '-o', folder.file(format)]);
      expect({ format, code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('written to') });
    }
    const tar = spawn('tar', ['-xOf', folder.file('raw')], { stdio: ['ignore', 'pipe', 'inherit'] });
    const parts: Buffer[] = [];
    tar.stdout.on('data', (part: Buffer) => parts.push(part));
    await once(tar, 'close');
    // Of each connection what came in, then what went out.
    expect(String(Buffer.concat(parts))).toBe('one\none\ntwo\ntwo\nthree\nthree\n');
  });
});
