import net from 'node:net';
import { describe, expect, test } from 'vitest';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { parseFraming } from '#shared/framing/spec.ts';
import { messageFlags } from '#shared/message/flags.ts';
import { TestEngine } from '#support/engine.ts';

function framing(text: string): FramingSpec {
  const spec = parseFraming(text);
  if (!spec) throw new Error(`no framing: ${text}`);
  return spec;
}

/** A plain socket, and the number that the engine gave it. */
async function connect(bench: TestEngine, port: number): Promise<{ socket: net.Socket; peer: number }> {
  const before = bench.log.records.filter(({ kind }) => kind === 'accepted').length;
  const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
  socket.on('error', () => {});
  return { socket, peer: await bench.accepted(before) };
}

/** The first `count` messages that a socket received, as text. */
async function received(bench: TestEngine, socket: number, count: number): Promise<string[]> {
  return bench.log.until((log) => {
    const texts = log.of(socket).flatMap((record) => (record.kind === 'in' ? [record.bytes.toString('latin1')] : []));
    return texts.length >= count && texts;
  });
}

describe('framing', () => {
  test.each([
    ['line:keep', 'one\n', 'one\n'],
    ['fixed:4', 'ab', 'ab\0\0'],
    ['len:2be:incl', 'abc', '\0\x05abc'],
    ['stx', 'a\x03b', '\x02a\x10\x03b\x03'],
    ['slip', 'a\xc0b', '\xc0a\xdb\xdcb\xc0'],
    ['cobs', 'a\0b', '\x02a\x02b\0'],
    ['json:array', '1', '[1]'],
    ['xml', '<a/>', '<a/>'],
  ])('%s is applied to what is sent, and removed from what is received', async (name, body, wire) => {
    await using bench = new TestEngine();
    const { port } = await bench.serve({ framing: framing(name), behaviour: { kind: 'silent' } });
    const client = await bench.connect(port, { framing: framing(name) });
    await bench.send([client.socket], Buffer.from(body, 'latin1'), true);
    const peer = await bench.accepted();
    expect(bench.log.stream(client.socket, 'out').toString('latin1')).toBe(wire);
    // The end of an array is told apart from the next one's start only when that comes.
    const body1 = (await received(bench, peer, 1))[0];
    expect(name === 'json:array' ? '[1' : wire).toBe(body1);
    expect(bench.log.sockets.get(peer)?.framing).toBe(name);
  });

  test('of a silence ends a message without a byte that says so', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve({ framing: framing('gap:30'), behaviour: { kind: 'echo' } });
    const { socket, peer } = await connect(bench, port);
    socket.write('first ');
    socket.write('message');
    expect(await received(bench, peer, 1)).toEqual(['first message']);
    socket.write('second');
    expect(await received(bench, peer, 2)).toEqual(['first message', 'second']);
    socket.destroy();
  });

  test('is changed on a live socket: the carry-over is re-framed, and so is what is received later', async () => {
    await using bench = new TestEngine();
    const { port, view } = await bench.serve({ framing: framing('line'), behaviour: { kind: 'silent' } });
    const { socket, peer } = await connect(bench, port);
    const start = 'a line\n{"waits":1}{"so is":';
    socket.write(start);
    await received(bench, peer, 1);
    await bench.log.until((log) => log.reads.reduce((sum, { length }) => sum + length, 0) === start.length);
    const updated = bench.engine.update(view.id, { ...view.config, framing: framing('json') });
    expect(updated).toMatchObject({ ok: true });
    expect(await received(bench, peer, 2)).toEqual(['a line\n', '{"waits":1}']);
    socket.write('"this"}');
    expect(await received(bench, peer, 3)).toEqual(['a line\n', '{"waits":1}', '{"so is":"this"}']);
    expect(await bench.event(peer, 'reframed')).toEqual({ kind: 'reframed', framing: 'json' });
    expect(bench.log.sockets.get(peer)?.framing).toBe('json');
    socket.write('{"half":');
    await expect.poll(() => bench.engine.waitingBytes(peer)).toMatchObject({ ok: true, value: { length: 8 } });
    expect(bench.engine.waitingBytes(peer)).toEqual({
      ok: true,
      value: { bytes: new Uint8Array(Buffer.from('{"half":')), length: 8 },
    });
    expect(bench.engine.waitingBytes(99)).toMatchObject({ ok: false, error: { code: 'wrong-state' } });
    // One peer can have a different framing from the others of its server.
    const other = await connect(bench, port);
    expect(bench.engine.frame(other.peer, framing('fixed:2'))).toMatchObject({ ok: true });
    other.socket.write('abcd');
    expect(await received(bench, other.peer, 2)).toEqual(['ab', 'cd']);
    socket.destroy();
    other.socket.destroy();
  });

  test('of a client’s socket is the client’s, also for its next connection', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve({ framing: framing('line') });
    const client = await bench.connect(port, { framing: framing('len:4be') });
    expect(bench.engine.frame(client.socket, framing('line:crlf'), 'stop')).toMatchObject({ ok: true });
    const [view] = bench.engine.snapshot().endpoints.filter(({ id }) => id === client.id);
    expect(view?.config).toMatchObject({ framing: framing('line:crlf'), badFrame: 'stop' });
  });

  test('and the checksum of received messages can be changed while the endpoint is open, for its open sockets', async () => {
    await using bench = new TestEngine();
    const { view, port } = await bench.serve({ framing: framing('line') });
    const { peer, socket } = await connect(bench, port);
    const update = (checksum: string) => bench.engine.update(view.id, { ...view.config, checksum });
    expect(update('xor')).toMatchObject({ ok: true, value: { config: { checksum: 'xor' } } });
    expect(bench.log.sockets.get(peer)).toMatchObject({ framing: 'line', checksum: 'xor' });
    expect(update('')).toMatchObject({ ok: true });
    expect(bench.log.sockets.get(peer)?.checksum).toBeUndefined();
    socket.destroy();
  });

  test('that is wrong gives one record that says what and where, and continues at the next message', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve({ framing: framing('cobs'), behaviour: { kind: 'silent' } });
    const { socket, peer } = await connect(bench, port);
    socket.write(Buffer.from([2, 0x61, 0, 9, 0x62, 0, 7, 0, 2, 0x63, 0]));
    await received(bench, peer, 4);
    const flags = bench.log.of(peer).flatMap((record) => (record.kind === 'in' ? [record.flags] : []));
    expect(flags).toEqual([0, messageFlags.malformed, messageFlags.malformed, 0]);
    const wrong = bench.log.of(peer).flatMap(({ event }) => (event?.kind === 'malformed' ? [event] : []));
    expect(wrong).toEqual([expect.objectContaining({ framing: 'cobs', offset: 3 })]);
    expect(wrong[0]?.text).not.toBe('');
    socket.destroy();
  });

  test('that is to stop at a wrong frame records the rest as it is read, until it is changed', async () => {
    await using bench = new TestEngine();
    const { port, view } = await bench.serve({
      framing: framing('json'),
      badFrame: 'stop',
      behaviour: { kind: 'silent' },
    });
    const { socket, peer } = await connect(bench, port);
    socket.write('{"a":1}oops\n');
    await received(bench, peer, 2);
    socket.write('{"b":2}{"c":3}');
    expect((await received(bench, peer, 3)).at(-1)).toBe('{"b":2}{"c":3}');
    expect((await bench.event(peer, 'malformed')).text).toContain('until a framing is applied again');
    bench.engine.update(view.id, { ...view.config, framing: framing('line') });
    socket.write('x\ny\n');
    expect((await received(bench, peer, 5)).slice(-2)).toEqual(['x\n', 'y\n']);
    socket.destroy();
  });

  test('that has stopped begins again where a person says so, and is not to stop from then on', async () => {
    await using bench = new TestEngine();
    const { port, view } = await bench.serve({
      framing: framing('json'),
      badFrame: 'stop',
      behaviour: { kind: 'silent' },
    });
    const { socket, peer } = await connect(bench, port);
    const viewed = () => bench.engine.snapshot().sockets.find(({ id }) => id === peer);
    socket.write('oops\n');
    await received(bench, peer, 1);
    expect(viewed()).toMatchObject({ badFrame: 'stop', framingStopped: true });
    expect(bench.engine.frame(peer, framing('json'), 'resynchronise')).toMatchObject({ ok: true });
    expect(viewed()).toMatchObject({ badFrame: 'resynchronise', framingStopped: false });
    expect(await bench.event(peer, 'reframed')).toEqual({ kind: 'reframed', framing: 'json' });
    socket.write('[1]oops\n[2][3]');
    expect(await received(bench, peer, 5)).toEqual(['oops\n', '[1]', 'oops\n', '[2]', '[3]']);

    // Of a whole endpoint: sockets with a different framing keep it.
    bench.engine.frame(peer, framing('cobs'), 'stop');
    socket.write(Buffer.from([9, 0x62, 0, 2, 0x63, 0]));
    await received(bench, peer, 7);
    expect(viewed()).toMatchObject({ framing: 'cobs', badFrame: 'stop', framingStopped: true });
    expect(bench.engine.update(view.id, { ...view.config, badFrame: 'resynchronise' })).toMatchObject({ ok: true });
    expect(viewed()).toMatchObject({ framing: 'cobs', badFrame: 'resynchronise', framingStopped: false });
    socket.write(Buffer.from([9, 0x62, 0, 2, 0x63, 0]));
    expect((await received(bench, peer, 9)).slice(-2)).toEqual(['\x09b\0', '\x02c\0']);
    socket.destroy();
  });

  test('keeps what waits where only the choice for wrong frames is changed', async () => {
    await using bench = new TestEngine();
    const { port, view } = await bench.serve({ framing: framing('json'), behaviour: { kind: 'silent' } });
    const { socket, peer } = await connect(bench, port);
    socket.write('{"a":');
    await bench.log.until((log) => log.reads.length > 0);
    expect(bench.engine.update(view.id, { ...view.config, badFrame: 'stop' })).toMatchObject({ ok: true });
    socket.write('1}oops\n');
    expect(await received(bench, peer, 2)).toEqual(['{"a":1}', 'oops\n']);
    expect(bench.log.kinds(peer)).not.toContain('reframed');
    expect(bench.engine.snapshot().sockets.find(({ id }) => id === peer)).toMatchObject({ framingStopped: true });
    socket.destroy();
  });

  test('that has stopped stays so where it is to stop from now on', async () => {
    await using bench = new TestEngine();
    const { port, view } = await bench.serve({
      framing: framing('json'),
      behaviour: { kind: 'silent' },
      badFrame: 'stop',
    });
    const { socket, peer } = await connect(bench, port);
    socket.write('oops\n');
    await bench.event(peer, 'malformed');
    const stopped = () => bench.engine.snapshot().sockets.find(({ id }) => id === peer)?.framingStopped;
    expect(bench.engine.frame(peer, framing('json'), 'resynchronise')).toMatchObject({ ok: true });
    expect(stopped()).toBe(false);
    expect(bench.engine.frame(peer, framing('json'), 'stop')).toMatchObject({ ok: true });
    socket.write('oops\n');
    await expect.poll(stopped).toBe(true);
    expect(bench.engine.update(view.id, { ...view.config, badFrame: 'resynchronise' })).toMatchObject({ ok: true });
    expect(stopped()).toBe(false);
    socket.write('oops\n');
    expect(bench.engine.update(view.id, { ...view.config, badFrame: 'stop' })).toMatchObject({ ok: true });
    await expect.poll(stopped).toBe(true);
    const reframed = bench.log.kinds(peer).filter((kind) => kind === 'reframed').length;
    expect(bench.engine.update(view.id, { ...view.config, name: 'other', badFrame: 'stop' })).toMatchObject({
      ok: true,
    });
    expect(stopped()).toBe(true);
    expect(bench.log.kinds(peer).filter((kind) => kind === 'reframed')).toHaveLength(reframed);
    socket.destroy();
  });

  test('that cannot carry a message refuses it before a byte is sent', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve({
      framing: framing('len:1'),
      behaviour: { kind: 'reply', text: 'x'.repeat(300) },
    });
    const { socket } = await bench.connect(port, { framing: framing('len:1') });
    const [refused] = await bench.send([socket], Buffer.alloc(256), true);
    expect(refused).toMatchObject({ bytes: 0, error: { code: 'bad-input' } });
    await bench.send([socket], Buffer.from('ask'), true);
    const peer = await bench.accepted();
    expect((await bench.event(peer, 'problem')).text).toContain('the reply was not sent');
  });

  test('of HTTP knows that the answer to HEAD has no body', async () => {
    await using bench = new TestEngine();
    const server = net.createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { socket } = await bench.connect((server.address() as net.AddressInfo).port, { framing: framing('http') });
    for (const nth of [1, 2]) {
      await bench.send([socket], Buffer.from('HEAD / HTTP/1.1\r\nHost: x\r\n\r\n'), true);
      expect(await received(bench, socket, nth)).toHaveLength(nth);
    }
    bench.engine.closeSocket(socket);
    await bench.event(socket, 'closed');
    await new Promise((resolve) => server.close(resolve));
  });

  test('of a length above the limit is malformed immediately, and says both', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve({ framing: framing('len:4be'), behaviour: { kind: 'silent' } });
    const { socket, peer } = await connect(bench, port);
    socket.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1, 0x67]));
    const { text } = await bench.event(peer, 'malformed');
    expect(text).toBe('a message claims 4294967299 bytes, more than the limit of 16777216 bytes (maxMessage)');
    expect(await received(bench, peer, 2)).toHaveLength(2);
    expect(bench.log.kinds(peer)).toEqual(['accepted', 'in', 'in', 'malformed']);
    socket.destroy();
  });
});
