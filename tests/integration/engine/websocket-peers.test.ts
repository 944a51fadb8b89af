import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { messageFlags } from '#shared/message/flags.ts';
import type { WsChanges } from '#support/config.ts';
import { serverLimits } from '#support/config.ts';
import { type Peer, startPeer } from '#support/peer.ts';
import { connectWebSocket, WebSocketListener, written } from '#support/websocket.ts';

const text = messageFlags.text;
const ws: WsChanges = { path: '/', protocols: [], headers: [], origin: '', send: 'auto' };
const limits = { ...serverLimits, maxMessage: 1_048_576 };
const hex = (words: string) => Buffer.from(words).toString('hex');

/** Our server with the Python client connected to it. */
async function served(config: object = {}, protocols = '') {
  const listener = await WebSocketListener.start({ limits, ...config });
  const peer = await startPeer('ws_peer.py', 'client', String(listener.port), '/', protocols);
  const shaken = JSON.parse(await peer.line()) as {
    status: string;
    accepted: boolean;
    headers: Record<string, string>;
  };
  return { peer, shaken, ...(await listener.accepted()), [Symbol.asyncDispose]: ending(peer, listener) };
}

/** Our client, connected to the Python server. */
async function connected(wsOptions: Partial<WsChanges> = {}, protocol = '') {
  const peer = await startPeer('ws_peer.py', 'server', protocol);
  const client = await connectWebSocket(Number(await peer.line()), { limits, ws: { ...ws, ...wsOptions } });
  const shaken = JSON.parse(await peer.line()) as { request: string; headers: Record<string, string> };
  return { peer, ...client, shaken, [Symbol.asyncDispose]: ending(peer, client) };
}

function ending(peer: Peer, ours: AsyncDisposable) {
  return async () => {
    await ours[Symbol.asyncDispose]();
    await peer[Symbol.asyncDispose]();
  };
}

async function read(peer: Peer): Promise<string> {
  peer.write('read\n');
  return peer.line();
}

async function eof(peer: Peer): Promise<string> {
  peer.write('eof\n');
  return peer.line();
}

describe('a client written from the RFC', () => {
  test('is accepted, and gets the subprotocol that the server prefers', async () => {
    await using peer = await served({ ws: { ...ws, protocols: ['b', 'a'] } }, 'a, b');
    expect(peer.shaken).toMatchObject({ status: 'HTTP/1.1 101 Switching Protocols', accepted: true });
    expect(peer.shaken.headers['sec-websocket-protocol']).toBe('b');
    expect(peer.outcome).toMatchObject([{ protocol: 'b' }]);
  });

  test('gets text, binary and empty messages in frames without a mask', async () => {
    await using peer = await served();
    for (const message of ['ok', '', '\xff']) await written(peer.stream, Buffer.from(message, 'latin1'));
    expect(await read(peer.peer)).toBe(`1 1 0 ${hex('ok')}`);
    expect(await read(peer.peer)).toBe('1 1 0');
    expect(await read(peer.peer)).toBe('1 2 0 ff');
  });

  test.each([125, 126, 65_535, 65_536])(
    'exchanges messages of %i bytes, where the length is coded otherwise',
    async (length) => {
      await using peer = await served();
      const message = Buffer.alloc(length, 0xfe);
      await written(peer.stream, message);
      expect(await read(peer.peer)).toBe(`1 2 0 ${length} ${createHash('sha256').update(message).digest('hex')}`);
      peer.peer.write(`fill 2 ${length} ${0xfe}\n`);
      const [got] = await peer.log.received(1);
      expect(got?.bytes.equals(message)).toBe(true);
    },
  );

  test('sends one message in fragments with a ping between, which is answered immediately', async () => {
    await using peer = await served();
    peer.peer.write(`send 1 0 1 ${hex('one ')}\nsend 9 1 1 ${hex('?')}\nsend 0 0 1\nsend 0 1 1 ${hex('message')}\n`);
    expect(await read(peer.peer)).toBe(`1 10 0 ${hex('?')}`);
    const [got] = await peer.log.received(1);
    expect([String(got?.bytes), got?.flags]).toEqual(['one message', text]);
  });

  test('has each of a burst of 5000 pings answered', async () => {
    await using peer = await served();
    peer.peer.write(`repeat 5000 9 ${hex('x')}\n`);
    for (let count = 0; count < 5_000; count += 1) peer.peer.write('read\n');
    for (let count = 0; count < 5_000; count += 1) expect(await peer.peer.line()).toBe(`1 10 0 ${hex('x')}`);
    expect(peer.log.kinds).toEqual([]);
  });

  test('is given up when it sends pings without end and reads no answer', async () => {
    await using peer = await served();
    peer.peer.write(`${`repeat 5000 9 ${'00'.repeat(125)}\n`.repeat(40)}`);
    expect(await peer.log.end()).toEqual([
      { kind: 'failed', failure: { call: 'send', errno: 'ENOBUFS', text: expect.stringContaining('does not read') } },
      { kind: 'closed', text: undefined },
    ]);
  });

  test.each([
    ['03e9', hex('bye'), 'code 1001 going away: bye'],
    ['0fa0', '', 'code 4000'],
    ['', '', 'a close frame without a code'],
  ])('closes with %s, and is answered with the same', async (code, reason, words) => {
    await using peer = await served();
    peer.peer.write(`send 8 1 1 ${code}${reason}\n`);
    expect(await read(peer.peer)).toBe(`1 8 0 ${code}${reason}`.trim());
    expect(await eof(peer.peer)).toBe('eof');
    peer.peer.write('fin\n');
    expect(await peer.log.end()).toEqual([{ kind: 'ended' }, { kind: 'closed', text: words }]);
  });

  test.each([
    ['a frame without a mask', 'send 2 1 0 00', 1002, 'WS_ERR_EXPECTED_MASK'],
    ['a reserved opcode', 'send 3 1 1 00', 1002, 'WS_ERR_INVALID_OPCODE'],
    ['a continuation of nothing', 'send 0 1 1 00', 1002, 'WS_ERR_INVALID_OPCODE'],
    ['a fragmented ping', 'send 9 0 1 00', 1002, 'WS_ERR_EXPECTED_FIN'],
    ['a close code that is never sent', 'send 8 1 1 03ee', 1002, 'WS_ERR_INVALID_CLOSE_CODE'],
    ['a text that is not UTF-8', 'send 1 1 1 c3', 1007, 'WS_ERR_INVALID_UTF8'],
  ])('receives what is wrong with %s', async (_what, command, code, errno) => {
    await using peer = await served();
    peer.peer.write(`send 1 1 1 ${hex('good')}\n${command}\nsend 1 1 1 ${hex('never read')}\n`);
    expect(await read(peer.peer)).toBe(`1 8 0 ${code.toString(16).padStart(4, '0')}`);
    peer.peer.write('fin\n');
    const [first, last, ...more] = await peer.log.end();
    expect(first).toMatchObject({ kind: 'failed', failure: { call: 'recv', errno, text: expect.any(String) } });
    expect(last).toMatchObject({ kind: 'closed', text: expect.stringContaining(`closed locally with code ${code}`) });
    expect(more).toEqual([]);
    expect(peer.log.messages.map(({ bytes }) => String(bytes))).toEqual(['good']);
  });

  test.each(['length 2 1048577', 'length 1 9007199254740991', 'fill 2 1048577 7'])(
    'is not listened to when it announces too much (%s)',
    async (command) => {
      await using peer = await served();
      peer.peer.write(`${command}\n`);
      expect(await read(peer.peer)).toBe('1 8 0 03f1');
      peer.peer.write('fin\n');
      expect(await peer.log.end()).toEqual([
        {
          kind: 'limited',
          limit: 'maxMessage',
          text: expect.stringContaining('maximum of 1048576 bytes (maxMessage)'),
        },
        { kind: 'closed', text: 'closed locally with code 1009 message too big' },
      ]);
    },
  );

  test('may send a message as long as the limit', async () => {
    await using peer = await served();
    peer.peer.write('fill 2 1048576 7\n');
    expect((await peer.log.received(1))[0]?.bytes.length).toBe(1_048_576);
  });

  test('ends without a closing handshake', async () => {
    await using peer = await served();
    peer.peer.write('fin\n');
    expect(await peer.log.end()).toEqual([{ kind: 'ended' }, { kind: 'closed', text: 'no closing handshake (1006)' }]);
    expect(await eof(peer.peer)).toBe('eof');
  });

  test('resets', async () => {
    await using peer = await served();
    peer.peer.write(`send 1 1 1 ${hex('last words')}\n`);
    await peer.log.received(1);
    peer.peer.write('rst\n');
    expect(await peer.log.end()).toEqual([
      { kind: 'failed', failure: { call: 'recv', errno: 'ECONNRESET' } },
      { kind: 'closed', text: undefined },
    ]);
  });

  test('is reset', async () => {
    await using peer = await served();
    peer.stream.reset();
    expect(await eof(peer.peer)).toBe('reset');
  });

  test('that does not answer a close frame is given up', async () => {
    await using peer = await served();
    peer.stream.close();
    expect(await read(peer.peer)).toBe('1 8 0 03e8');
    const text = 'the peer did not answer the close frame within 2000 ms';
    expect(await peer.log.end()).toEqual([{ kind: 'closed', text }]);
    expect(await eof(peer.peer)).toBe('eof');
  });

  test('that keeps the connection after the closing handshake is closed, and its reason is reported', async () => {
    await using peer = await served();
    peer.peer.write(`send 8 1 1 03e9${hex('bye')}\n`);
    expect(await peer.log.end()).toEqual([{ kind: 'ended' }, { kind: 'closed', text: 'code 1001 going away: bye' }]);
  });

  test('that sent FIN and reads nothing holds no connection', async () => {
    await using peer = await served();
    const sending = written(peer.stream, randomBytes(30_000_000));
    peer.peer.write('fin\n');
    expect((await peer.log.end()).at(-1)).toEqual({ kind: 'closed', text: 'no closing handshake (1006)' });
    expect(await sending).toBe(false);
  });
});

describe('a server written from the RFC', () => {
  test('gets our request, and masked frames', async () => {
    await using peer = await connected({ path: '/a b?q=1', protocols: ['x', 'y'] }, 'y');
    expect(peer.shaken.request).toBe('GET /a%20b?q=1 HTTP/1.1');
    expect(peer.shaken.headers).toMatchObject({ 'sec-websocket-protocol': 'x,y', upgrade: 'websocket' });
    expect(peer.outcome).toMatchObject([{ kind: 'upgraded', protocol: 'y' }]);
    await written(peer.stream, Buffer.from('masked'));
    await written(peer.stream, Buffer.alloc(0));
    expect(await read(peer.peer)).toBe(`1 1 1 ${hex('masked')}`);
    expect(await read(peer.peer)).toBe('1 1 1');
  });

  test('agrees on a subprotocol nobody asked for, and is refused', async () => {
    await using peer = await startPeer('ws_peer.py', 'server', 'z');
    await using client = await connectWebSocket(Number(await peer.line()), { ws: { ...ws, protocols: ['x'] } });
    expect(client.outcome).toMatchObject({ text: expect.stringContaining('Server sent an invalid subprotocol') });
  });

  test('must not mask', async () => {
    await using peer = await connected();
    peer.peer.write('send 1 1 1 00\n');
    expect(await read(peer.peer)).toBe('1 8 1 03ea');
    peer.peer.write('fin\n');
    expect((await peer.log.end())[0]).toMatchObject({ failure: { errno: 'WS_ERR_UNEXPECTED_MASK' } });
  });

  test('begins the closing handshake', async () => {
    await using peer = await connected();
    peer.peer.write(`send 1 1 0 ${hex('last')}\nsend 8 1 0 03f4${hex('restart')}\n`);
    expect(await read(peer.peer)).toBe(`1 8 1 03f4${hex('restart')}`);
    peer.peer.write('fin\n');
    expect(await peer.log.end()).toEqual([
      { kind: 'ended' },
      { kind: 'closed', text: 'code 1012 service restart: restart' },
    ]);
    expect(peer.log.messages).toHaveLength(1);
  });
});
