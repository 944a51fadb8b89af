import { describe, expect, test } from 'vitest';
import { Cli, jsonRecords, runCli } from '#support/cli.ts';
import { Peer } from '#support/peer.ts';
import { freePort, untilListening } from '#support/raw-server.ts';
import { makeCertificate } from '#support/self-signed.ts';
import { SessionFolder } from '#support/session.ts';

/** openssl's server, which answers each line backwards. */
async function reversingServer({ cert, key }: { cert: string; key: string }, ...more: string[]) {
  const port = await freePort();
  const args = ['s_server', '-accept', `127.0.0.1:${port}`, '-cert', cert, '-key', key, '-rev', '-quiet', ...more];
  const peer = new Peer('openssl', args);
  await untilListening(port);
  return { peer, address: `127.0.0.1:${port}` };
}

describe('over TLS', () => {
  test('send checks the server’s certificate, says how to trust it, and then talks', async () => {
    await using folder = new SessionFolder();
    const made = makeCertificate(folder);
    const server = await reversingServer(made);
    await using _peer = server.peer;
    const args = ['send', server.address, '--tls', '--framing', 'line', '--data', 'abc', '--expect', '1'];
    const refused = await runCli(args);
    expect({ code: refused.code, stdout: refused.stdout }).toEqual({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^Could not connect to 127\.0\.0\.1:\d+\.\n {2}handshake: /);
    expect(refused.stderr).toContain(`--trust ${made.fingerprint}\n`);
    for (const trusting of [['--trust', made.fingerprint], ['--ca', made.cert], ['--insecure']]) {
      const { code, stdout, stderr } = await runCli([...args, ...trusting]);
      expect({ code, stdout }).toEqual({ code: 0, stdout: 'cba\n' });
      expect(stderr).toMatch(/^TLSv1\.3 with \S+, peer CN=localhost: .+\n$/);
    }
    const older = await runCli([...args, '--insecure', '--tls-max', '1.2', '--json']);
    expect(jsonRecords(older.stdout).find(({ kind }) => kind === 'secured')).toMatchObject({
      transport: 'tls',
      protocol: 'TLSv1.2',
      chain: [expect.objectContaining({ subject: expect.stringContaining('localhost') })],
    });
  });

  test('listen has a self-signed certificate for localhost, the same the next time', async () => {
    await using folder = new SessionFolder();
    const fingerprints: string[] = [];
    for (let run = 0; run < 2; run += 1) {
      await using cli = new Cli(['listen', '0', '--tls', '--output', 'text', '--echo', '--once'], {
        home: folder.path,
      });
      const port = await cli.port();
      const { code, stdout } = await runCli([
        'send',
        `127.0.0.1:${port}`,
        '--tls',
        '--insecure',
        '--data',
        'x',
        '--json',
      ]);
      expect(code).toBe(0);
      const secured = jsonRecords(stdout).find(({ kind }) => kind === 'secured');
      fingerprints.push(JSON.stringify(secured?.chain));
      expect(await cli.lineWith('TLSv1.3')).toContain('TLSv1.3 with');
      expect((await cli.end()).code).toBe(0);
    }
    expect(fingerprints[0]).toContain('fingerprint');
    expect(fingerprints[1]).toBe(fingerprints[0]);
  });

  test('listen asks for client certificates, agrees on a protocol, and talks with openssl', async () => {
    await using folder = new SessionFolder();
    const own = makeCertificate(folder);
    const client = makeCertificate(folder, 'client');
    const certificates = ['--cert', own.cert, '--key', own.key, '--client-cert', 'require', '--ca', client.cert];
    await using cli = new Cli([
      'listen',
      '0',
      '--tls',
      ...certificates,
      '--alpn',
      'one,two',
      '--framing',
      'line',
      '--echo',
    ]);
    const port = await cli.port();
    const connect = ['s_client', '-connect', `127.0.0.1:${port}`, '-quiet', '-alpn', 'two', '-CAfile', own.cert];
    await using peer = new Peer('openssl', [...connect, '-cert', client.cert, '-key', client.key]);
    peer.write('hello\n');
    expect(await peer.line()).toBe('hello');
    expect(await cli.lineWith('ALPN two')).toContain('peer CN=client');
    const without = await runCli(['send', `127.0.0.1:${port}`, '--tls', '--ca', own.cert, '--data', 'x']);
    expect(without.code).toBe(1);
    const both = ['--cert', client.cert, '--key', client.key, '--framing', 'line', '--expect', '1'];
    const withOne = await runCli(['send', `127.0.0.1:${port}`, '--tls', '--ca', own.cert, '--data', 'x', ...both]);
    expect({ code: withOne.code, stdout: withOne.stdout }).toEqual({ code: 0, stdout: 'x\n' });
  });
});
