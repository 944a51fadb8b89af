import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { Cli, jsonRecords, runCli } from '#support/cli.ts';
import { startPeer } from '#support/peer.ts';
import { makeCertificate } from '#support/self-signed.ts';
import { SessionFolder } from '#support/session.ts';

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

  test('that is refused is reported with the body of the refusal', async () => {
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
