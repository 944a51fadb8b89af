import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Cli, jsonRecords, runCli } from '#support/cli.ts';
import { Peer } from '#support/peer.ts';
import { freePort } from '#support/raw-server.ts';
import { SessionFolder } from '#support/session.ts';

describe('over UDP', () => {
  test('listen says where it is bound and answers ncat; --once is the first datagram', async () => {
    await using cli = new Cli(['listen', '0', '--udp', '--reply', 'pong', '--once']);
    const first = await cli.line();
    expect(first).toMatch(/^bound to 127\.0\.0\.1:[1-9]\d*$/);
    await using peer = new Peer('socat', ['-t5', '-', `UDP:127.0.0.1:${first.split(':')[1]}`]);
    peer.write('ping\n');
    const { code, stdout } = await cli.end();
    expect(code).toBe(0);
    expect(stdout).toMatch(/→ in {3}5 B {2}ping␊/);
    expect(stdout).toMatch(/← out {2}4 B {2}pong/);
  });

  test('send gets what a Python socket answers, a datagram a line', async () => {
    const program = [
      'import socket',
      's = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("127.0.0.1", 0))',
      'print(s.getsockname()[1], flush=True)',
      'data, peer = s.recvfrom(65535)',
      'print(len(data), flush=True)',
      's.sendto(b"one", peer); s.sendto(b"two", peer)',
    ];
    await using server = new Peer('python3', ['-u', '-c', program.join('\n')]);
    const address = `127.0.0.1:${await server.line()}`;
    const { code, stdout } = await runCli(['send', address, '--udp', '--data', 'hello', '--expect', '2']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'one\ntwo\n' });
    expect(await server.line()).toBe('5');
  });

  test('send fails where nobody listens, as the system tells', async () => {
    const { code, stderr } = await runCli([
      'send',
      `127.0.0.1:${await freePort()}`,
      '--udp',
      '--data',
      'x',
      '--expect',
      '1',
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain('ECONNREFUSED');
  });

  test('records what carried it in JSON lines', async () => {
    await using cli = new Cli(['listen', '0', '--udp', '--echo', '--count', '1', '--json']);
    const port = await cli.port();
    expect((await runCli(['send', `udp://127.0.0.1:${port}`, '--data', 'x', '--expect', '1'])).stdout).toBe('x\n');
    const records = jsonRecords((await cli.end()).stdout);
    expect(records[0]).toMatchObject({ kind: 'bound', transport: 'udp' });
    expect(records.map(({ transport }) => transport)).toEqual(records.map(() => 'udp'));
  });
});

describe('over a local socket', () => {
  test('listen answers ncat', async () => {
    await using folder = new SessionFolder();
    await using cli = new Cli(['listen', '--unix', folder.file('a.sock'), '--framing', 'line', '--echo', '--once']);
    expect(await cli.line()).toBe(`listening on ${folder.file('a.sock')}`);
    await using peer = new Peer('ncat', ['-U', folder.file('a.sock')]);
    peer.write('one\n');
    expect(await peer.line()).toBe('one');
    peer.end();
    expect((await cli.end()).code).toBe(0);
  });

  test('send talks with socat, and says what is wrong with a path', async () => {
    await using folder = new SessionFolder();
    const path = folder.file('b.sock');
    await using server = new Cli(['listen', `unix:${path}`, '--output', 'text', '--reply', 'ok', '--once']);
    await server.line();
    await using through = new Peer('socat', [
      `UNIX-LISTEN:${folder.file('c.sock')},unlink-early`,
      `UNIX-CONNECT:${path}`,
    ]);
    // A look at the file, for the peer takes one connection only.
    await expect.poll(() => existsSync(folder.file('c.sock')), { timeout: 20_000, interval: 20 }).toBe(true);
    const { code, stdout } = await runCli(['send', folder.file('c.sock'), '--unix', '--data', 'x', '--expect', '1']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'ok\n' });
    expect(await through.exit()).toBe(0);
    const missing = await runCli(['send', `unix:${folder.file('none.sock')}`, '--data', 'x']);
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain('ENOENT');
  });
});
