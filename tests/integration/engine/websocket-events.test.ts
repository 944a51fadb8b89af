import { describe, expect, test } from 'vitest';
import type { EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import type { WsChanges } from '#support/config.ts';
import { clientConfig } from '#support/config.ts';
import { TestEngine } from '#support/engine.ts';
import { startPeer } from '#support/peer.ts';
import { rawServer } from '#support/websocket.ts';

const client = (ws: WsChanges = {}) => ({ transport: 'ws', ws }) as const;

function webSocketClient(config: EndpointConfig) {
  if (config.role !== 'client' || !('ws' in config)) throw new Error('not a WebSocket client');
  return config;
}

type Http = Extract<SocketEvent, { kind: 'http' }>;

function httpOf(bench: TestEngine, socket: number): Http[] {
  return bench.log.of(socket).flatMap(({ event }) => (event?.kind === 'http' ? [event] : []));
}

function controlsOf(bench: TestEngine, socket: number): string[] {
  return bench.log
    .of(socket)
    .flatMap(({ event }) => (event?.kind === 'control' ? [`${event.way} ${event.frame} ${event.payload}`] : []));
}

/** Waits until the socket has as many pings and pongs as `expected`, which they then are. */
async function untilControls(bench: TestEngine, socket: number, expected: readonly string[]): Promise<void> {
  await bench.log.until(() => controlsOf(bench, socket).length >= expected.length || undefined);
  expect(controlsOf(bench, socket)).toEqual(expected);
}

describe('The handshake of a WebSocket', () => {
  test('sends the headers and the origin that were chosen, and records those of both sides, at a Python server', async () => {
    await using bench = new TestEngine();
    await using peer = await startPeer('ws_peer.py', 'server');
    const port = Number(await peer.line());
    const headers = ['Authorization: Bearer abc', 'X-Two:  spaced  ', 'Cookie: a=1'];
    const view = await bench.connect(port, client({ path: '/chat', headers, origin: 'https://example.org' }));
    const shaken = JSON.parse(await peer.line());
    expect(shaken.request).toBe('GET /chat HTTP/1.1');
    expect(shaken.headers).toMatchObject({
      authorization: 'Bearer abc',
      'x-two': 'spaced',
      cookie: 'a=1',
      origin: 'https://example.org',
    });
    const [sent, received] = httpOf(bench, view.socket);
    expect(sent).toMatchObject({ way: 'sent' });
    expect(sent?.lines[0]).toBe('GET /chat HTTP/1.1');
    const shown = ['Authorization: •••• (10 characters)', 'X-Two: spaced', 'Cookie: •••• (3 characters)'];
    expect(sent?.lines).toEqual(expect.arrayContaining([...shown, 'Origin: https://example.org']));
    expect(received?.lines).toEqual(['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', ...rest(received)]);
    expect(bench.log.kinds(view.socket).slice(-3)).toEqual(['http', 'http', 'upgraded']);
  });

  test('keeps its secrets back: neither views nor records of either side have them, and they are sent again', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve({ transport: 'ws', ws: { path: '/chat' } });
    const headers = ['Authorization: Bearer s3cr3t-one', 'X-Shown: 1', 'Cookie: id=s3cr3t-two'];
    const view = await bench.connect(port, client({ path: '/chat?token=s3cr3t-three', headers }));
    await bench.joined();
    const marked = ['Authorization: •••• (17 characters)', 'X-Shown: 1', 'Cookie: •••• (13 characters)'];
    const shown = webSocketClient(view.config);
    expect(shown.ws).toMatchObject({ path: '/chat?token=•••• (12 characters)', headers: marked });

    await bench.engine.close(view.id);
    await bench.event(view.socket, 'closed');
    const edited = { ...shown, ws: { ...shown.ws, headers: [...marked, 'X-Added: 2'] } };
    expect(bench.engine.update(view.id, edited)).toMatchObject({ ok: true });
    expect(await bench.engine.open(view.id)).toMatchObject({ ok: true });
    expect(JSON.stringify([bench.log.records, bench.engine.snapshot()])).not.toContain('s3cr3t');
  });

  test('sends the secrets again when an endpoint that was read from its view is opened', async () => {
    await using bench = new TestEngine();
    await using first = await startPeer('ws_peer.py', 'server');
    const headers = ['Authorization: Bearer abc', 'X-Shown: 1'];
    const view = await bench.connect(Number(await first.line()), client({ path: '/chat?token=abc', headers }));
    await first.line();
    await bench.engine.close(view.id);
    await bench.event(view.socket, 'closed');
    await using second = await startPeer('ws_peer.py', 'server');
    const edited = { ...view.config, port: Number(await second.line()) };
    expect(bench.engine.update(view.id, edited)).toMatchObject({ ok: true });
    expect(await bench.engine.open(view.id)).toMatchObject({ ok: true });
    const shaken = JSON.parse(await second.line());
    expect(shaken.request).toBe('GET /chat?token=abc HTTP/1.1');
    expect(shaken.headers).toMatchObject({ authorization: 'Bearer abc', 'x-shown': '1' });
  });

  test('is not begun where a mark stands for a secret that nobody knows', async () => {
    await using bench = new TestEngine();
    const view = bench.engine.create(clientConfig(client({ headers: ['Authorization: abc'] })));
    const renamed = clientConfig(client({ headers: ['X-Shown: •••• (3 characters)'] }));
    expect(bench.engine.update(view.id, renamed)).toMatchObject({
      ok: false,
      error: { code: 'bad-input', message: 'The value of X-Shown is not known' },
    });
  });

  test('has its request and its answer recorded by a server, too', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve({ transport: 'ws' });
    await using peer = await startPeer('ws_peer.py', 'client', String(port), '/');
    await peer.line();
    const [received, sent] = httpOf(bench, await bench.joined());
    expect(received).toMatchObject({ way: 'received' });
    expect(received?.lines.slice(0, 2)).toEqual(['GET / HTTP/1.1', `Host: 127.0.0.1:${port}`]);
    expect(sent?.way).toBe('sent');
    expect(sent?.lines[0]).toBe('HTTP/1.1 101 Switching Protocols');
  });

  test.each([
    ['as text', Buffer.from('{"error":"no token"}'), { body: '{"error":"no token"}' }],
    ['in hex', Buffer.from([0xff, 0xfe]), { body: 'hex: ff fe' }],
    ['up to a cap', Buffer.alloc(100_000, 'é'), { body: 'é'.repeat(8_192), more: true }],
  ])('that is refused has the answer’s body recorded %s', async (_how, body, expected) => {
    await using bench = new TestEngine();
    const head = `HTTP/1.1 403 Forbidden\r\nX-Why: token\r\nContent-Length: ${body.length}\r\n\r\n`;
    await using server = await rawServer((socket) =>
      socket.once('data', () => socket.write(Buffer.concat([Buffer.from(head), body]))),
    );
    const { id } = bench.engine.create(clientConfig({ ...client(), port: server.port }));
    const opened = await bench.engine.open(id);
    expect(opened).toMatchObject({ ok: false, error: { system: expect.stringContaining('HTTP 403 Forbidden') } });
    const answer = httpOf(bench, 1).at(-1);
    expect(answer).toEqual({
      kind: 'http',
      way: 'received',
      lines: ['HTTP/1.1 403 Forbidden', 'X-Why: token', `Content-Length: ${body.length}`],
      ...expected,
    });
  });

  test('that a server refuses has the request and the refusal recorded', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve({ transport: 'ws', ws: { path: '/feed' } });
    await using peer = await startPeer('ws_peer.py', 'client', String(port), '/other');
    await peer.line();
    const socket = await bench.accepted();
    await bench.event(socket, 'closed');
    const [received, sent] = httpOf(bench, socket);
    expect(received?.lines[0]).toBe('GET /other HTTP/1.1');
    expect(sent?.lines[0]).toBe('HTTP/1.1 404 Not Found');
  });
});

function rest(event: Http | undefined): readonly string[] {
  return event?.lines.slice(2) ?? [];
}

describe('Pings and pongs', () => {
  test('of a Python peer are recorded, with the pong that answers', async () => {
    await using bench = new TestEngine();
    await using peer = await startPeer('ws_peer.py', 'server');
    const view = await bench.connect(Number(await peer.line()), client());
    await peer.line();
    peer.write('send 9 1 0 6869\nread\n');
    expect(await peer.line()).toBe('1 10 1 6869');
    await untilControls(bench, view.socket, ['received ping 6869', 'sent pong 6869']);
    peer.write('send 10 1 0\n');
    await untilControls(bench, view.socket, ['received ping 6869', 'sent pong 6869', 'received pong ']);
    expect(bench.log.of(view.socket).filter(({ kind }) => kind === 'in' || kind === 'out')).toEqual([]);
  });

  test('are sent by a client and by a server', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve({ transport: 'ws' });
    const view = await bench.connect(port, client());
    const accepted = await bench.joined();
    expect(bench.engine.ping(view.socket, Buffer.from('hi'))).toEqual({ ok: true, value: {} });
    await untilControls(bench, view.socket, ['sent ping 6869', 'received pong 6869']);
    await untilControls(bench, accepted, ['received ping 6869', 'sent pong 6869']);
    expect(bench.engine.ping(accepted, Buffer.alloc(125, 1)).ok).toBe(true);
    await untilControls(bench, accepted, [
      'received ping 6869',
      'sent pong 6869',
      `sent ping ${'01'.repeat(125)}`,
      `received pong ${'01'.repeat(125)}`,
    ]);
  });

  test('are refused where there are none, and where the connection is closed', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve();
    const { socket } = await bench.connect(port);
    expect(bench.engine.ping(socket, new Uint8Array(0))).toMatchObject({ ok: false, error: { code: 'unsupported' } });
    bench.engine.closeSocket(socket);
    await bench.event(socket, 'closed');
    expect(bench.engine.ping(socket, new Uint8Array(0))).toMatchObject({ ok: false, error: { code: 'wrong-state' } });
  });
});
