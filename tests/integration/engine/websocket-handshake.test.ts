import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { WsChanges } from '#support/config.ts';
import { connectWebSocket, makePem, plainSecurity, rawServer, WebSocketListener, written } from '#support/websocket.ts';

const run = promisify(execFile);
const ws: WsChanges = { path: '/', protocols: [], headers: [], origin: '', send: 'auto' };

/** A server that waits for the request's end and then sends `answer`. */
function answering(answer: string | Buffer) {
  return rawServer((socket) => {
    let request = '';
    socket.on('data', (chunk) => {
      request += String(chunk);
      if (request.endsWith('\r\n\r\n')) socket.end(answer);
    });
  });
}

describe('a client’s handshake fails, and says why,', () => {
  const failed = (errno: string, text: string) => ({ call: 'handshake', errno, text: expect.stringContaining(text) });
  const switching = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n';

  test.each([
    [
      'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n',
      'ERR_HTTP_STATUS',
      'the server answered HTTP 404 Not Found',
    ],
    [
      'HTTP/1.1 302 Found\r\nLocation: ws://elsewhere/\r\n\r\n',
      'ERR_HTTP_STATUS',
      '302 Found, and redirects to ws://elsewhere/',
    ],
    ['SSH-2.0-OpenSSH_9.6\r\n', 'HPE_INVALID_CONSTANT', ': “SSH-2.0-OpenSSH_9.6␍␊”'],
    [Buffer.from([0x15, 3, 1, 0, 2, 2, 70]), 'HPE_INVALID_CONSTANT', 'the server speaks TLS'],
    [
      `${switching}Sec-WebSocket-Accept: bm9uc2Vuc2U=\r\n\r\n`,
      'WS_ERR_HANDSHAKE',
      'Invalid Sec-WebSocket-Accept header',
    ],
    [`${switching}X: ${'x'.repeat(17_000)}\r\n\r\n`, 'HPE_HEADER_OVERFLOW', 'more than 16384 bytes of HTTP headers'],
    ['', 'ECONNRESET', 'the peer closed the connection during the WebSocket handshake'],
    ['HTTP/1.1 101 Swit', 'ECONNRESET', 'the peer closed the connection during the WebSocket handshake'],
  ])('where the server answers %j', async (answer, errno, text) => {
    await using server = await answering(answer);
    await using client = await connectWebSocket(server.port);
    expect(client.outcome).toMatchObject(failed(errno, text));
  });

  test('where the server agrees on none of the subprotocols', async () => {
    await using listener = await WebSocketListener.start({ ws: { ...ws, protocols: ['a'] } });
    await using client = await connectWebSocket(listener.port, { ws: { ...ws, protocols: ['b'] } });
    expect(client.outcome).toEqual(failed('WS_ERR_SUBPROTOCOL', 'Server sent no subprotocol'));
  });

  test.each([
    ['none was offered', [], 'Server sent a subprotocol but none was requested'],
    ['another one was offered', ['b'], 'Server sent an invalid subprotocol'],
  ])('where the server selects a subprotocol and %s', async (_what, protocols, text) => {
    await using server = await rawServer((socket) => {
      socket.once('data', (request) => {
        const key = /^Sec-WebSocket-Key: (.*)\r$/im.exec(String(request))?.[1];
        const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
        socket.end(`${switching}Sec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: a\r\n\r\n`);
      });
    });
    await using client = await connectWebSocket(server.port, { ws: { ...ws, protocols } });
    expect(client.outcome).toEqual(failed('WS_ERR_SUBPROTOCOL', text));
  });

  test('where the connection is ended before it begins', async () => {
    await using server = await rawServer((socket) => socket.end());
    await using client = await connectWebSocket(server.port);
    expect(client.outcome).toMatchObject({ call: 'handshake', errno: 'ECONNRESET' });
  });

  test('where the path is not a path of a URL', async () => {
    await using server = await rawServer(() => {});
    await using client = await connectWebSocket(server.port, { ws: { ...ws, path: '/a#b' } });
    expect(client.outcome).toEqual(failed('ERR_INVALID_URL', 'fragment identifier'));
  });

  test('where the server says nothing for too long', async () => {
    await using server = await rawServer((socket) => socket.resume());
    await using client = await connectWebSocket(server.port, {}, { timeoutMs: 100 });
    expect(client.outcome).toEqual(failed('ETIMEDOUT', 'not complete within 100 ms'));
  });

  test('where the server’s headers come byte by byte and never end', async () => {
    await using server = await rawServer((socket) => drip(socket, `${switching}X: `));
    await using client = await connectWebSocket(server.port, {}, { timeoutMs: 300 });
    expect(client.outcome).toMatchObject({ errno: 'ETIMEDOUT' });
  });

  test('where it is called off', async () => {
    const controller = new AbortController();
    await using server = await rawServer((socket) => {
      socket.resume();
      controller.abort();
    });
    await using client = await connectWebSocket(server.port, {}, { signal: controller.signal });
    expect(client.outcome).toEqual({ call: 'handshake', errno: 'ECANCELED' });
  });
});

describe('a server', () => {
  test('switches protocols for curl', async () => {
    await using listener = await WebSocketListener.start({ ws: { ...ws, path: '/chat' } });
    const key = ['-H', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', '-H', 'Sec-WebSocket-Version: 13'];
    const upgrade = ['-H', 'Connection: Upgrade', '-H', 'Upgrade: websocket', ...key];
    const url = `http://127.0.0.1:${listener.port}/chat?x=1`;
    const asking = run('curl', ['-sS', '-i', '-N', '--http1.1', ...upgrade, url], { encoding: 'buffer' });
    const { outcome, stream } = await listener.accepted();
    expect(outcome).toMatchObject([{ kind: 'upgraded', url: `ws://127.0.0.1:${listener.port}/chat?x=1` }]);
    await written(stream, Buffer.from('hi'));
    stream.destroy();
    const { stdout } = await asking;
    const [head, frame] = split(stdout);
    // The key is that of RFC 6455, section 1.3, and so is the answer to it.
    expect(head).toContain('HTTP/1.1 101 Switching Protocols');
    expect(head).toContain('Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
    expect(head).not.toContain('Sec-WebSocket-Extensions');
    expect(frame).toEqual(Buffer.from([0x81, 2, 0x68, 0x69]));
  });

  test('answers curl’s plain request that an upgrade is required', async () => {
    await using listener = await WebSocketListener.start();
    const { stdout } = await run('curl', ['-sS', '-i', `http://127.0.0.1:${listener.port}/index.html`]);
    expect(stdout).toContain('HTTP/1.1 426 Upgrade Required');
    expect(stdout).toMatch(/^Upgrade: websocket\r$/m);
    expect(stdout).toContain('This is a WebSocket server');
    const text = 'answered HTTP 426 Upgrade Required: GET /index.html does not request an upgrade';
    expect((await listener.accepted()).outcome).toEqual({ call: 'handshake', errno: 'ERR_HTTP_STATUS', text });
  });

  test('answers another path with 404, and our client says so', async () => {
    await using listener = await WebSocketListener.start({ ws: { ...ws, path: '/chat' } });
    await using client = await connectWebSocket(listener.port, { ws: { ...ws, path: '/chatter' } });
    expect(client.outcome).toMatchObject({
      errno: 'ERR_HTTP_STATUS',
      text: 'the server answered HTTP 404 Not Found',
      status: 404,
    });
    const text = 'answered HTTP 404 Not Found: the client requested /chatter, but this server’s path is /chat';
    expect((await listener.accepted()).outcome).toEqual({ call: 'handshake', errno: 'ERR_HTTP_STATUS', text });
  });

  test.each(['/a b?x=1', '/a%20b', '/x/../a%20b?y=2'])('takes %j for its path “/a b”', async (path) => {
    await using listener = await WebSocketListener.start({ ws: { ...ws, path: '/a b?z' } });
    await using client = await connectWebSocket(listener.port, { ws: { ...ws, path } });
    expect(client.outcome).toMatchObject([{ kind: 'upgraded' }]);
  });

  const upgrade =
    'Host: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
  const hello = Buffer.from('16030100050100000100', 'hex');
  test.each([
    [
      'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n',
      '400',
      'ERR_HTTP_STATUS',
      'Invalid Upgrade header',
    ],
    [`GET / HTTP/1.1\r\n${upgrade}Sec-WebSocket-Version: 7\r\n\r\n`, '400', 'ERR_HTTP_STATUS', 'Sec-WebSocket-Version'],
    [`POST / HTTP/1.1\r\n${upgrade}Sec-WebSocket-Version: 13\r\n\r\n`, '405', 'ERR_HTTP_STATUS', 'Invalid HTTP method'],
    ['GET / HTTP/1.1\r\nConnection: close\r\n\r\n', '426', 'ERR_HTTP_STATUS', 'does not request an upgrade'],
    ['PUT /x HTTP/1.1\r\nHost: x\r\nExpect: wonders\r\nContent-Length: 9\r\n\r\n', '426', 'ERR_HTTP_STATUS', 'PUT /x'],
    [
      'PUT /x HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n',
      '426',
      'ERR_HTTP_STATUS',
      'PUT /x',
    ],
    ['CONNECT example.org:443 HTTP/1.1\r\nHost: x\r\n\r\n', '405', 'ERR_HTTP_STATUS', 'this server is not a proxy'],
    ['hello, is anybody there?\r\n', '400', 'HPE_INVALID_METHOD', 'not HTTP (Invalid method encountered): “hello, is'],
    [hello, '400', 'HPE_INVALID_METHOD', 'the client speaks TLS'],
    [`GET / HTTP/1.1\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`, '431', 'HPE_HEADER_OVERFLOW', 'more than 16384 bytes'],
  ])('refuses %j with %s', async (request, status, errno, text) => {
    await using listener = await WebSocketListener.start();
    const socket = net.connect(listener.port, '127.0.0.1');
    socket.write(request);
    const answer = await allOf(socket);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect((await listener.accepted()).outcome).toEqual({
      call: 'handshake',
      errno,
      text: expect.stringContaining(text),
    });
  });

  test('reads the messages that come in one piece with the request, once it is attached to', async () => {
    await using listener = await WebSocketListener.start();
    const socket = net.connect(listener.port, '127.0.0.1').resume();
    const frames = Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69, 0x82, 0x80, 1, 2, 3, 4]);
    const request = `GET http://example.org/?a HTTP/1.1\r\n${upgrade}Sec-WebSocket-Version: 13\r\n\r\n`;
    socket.end(Buffer.concat([Buffer.from(request), frames]));
    const { outcome, log } = await listener.accepted();
    expect(outcome).toMatchObject([{ url: 'http://example.org/?a' }]);
    expect((await log.received(2)).map(({ bytes }) => String(bytes))).toEqual(['hi', '']);
    expect(await log.end()).toEqual([{ kind: 'ended' }, { kind: 'closed', text: 'no closing handshake (1006)' }]);
  });

  test('is not delayed by a client that sends one byte at a time', async () => {
    await using listener = await WebSocketListener.start({}, { timeoutMs: 300 });
    const socket = net.connect(listener.port, '127.0.0.1');
    drip(socket, `GET / HTTP/1.1\r\n${upgrade}X: `);
    expect((await listener.accepted()).outcome).toMatchObject({ call: 'handshake', errno: 'ETIMEDOUT' });
    // It may also hear of a reset, as it continues to write.
    await new Promise((resolve) => socket.once('close', resolve));
  });

  test.each([
    ['says nothing and leaves', (socket: net.Socket) => socket.end()],
    ['leaves inside its headers', (socket: net.Socket) => socket.end('GET / HT')],
    ['resets', (socket: net.Socket) => socket.resetAndDestroy()],
  ])('reports that a client %s', async (_what, leave) => {
    await using listener = await WebSocketListener.start();
    const socket = net.connect(listener.port, '127.0.0.1', () => leave(socket));
    socket.resume();
    expect((await listener.accepted()).outcome).toMatchObject({ call: 'handshake', errno: 'ECONNRESET' });
  });

  test('lets its owner end a connection during the handshake', async () => {
    await using listener = await WebSocketListener.start();
    const socket = net.connect(listener.port, '127.0.0.1').resume();
    await once(socket, 'connect');
    await listener.begun();
    listener.destroyAll();
    expect((await listener.accepted()).outcome).toEqual({ call: 'handshake', errno: 'ECANCELED' });
  });
});

describe('over TLS', () => {
  const pem = makePem();

  test('a failure of TLS comes before any WebSocket handshake', async () => {
    await using listener = await WebSocketListener.start({}, { security: plainSecurity(pem) });
    const socket = net.connect(listener.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    expect((await listener.accepted()).outcome).toMatchObject({ call: 'handshake' });
    socket.destroy();
  });

  test('a plain request is answered inside TLS', async () => {
    await using listener = await WebSocketListener.start({}, { security: plainSecurity(pem) });
    const socket = tls.connect({ port: listener.port, host: '127.0.0.1', rejectUnauthorized: false });
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(await allOf(socket)).toMatch(/^HTTP\/1\.1 426 /);
  });

  test('a server that cannot prepare does not listen', async () => {
    const unprepared = { call: 'listen', errno: 'ENOENT' } as const;
    const security = { ...plainSecurity(pem), prepare: async () => unprepared };
    await expect(WebSocketListener.start({}, { security })).rejects.toThrow('listen ENOENT');
  });
});

/** Sends `start`, then a byte whenever a timer says so, until the connection ends. */
function drip(socket: net.Socket, start: string): void {
  socket.on('error', () => {});
  socket.resume();
  let sent = 0;
  const timer = setInterval(() => socket.write(start[sent++] ?? 'x'), 5);
  socket.on('close', () => clearInterval(timer));
}

async function allOf(socket: net.Socket): Promise<string> {
  let all = '';
  for await (const chunk of socket) all += String(chunk);
  return all;
}

function split(answer: Buffer): [string, Buffer] {
  const at = answer.indexOf('\r\n\r\n') + 4;
  return [String(answer.subarray(0, at)), answer.subarray(at)];
}
