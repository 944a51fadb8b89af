import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import net from 'node:net';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { StreamSocket } from '#engine/drivers/driver.ts';
import type { WebSocketSecurity } from '#engine/drivers/websocket/websocket-driver.ts';
import { messageFlags } from '#shared/message/flags.ts';
import { cases } from '#support/cases.ts';
import { serverLimits, type WsChanges } from '#support/config.ts';
import {
  connectWebSocket,
  makePem,
  type OpenStream,
  plainSecurity,
  WebSocketListener,
  written,
} from '#support/websocket.ts';

const text = messageFlags.text;
const ws: WsChanges = { path: '/', protocols: [], headers: [], origin: '', send: 'auto' };

/** A listening driver and a connected one, both open. */
async function pair(security?: WebSocketSecurity, config: object = {}) {
  const with_ = security ? { security } : {};
  const listener = await WebSocketListener.start(config, with_);
  const client = await connectWebSocket(listener.port, config, with_);
  const server = await listener.accepted();
  return {
    client,
    server,
    listener,
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      await listener[Symbol.asyncDispose]();
    },
  };
}

const pem = makePem();
const layers = [
  ['ws', undefined],
  ['wss', plainSecurity(pem)],
] as const;

describe.each(layers)('two drivers over %s', (scheme, security) => {
  test('agree, and each reports for which URL', async () => {
    await using both = await pair(security, { ws: { ...ws, path: '/chat?room=1' } });
    const url = `${scheme}://127.0.0.1:${both.listener.port}/chat?room=1`;
    const upgraded = { kind: 'upgraded', url, protocol: '', elapsedMs: expect.any(Number) };
    const secured = { kind: 'secured', handshake: 'WebSocket' };
    for (const { outcome, stream } of [both.client, both.server]) {
      expect(outcome).toMatchObject(security ? [secured, upgraded] : [upgraded]);
      expect(stream.handshake).toBe(security ? 'TLS' : 'WebSocket');
    }
    expect(both.server.stream.peer).toEqual(both.client.stream.local);
  });

  test('carry messages of both types, and empty ones, whole and in order', async () => {
    await using both = await pair(security);
    const sent = [Buffer.from('héllo'), Buffer.alloc(0), Buffer.from([0xff, 0, 0x80]), Buffer.from('end')];
    for (const [from, to] of directions(both)) {
      for (const message of sent) expect(await written(from.stream, message)).toBe(true);
      const got = await to.log.received(sent.length);
      expect(got.map(({ bytes }) => bytes)).toEqual(sent);
      expect(got.map(({ flags }) => flags)).toEqual([text, text, 0, text]);
    }
  });

  test('carry 5 MB byte for byte both ways, and leave what was sent as it was', async () => {
    await using both = await pair(security);
    for (const [from, to] of directions(both)) {
      const message = randomBytes(5_000_000);
      const digest = sha256(message);
      expect(await written(from.stream, message)).toBe(true);
      const [got] = await to.log.received(1);
      expect(sha256(got?.bytes ?? Buffer.alloc(0))).toBe(digest);
      expect(sha256(message)).toBe(digest);
    }
  });

  test.each(['client', 'server'] as const)('an orderly close by the %s is a closing handshake', async (side) => {
    await using both = await pair(security);
    const [closing, other] = side === 'client' ? [both.client, both.server] : [both.server, both.client];
    closing.stream.close();
    const text = 'code 1000 normal closure';
    expect(await closing.log.end()).toEqual([{ kind: 'closed', text }]);
    expect(await other.log.end()).toEqual([{ kind: 'ended' }, { kind: 'closed', text }]);
  });

  test.each(['client', 'server'] as const)('a reset by the %s ends both immediately', async (side) => {
    await using both = await pair(security);
    const [resetting, other] = side === 'client' ? [both.client, both.server] : [both.server, both.client];
    resetting.stream.reset();
    expect(await resetting.log.end()).toEqual([{ kind: 'closed', text: undefined }]);
    expect(await other.log.end()).toMatchObject([
      { kind: 'failed', failure: { call: 'recv', errno: 'ECONNRESET' } },
      { kind: 'closed' },
    ]);
  });

  test('a side that is destroyed leaves no closing handshake', async () => {
    await using both = await pair(security);
    both.client.stream.destroy();
    expect(await both.client.log.end()).toEqual([{ kind: 'closed', text: undefined }]);
    expect(await both.server.log.end()).toEqual([
      { kind: 'ended' },
      { kind: 'closed', text: 'no closing handshake (1006)' },
    ]);
    expect(await written(both.server.stream, Buffer.from('late'))).toBe(false);
  });

  test('200 concurrent connections each get their own messages back', async () => {
    await using listener = await WebSocketListener.start({}, security ? { security } : {});
    const all = Array.from({ length: 200 }, async (_, index) => {
      await using client = await connectWebSocket(listener.port, {}, security ? { security } : {});
      const server = await listener.accepted(index);
      await written(server.stream, Buffer.from(`to ${server.stream.peer.port}`));
      const [got] = await client.log.received(1);
      expect(String(got?.bytes)).toBe(`to ${client.stream.local.port}`);
      client.stream.close();
      expect((await client.log.end()).map(({ kind }) => kind)).toEqual(['closed']);
    });
    await Promise.all(all);
  });
});

describe('what is sent', () => {
  test('goes as the type that is configured', async () => {
    await using listener = await WebSocketListener.start();
    await using binary = await connectWebSocket(listener.port, { ws: { ...ws, send: 'binary' } });
    const first = await listener.accepted(0);
    await using words = await connectWebSocket(listener.port, { ws: { ...ws, send: 'text' } });
    const second = await listener.accepted(1);
    expect(binary.stream.flagsOf?.(Buffer.from('a'))).toBe(0);
    expect(words.stream.flagsOf?.(Buffer.from('a'))).toBe(text);
    await written(binary.stream, Buffer.from('a'));
    await written(words.stream, Buffer.from('a'));
    expect((await first.log.received(1))[0]?.flags).toBe(0);
    expect((await second.log.received(1))[0]?.flags).toBe(text);
  });

  test('is refused where it is to be text and is not UTF-8, and the connection continues', async () => {
    await using listener = await WebSocketListener.start();
    await using client = await connectWebSocket(listener.port, { ws: { ...ws, send: 'text' } });
    expect(await written(client.stream, Buffer.from([0xc3]))).toBe(false);
    const limited = await client.log.first('limited');
    expect(limited).toMatchObject({
      limit: 'send',
      text: expect.stringContaining('a message of 1 bytes was not sent'),
    });
    expect(await written(client.stream, Buffer.from('ö'))).toBe(true);
    const server = await listener.accepted();
    expect(String((await server.log.received(1))[0]?.bytes)).toBe('ö');
  });

  test('is reported as sent only when the peer’s side takes it, and waits while that does not read', async () => {
    await using both = await pair();
    both.server.stream.pause();
    const message = randomBytes(1_000_000);
    let taken = 0;
    const sends = Array.from({ length: 40 }, async () => {
      await written(both.client.stream, message);
      taken += 1;
    });
    // What the kernel's buffers hold passes; while others talk, the rest waits.
    await using others = await pair();
    for (let round = 1; round <= 50; round += 1) {
      await written(others.client.stream, message.subarray(0, 100));
      await others.server.log.received(round);
    }
    expect(taken).toBeLessThan(40);
    expect(both.server.log.messages.length).toBeLessThan(40);
    both.server.stream.resume();
    await Promise.all(sends);
    const got = await both.server.log.received(40);
    expect(got.every(({ bytes }) => bytes.equals(message))).toBe(true);
  });
});

describe('against the library used alone', () => {
  test('a client of it talks to our server', async () => {
    await using listener = await WebSocketListener.start({ ws: { ...ws, path: '/feed', protocols: ['v2', 'v1'] } });
    const socket = new WebSocket(`ws://127.0.0.1:${listener.port}/feed?x=1`, ['v1', 'v2']);
    await once(socket, 'open');
    expect(socket.protocol).toBe('v2');
    expect(socket.extensions).toBe('');
    const { stream, log, outcome } = await listener.accepted();
    expect(outcome).toMatchObject([{ url: `ws://127.0.0.1:${listener.port}/feed?x=1`, protocol: 'v2' }]);
    socket.send('text');
    socket.send(Buffer.from('bytes'));
    expect((await log.received(2)).map(({ flags }) => flags)).toEqual([text, 0]);
    const back = once(socket, 'message');
    await written(stream, Buffer.from('{"a":1}'));
    const [data, isBinary] = await back;
    expect([String(data), isBinary]).toEqual(['{"a":1}', false]);
    const closed = once(socket, 'close');
    socket.close(1001, 'off I go');
    expect(await log.end()).toEqual([{ kind: 'ended' }, { kind: 'closed', text: 'code 1001 going away: off I go' }]);
    expect((await closed)[0]).toBe(1001);
  });

  test('our client talks to a server of it', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: true });
    afterAll(() => server.close());
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const connected = once(server, 'connection');
    await using client = await connectWebSocket(port, { ws: { ...ws, path: '/a?b=c', protocols: ['chat', 'chat'] } });
    const [socket, request] = (await connected) as [WebSocket, IncomingMessage];
    expect(request.url).toBe('/a?b=c');
    expect(request.headers).toMatchObject({ host: `127.0.0.1:${port}`, 'sec-websocket-protocol': 'chat' });
    expect(request.headers.origin).toBeUndefined();
    expect(request.headers['sec-websocket-extensions']).toBeUndefined();
    socket.on('message', (data, binary) => socket.send(data, { binary }));
    await written(client.stream, Buffer.from('ping me'));
    const pong = once(socket, 'pong');
    socket.ping('x');
    await pong;
    expect(String((await client.log.received(1))[0]?.bytes)).toBe('ping me');
    socket.close(4000, 'enough');
    expect(await client.log.end()).toEqual([{ kind: 'ended' }, { kind: 'closed', text: 'code 4000: enough' }]);
  });
});

test('with any bytes after the handshake, there is one end and nothing after it', async () => {
  await using listener = await WebSocketListener.start({ limits: { ...serverLimits, maxMessage: 1_024 } });
  const request = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n';
  const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n';
  // Half of them begin as a masked frame of some type does.
  const garbage = fc.tuple(
    fc.option(fc.constantFrom(0x01, 0x81, 0x82, 0x88, 0x89, 0x80)),
    fc.uint8Array({ maxLength: 300 }),
  );
  let count = 0;
  const ends = async ([opcode, bytes]: [number | null, Uint8Array]) => {
    const socket = net.connect(listener.port, '127.0.0.1').resume();
    socket.on('error', () => {});
    const head = opcode === null ? [] : [opcode, 0x80 | (bytes.length % 127)];
    socket.end(Buffer.concat([Buffer.from(request + key), Buffer.from(head), bytes]));
    const { log, outcome } = await listener.accepted(count++);
    expect(outcome).toMatchObject([{ kind: 'upgraded' }]);
    await log.end();
    expect(log.kinds.filter((kind) => kind === 'closed')).toHaveLength(1);
    expect(log.kinds.at(-1)).toBe('closed');
  };
  await fc.assert(fc.asyncProperty(garbage, ends), cases(80));
});

function directions({ client, server }: { client: OpenStream; server: OpenStream }) {
  return [
    [client, server],
    [server, client],
  ] as const satisfies (readonly [{ stream: StreamSocket }, OpenStream])[];
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
