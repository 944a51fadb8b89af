import { describe, expect, test } from 'vitest';
import { Engine } from '#engine/engine.ts';
import { defaultClient, defaultServer } from '#shared/endpoint/endpoint-config.ts';
import { fail } from '#shared/failure.ts';
import { parseHostPort } from '#shared/socket/address.ts';
import { CountingLog } from '#support/counting-log.ts';
import { TestEngine } from '#support/engine.ts';
import { Peer, startPeer } from '#support/peer.ts';

const http = { framing: { kind: 'http' } } as const;

describe('curl', () => {
  test('has its requests framed as HTTP messages, also chunked ones on one connection, and takes the answers', async () => {
    await using bench = new TestEngine();
    const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\nMessage received!';
    const { port } = await bench.serve({ ...http, behaviour: { kind: 'reply', text: answer } });
    const at = `http://127.0.0.1:${port}`;
    const body = '{"hello":"server"}';
    await using curl = new Peer('curl', [
      ...['--silent', '--http1.1', '-d', body, `${at}/json`],
      ...['--next', '--silent', '--http1.1', '-H', 'Transfer-Encoding: chunked', '-d', body, `${at}/chunked`],
      ...['--next', '--silent', '--http1.1', `${at}/get`],
    ]);
    expect((await curl.rest()).join('')).toBe('Message received!'.repeat(3));
    expect(await curl.exit()).toBe(0);
    const socket = await bench.accepted();
    await bench.event(socket, 'closed');
    const requests = bench.log.of(socket).filter(({ kind }) => kind === 'in');
    expect(requests.map(({ bytes }) => String(bytes).split('\r\n')[0])).toEqual([
      'POST /json HTTP/1.1',
      'POST /chunked HTTP/1.1',
      'GET /get HTTP/1.1',
    ]);
    expect(requests.map(({ flags }) => flags)).toEqual([0, 0, 0]);
    expect(String(requests[0]?.bytes)).toContain(body);
  });
});

describe('Python', () => {
  test('serves many connections with select, and each gets its own lines back', async () => {
    await using bench = new TestEngine();
    await using python = await startPeer('select_server.py');
    const port = Number(await python.line());
    const line = { framing: { kind: 'delimiter', delimiter: '0a' } } as const;
    const clients = await Promise.all(Array.from({ length: 30 }, () => bench.connect(port, line)));
    await Promise.all(clients.map(({ socket }, nth) => bench.send([socket], Buffer.from(`client ${nth}`), true)));
    for (const [nth, { socket }] of clients.entries()) {
      const expected = `client ${nth}\n`;
      expect(String(await bench.stream(socket, 'in', expected.length))).toBe(expected);
    }
  });

  test('reads and writes with asyncio, and both half-closes are seen', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve({ behaviour: { kind: 'silent' }, halfOpen: true });
    await using python = await startPeer('asyncio_client.py', String(port));
    const socket = await bench.accepted();
    await bench.event(socket, 'ended');
    expect(String(bench.log.stream(socket, 'in'))).toBe('all I have to say');
    await bench.send([socket], Buffer.from('and the last word'));
    bench.engine.shutdown(socket);
    expect(await python.line()).toBe('and the last word');
    expect(await bench.event(socket, 'closed')).toMatchObject({ cause: 'peer' });
  });
});

describe('a stream of 512 MiB, as long as one of iperf3’s', () => {
  const size = 512 * 1_048_576;

  /** An engine whose log only counts. */
  async function counting() {
    const log = new CountingLog();
    const engine = new Engine({ log, readReplyFile: async () => fail('file', 'none') });
    return { log, engine, [Symbol.asyncDispose]: () => engine.stop() };
  }

  test('comes from socat to the last byte', async () => {
    await using bench = await counting();
    const { id } = bench.engine.create({ ...defaultServer, port: 0, behaviour: { kind: 'silent' } });
    const opened = await bench.engine.open(id);
    if (!opened.ok) throw new Error(opened.error.message);
    const { port } = parseHostPort(opened.value.address) as { port: number };
    const zeros = `OPEN:/dev/zero,readbytes=${size}`;
    await using socat = new Peer('socat', ['-u', '-b', '262144', zeros, `TCP:127.0.0.1:${port}`]);
    expect(await socat.exit()).toBe(0);
    await bench.log.until((log) => log.of('closed') > 0);
    const socket = bench.engine.snapshot().sockets.find(({ role }) => role === 'accepted');
    expect(socket).toMatchObject({ bytesIn: size, state: 'closed' });
  });

  test('goes to socat to the last byte, with the memory of a piece', async () => {
    await using bench = await counting();
    await using socat = new Peer('socat', ['-d', '-d', '-u', 'TCP-LISTEN:0,bind=127.0.0.1', 'OPEN:/dev/null']);
    const port = await socat.until(/listening on .*:(\d+)/);
    const { id } = bench.engine.create({ ...defaultClient, port: Number(port) });
    const opened = await bench.engine.open(id);
    if (!opened.ok) throw new Error(opened.error.message);
    const piece = Buffer.alloc(32 * 1_048_576);
    for (let sent = 0; sent < size; sent += piece.length) {
      const [outcome] = await bench.engine.send([opened.value.socket], { bytes: piece, frame: false });
      expect(outcome?.bytes).toBe(piece.length);
    }
    await bench.engine.close(id);
    expect(await socat.exit()).toBe(0);
  });
});
