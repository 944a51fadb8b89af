import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { Cli, jsonRecords, runCli } from '#support/cli.ts';
import { Peer, startPeer } from '#support/peer.ts';
import { freePort, untilListening } from '#support/raw-server.ts';
import { SessionFolder } from '#support/session.ts';

/** A certificate of itself for localhost, made by openssl: its file, its key's, its SHA-256. */
function makeCertificate(folder: SessionFolder, name = 'localhost') {
  const [cert, key] = [folder.file(`${name}.pem`), folder.file(`${name}.key`)];
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'],
    ...['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-out', cert, '-keyout', key],
  ]);
  if (made.status !== 0) throw new Error(String(made.stderr));
  const shown = spawnSync('openssl', ['x509', '-in', cert, '-noout', '-fingerprint', '-sha256']);
  return { cert, key, fingerprint: String(shown.stdout).trim().replace(/^.*=/, '') };
}

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
    expect(refused.stderr).toMatch(/^Could not connect to 127\.0\.0\.1:\d+\.\n {2}handshake answered /);
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

  test('listen has a certificate of its own for localhost, the same the next time', async () => {
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

describe('over WebSocket', () => {
  test('listen echoes text and binary to a browser’s client', async () => {
    await using cli = new Cli(['listen', 'ws://127.0.0.1:0/chat', '--echo', '--once']);
    const socket = new WebSocket(`ws://127.0.0.1:${await cli.port()}/chat`);
    socket.binaryType = 'arraybuffer';
    await once(socket, 'open');
    socket.send('hello');
    expect((await once(socket, 'message'))[0].data).toBe('hello');
    socket.send(Uint8Array.of(1, 255));
    expect([...new Uint8Array((await once(socket, 'message'))[0].data)]).toEqual([1, 255]);
    socket.close();
    const { code, stdout } = await cli.end();
    expect(code).toBe(0);
    expect(stdout).toMatch(/→ in {3}5 B {2}text {2}hello\n/);
    expect(stdout).toMatch(/→ in {3}2 B {2}binary {2}hex: 01 ff\n/);
  });

  test('send sends text or binary, with a path and a subprotocol, and prints the answers', async () => {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    try {
      await once(server, 'listening');
      server.on('connection', (socket, request) =>
        socket.on('message', (data, isBinary) => socket.send(`${request.url} ${socket.protocol} ${isBinary} ${data}`)),
      );
      const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/chat?room=1`;
      const text = await runCli(['send', url, '--data', 'a', '--subprotocol', 'mqtt', '--expect', '1']);
      expect(text).toMatchObject({ code: 0, stdout: '/chat?room=1 mqtt false a\n' });
      const binary = await runCli(['send', url, '--data', 'b', '--binary', '--repeat', '2', '--expect', '2', '--json']);
      expect(binary.code).toBe(0);
      const messages = jsonRecords(binary.stdout).filter(({ kind }) => kind === 'message');
      expect(messages.map(({ direction, opcode }) => `${direction} ${opcode}`).sort()).toEqual([
        'in text',
        'in text',
        'out binary',
        'out binary',
      ]);
      expect(messages.find(({ direction }) => direction === 'in')?.text).toBe('/chat?room=1  true b');
    } finally {
      for (const client of server.clients) client.terminate();
      server.close();
    }
  });

  test('inside TLS, both sides of ours agree', async () => {
    await using folder = new SessionFolder();
    const made = makeCertificate(folder);
    const own = ['--cert', made.cert, '--key', made.key];
    await using cli = new Cli(['listen', 'wss://127.0.0.1:0/', ...own, '--echo', '--once']);
    const url = `wss://127.0.0.1:${await cli.port()}/`;
    const { code, stdout, stderr } = await runCli([
      'send',
      url,
      '--trust',
      made.fingerprint,
      '--data',
      'hi',
      '--expect',
      '1',
    ]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'hi\n' });
    expect(stderr).toMatch(/^TLSv1\.3 with /);
    expect((await cli.end()).stdout).toContain('WebSocket handshake done');
  });
});

describe('the handshake of a WebSocket', () => {
  test('has the headers that --header and --origin name, and a ping gets its pong from Python', async () => {
    await using peer = await startPeer('ws_peer.py', 'server');
    const url = `ws://127.0.0.1:${await peer.line()}/`;
    const args = ['--header', 'Authorization: Bearer abc', '--header', 'X-A: 1', '--origin', 'https://example.org'];
    await using cli = new Cli(['send', url, ...args, '--ping', 'hi', '--keep-open', '--json']);
    expect(JSON.parse(await peer.line()).headers).toMatchObject({
      authorization: 'Bearer abc',
      'x-a': '1',
      origin: 'https://example.org',
    });
    peer.write('read\n');
    expect(await peer.line()).toBe('1 9 1 6869');
    peer.write('send 10 1 0 6869\n');
    const pong = JSON.parse(await cli.lineWith('"frame":"pong"'));
    expect(pong).toMatchObject({ kind: 'control', way: 'received', payload: '6869', text: 'received pong: hi' });
  });

  test('tells the pong on the error output, and then misses no reply', async () => {
    await using server = new Cli(['listen', 'ws://127.0.0.1:0/', '--once']);
    const url = `ws://127.0.0.1:${await server.port()}/`;
    const { code, stdout, stderr } = await runCli(['send', url, '--ping', '--wait', '500']);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: 'received pong\n' });
    const lines = (await server.end()).stdout;
    expect(lines).toMatch(/ received GET \/ HTTP\/1\.1 · .*Upgrade: websocket/);
    expect(lines).toMatch(/ received ping\n.* sent pong\n/);
  });

  test('that is refused is told with the body of the refusal', async () => {
    const server = createServer((_request, response) => response.writeHead(401).end('no \x1b[2Jtoken'));
    server.on('upgrade', (_request, socket) => {
      socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 12\r\n\r\nno \x1b[2Jtoken');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { code, stderr } = await runCli(['send', `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`]);
      expect(code).toBe(1);
      expect(stderr).toContain('body: no ␛[2Jtoken');
      expect(stderr).toContain('HTTP 401 Unauthorized');
    } finally {
      server.close();
    }
  });

  test.each([
    [['--header', 'X: a\r\nY: b'], 'A header must not contain a line end or NUL.'],
    [['--header', 'Upgrade: h2c'], 'Upgrade is set by the handshake.'],
    [['--origin', 'a\nb'], 'The origin must be like'],
    [['--ping', 'x'.repeat(126)], 'The payload of a ping must have at most 125 bytes.'],
  ])('is not made with %j', async (args, words) => {
    const { code, stderr } = await runCli(['send', 'ws://127.0.0.1:9/', ...args]);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });

  test('has no headers over TCP', async () => {
    const { code, stderr } = await runCli(['send', '127.0.0.1:9', '--header', 'X: 1']);
    expect(code).toBe(2);
    expect(stderr).toContain('is for WebSocket only');
  });
});
