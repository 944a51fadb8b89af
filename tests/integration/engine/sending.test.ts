import { createHash } from 'node:crypto';
import { mkdtemp, open as openFile, rm, truncate, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { messageFlags } from '#shared/message/flags.ts';
import { TestEngine } from '#support/engine.ts';

const noPace = { bytesPerSecond: 0, chunkBytes: 0, delayMs: 0, splits: [] };
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wirebench-sending-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A server that keeps nothing but the count and the digest of what it gets, and when each read came. */
async function sink() {
  const hash = createHash('sha256');
  const reads: number[] = [];
  let received = 0;
  const open = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      hash.update(chunk);
      reads.push(chunk.length);
      received += chunk.length;
    });
    socket.on('end', () => socket.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as net.AddressInfo).port,
    received: () => received,
    reads,
    digest: () => hash.digest('hex'),
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** A file of `size` bytes that repeat a block, and its digest. */
async function bigFile(name: string, size: number): Promise<{ path: string; digest: string }> {
  const path = join(folder, name);
  const block = Buffer.from(Array.from({ length: 1_048_576 }, (_, at) => (at * 7 + (at >>> 8)) & 255));
  const hash = createHash('sha256');
  const handle = await openFile(path, 'w');
  for (let at = 0; at < size; at += block.length) {
    const piece = block.subarray(0, Math.min(block.length, size - at));
    hash.update(piece);
    await handle.write(piece);
  }
  await handle.close();
  return { path, digest: hash.digest('hex') };
}

describe('a file', () => {
  test('larger than what one message may be goes piece by piece, with progress, and arrives as it is', async () => {
    await using bench = new TestEngine();
    await using peer = await sink();
    const size = 80 * 1_048_576 + 12_345;
    const file = await bigFile('big.bin', size);
    const { socket } = await bench.connect(peer.port);
    const reported: number[] = [];
    let mostQueued = 0;
    const [outcome] = await bench.engine.send([socket], {
      file: file.path,
      frame: true,
      progress: (done, total) => {
        expect(total).toBe(size);
        reported.push(done);
        const view = bench.engine.snapshot().sockets.find(({ id }) => id === socket);
        mostQueued = Math.max(mostQueued, view?.queued ?? 0);
      },
    });
    expect(outcome).toEqual({ socket, bytes: size });
    expect(reported.at(-1)).toBe(size);
    // One piece of the file at a time is in memory.
    expect(mostQueued).toBeLessThanOrEqual(262_144);
    bench.engine.closeSocket(socket);
    await bench.event(socket, 'closed');
    await expect.poll(peer.received).toBe(size);
    expect(peer.digest()).toBe(file.digest);
    expect((await bench.event(socket, 'closed')).bytesOut).toBe(size);
  });

  test('under a framing is one message in pieces: only the last one is whole', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve({
      framing: { kind: 'delimiter', delimiter: '0a' },
      behaviour: { kind: 'silent' },
    });
    const { socket } = await bench.connect(port, { framing: { kind: 'delimiter', delimiter: '0a' } });
    const path = join(folder, 'line.txt');
    await writeFile(path, 'x'.repeat(600_000));
    const [outcome] = await bench.engine.send([socket], { file: path, frame: true });
    expect(outcome).toMatchObject({ bytes: 600_001 });
    const flags = bench.log.of(socket).flatMap((record) => (record.kind === 'out' ? [record.flags] : []));
    expect(flags).toEqual([messageFlags.part, messageFlags.part, 0]);
    const peer = await bench.accepted();
    const received = await bench.log.until((log) => log.of(peer).find(({ kind }) => kind === 'in'));
    expect(received.bytes).toHaveLength(600_001);
    expect(received.bytes.at(-1)).toBe(10);
  });

  test('that is not there, is a folder, or gets shorter meanwhile says so', async () => {
    await using bench = new TestEngine();
    await using peer = await sink();
    const { socket } = await bench.connect(peer.port);
    const [missing] = await bench.engine.send([socket], { file: join(folder, 'none'), frame: false });
    expect(missing?.error).toMatchObject({ code: 'file', system: expect.stringContaining('ENOENT') });
    const [dir] = await bench.engine.send([socket], { file: folder, frame: false });
    expect(dir?.error).toMatchObject({ code: 'file', system: expect.stringContaining('EISDIR') });
    const file = await bigFile('shrinks.bin', 4 * 1_048_576);
    let truncated: Promise<void> | undefined;
    const [shrunk] = await bench.engine.send([socket], {
      file: file.path,
      frame: false,
      pace: { ...noPace, chunkBytes: 131_072, delayMs: 5 },
      progress: () => {
        truncated ??= truncate(file.path, 262_144);
      },
    });
    await truncated;
    expect(shrunk?.error).toMatchObject({ code: 'file', system: expect.stringContaining('could not be read') });
    // The connection is as good as before.
    expect((await bench.send([socket], Buffer.from('on'))).at(0)).toMatchObject({ bytes: 2 });
  });

  test('goes to several peers at the same time', async () => {
    await using bench = new TestEngine();
    await using peer = await sink();
    const clients = await Promise.all([1, 2, 3].map(() => bench.connect(peer.port)));
    const file = await bigFile('many.bin', 3 * 1_048_576);
    const outcomes = await bench.engine.send(
      clients.map(({ socket }) => socket),
      { file: file.path, frame: false },
    );
    expect(outcomes.map(({ bytes }) => bytes)).toEqual([1, 2, 3].map(() => 3 * 1_048_576));
  });
});

describe('a paced message', () => {
  test('reaches the peer in the pieces it was split into', async () => {
    await using bench = new TestEngine();
    await using peer = await sink();
    const { socket } = await bench.connect(peer.port);
    const [outcome] = await bench.engine.send([socket], {
      bytes: Buffer.from('split me here'),
      frame: false,
      pace: { ...noPace, splits: [5, 8], delayMs: 60 },
    });
    expect(outcome).toEqual({ socket, bytes: 13 });
    await expect.poll(peer.received).toBe(13);
    expect(peer.reads).toEqual([5, 3, 5]);
    // It is one message all the same.
    expect(bench.log.of(socket).filter(({ kind }) => kind === 'out')).toHaveLength(1);
  });

  test('that is cancelled is recorded as far as it was sent, and others after it continue', async () => {
    await using bench = new TestEngine();
    await using peer = await sink();
    const { socket } = await bench.connect(peer.port);
    const abort = new AbortController();
    const paced = bench.engine.send([socket], {
      bytes: Buffer.alloc(1_000, 'a'),
      frame: false,
      pace: { ...noPace, chunkBytes: 10, delayMs: 10 },
      signal: abort.signal,
      progress: (done) => done >= 50 && abort.abort(),
    });
    const next = bench.send([socket], Buffer.from('next'));
    const [called] = await paced;
    expect(called?.error).toMatchObject({ code: 'cancelled' });
    expect(called?.bytes).toBe(50);
    expect((await next).at(0)).toEqual({ socket, bytes: 4 });
    await expect.poll(peer.received).toBe(54);
    const out = bench.log.of(socket).filter(({ kind }) => kind === 'out');
    expect(out.map(({ bytes, flags }) => [bytes.length, flags])).toEqual([
      [50, messageFlags.incomplete],
      [4, 0],
    ]);
    expect(bench.engine.snapshot().sockets.find(({ id }) => id === socket)?.queued).toBe(0);
  });

  test('that waits after another is cancelled without a byte', async () => {
    await using bench = new TestEngine();
    await using peer = await sink();
    const { socket } = await bench.connect(peer.port);
    const first = bench.engine.send([socket], {
      bytes: Buffer.alloc(40),
      frame: false,
      pace: { ...noPace, chunkBytes: 10, delayMs: 20 },
    });
    const abort = new AbortController();
    const waiting = bench.engine.send([socket], { bytes: Buffer.alloc(99), frame: false, signal: abort.signal });
    abort.abort();
    expect((await waiting).at(0)).toMatchObject({ bytes: 0, error: { code: 'cancelled' } });
    expect((await first).at(0)).toEqual({ socket, bytes: 40 });
  });

  test('ends with the connection that goes in the middle of it', async () => {
    await using bench = new TestEngine();
    await using peer = await sink();
    const { socket } = await bench.connect(peer.port);
    const paced = bench.engine.send([socket], {
      bytes: Buffer.alloc(1_000),
      frame: false,
      pace: { ...noPace, bytesPerSecond: 200 },
      progress: () => bench.engine.reset(socket),
    });
    const [outcome] = await paced;
    expect(outcome?.error).toMatchObject({ code: 'reset' });
    expect((await bench.event(socket, 'closed')).cause).toBe('reset-by-us');
  });
});

test('two that send to each other at the same time, more than the kernel holds, both get all of it', async () => {
  await using bench = new TestEngine();
  const { port } = await bench.serve({ behaviour: { kind: 'silent' } });
  const { socket } = await bench.connect(port);
  const peer = await bench.accepted();
  const sent = Buffer.alloc(24 * 1_048_576, 'x');
  const outcomes = await Promise.all([bench.send([socket], sent), bench.send([peer], sent)]);
  expect(outcomes.flat().map(({ bytes }) => bytes)).toEqual([sent.length, sent.length]);
  const received = () =>
    bench.engine.snapshot().sockets.flatMap(({ role, bytesIn }) => (role === 'listener' ? [] : bytesIn));
  await bench.log.until(() => received().every((bytes) => bytes === sent.length));
});
