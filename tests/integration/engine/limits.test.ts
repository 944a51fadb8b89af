import { once } from 'node:events';
import net from 'node:net';
import { describe, expect, test } from 'vitest';
import { serverLimits } from '#support/config.ts';
import { TestEngine } from '#support/engine.ts';

function connect(port: number): net.Socket {
  const socket = net.connect(port, '127.0.0.1');
  socket.on('error', () => {});
  return socket;
}

describe('limits', () => {
  test('a connection that says nothing in time is closed, and the record names the setting', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve({ limits: { ...serverLimits, firstByteMs: 50 } });
    const silent = connect(port);
    const peer = await bench.accepted();
    expect(await bench.event(peer, 'limited')).toMatchObject({ limit: 'firstByteMs' });
    expect(await bench.event(peer, 'closed')).toMatchObject({ cause: 'timeout' });
    silent.destroy();
  });

  test('a connection that has spoken is not closed by the time to its first byte', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve({ behaviour: { kind: 'echo' }, limits: { ...serverLimits, firstByteMs: 40 } });
    const talker = connect(port);
    talker.write('x');
    const peer = await bench.accepted();
    await bench.stream(peer, 'in', 1);
    // Another connection, which stays silent and is closed, shows that the time has passed.
    const silent = connect(port);
    const other = await bench.accepted(1);
    await bench.event(other, 'closed');
    expect(bench.log.kinds(peer)).not.toContain('closed');
    talker.destroy();
    silent.destroy();
  });

  test('a connection without traffic is closed; one with traffic in either direction is not', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve({ limits: { ...serverLimits, idleMs: 150 }, behaviour: { kind: 'silent' } });
    const busy = connect(port);
    const idle = connect(port);
    const [first, second] = [await bench.accepted(0), await bench.accepted(1)];
    const timer = setInterval(() => busy.write('.'), 20);
    const ended = await bench.log.until((log) => log.records.find(({ kind }) => kind === 'closed')?.socket);
    clearInterval(timer);
    const port1 = bench.log.sockets.get(first)?.peer.endsWith(`:${busy.localPort}`) ? first : second;
    expect(ended).not.toBe(port1);
    expect(await bench.event(ended, 'limited')).toMatchObject({ limit: 'idleMs' });
    busy.destroy();
    idle.destroy();
  });

  test('connections above the maximum are refused, and the record says so', async () => {
    await using bench = new TestEngine();
    const { port, listener } = await bench.serve({ limits: { ...serverLimits, maxConnections: 1 } });
    const first = connect(port);
    await bench.accepted();
    const second = connect(port);
    const closed = new Promise<void>((resolve) => second.once('close', () => resolve()));
    second.resume();
    await closed;
    expect(await bench.event(listener, 'limited')).toMatchObject({ limit: 'maxConnections' });
    first.destroy();
  });
});

describe('reading', () => {
  test('that the user stops leaves the bytes received in the kernel and then with the peer, and continues where it stopped', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve({ behaviour: { kind: 'silent' } });
    const sender = connect(port);
    const peer = await bench.accepted();
    expect(bench.engine.setReading(peer, false)).toMatchObject({ ok: true });
    expect(await bench.event(peer, 'paused')).toEqual({ kind: 'paused', reason: 'stopped by the user' });
    const view = () => bench.engine.snapshot().sockets.find(({ id }) => id === peer);
    expect(view()?.readingStopped).toBe(true);
    // More than the kernels of both sides hold: the sender cannot get rid of it.
    const sent = Buffer.alloc(24 * 1_048_576, 'x');
    let flushed = false;
    sender.write(sent, () => {
      flushed = true;
    });
    // A connection made after it is served: bytes received meanwhile would have been read as well.
    const other = await bench.connect(port);
    await bench.send([other.socket], Buffer.from('served'));
    await bench.stream(await bench.accepted(1), 'in', 6);
    expect(bench.log.stream(peer, 'in').length).toBeLessThanOrEqual(65_536);
    expect(flushed).toBe(false);
    bench.engine.setReading(peer, true);
    expect((await bench.stream(peer, 'in', sent.length)).equals(sent)).toBe(true);
    expect(view()?.readingStopped).toBe(false);
    sender.destroy();
  });

  test('stopped loses none of the bytes received when the connection is closed, nor of what we sent', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve({ behaviour: { kind: 'silent' } });
    const sender = connect(port);
    const ends: string[] = [];
    let received = 0;
    sender.on('data', (bytes) => {
      received += bytes.length;
    });
    sender.on('end', () => ends.push('FIN'));
    sender.on('error', ({ message }) => ends.push(message));
    const peer = await bench.accepted();
    bench.engine.setReading(peer, false);
    const sent = Buffer.alloc(200_000, 'x');
    await new Promise<void>((resolve) => sender.write(sent, () => resolve()));
    void bench.send([peer], new Uint8Array(500_000));
    bench.engine.closeSocket(peer);
    await once(sender, 'close');
    await bench.event(peer, 'closed');
    expect({ ends, received }).toEqual({ ends: ['FIN'], received: 500_000 });
    expect(bench.log.stream(peer, 'in').equals(sent)).toBe(true);
  });

  test('stopped does not keep a close from coming to its end', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve();
    const sender = connect(port);
    const peer = await bench.accepted();
    bench.engine.setReading(peer, false);
    bench.engine.closeSocket(peer);
    expect((await bench.event(peer, 'closed')).cause).toBe('local');
    sender.destroy();
  });
});
