import net from 'node:net';
import { describe, expect, test } from 'vitest';
import { Engine } from '#engine/engine.ts';
import { fail } from '#shared/failure.ts';
import { parseHostPort } from '#shared/socket/address.ts';
import type { ServerChanges } from '#support/config.ts';
import { serverConfig, serverLimits } from '#support/config.ts';
import { CountingLog } from '#support/counting-log.ts';
import { LoadClient, liveHeap, openDescriptors } from '#support/load.ts';
import { answerOf, SessionFolder } from '#support/session.ts';

/** A server whose log only counts (and records, where `log` hands on). `await using` stops it. */
async function serve(log: CountingLog, config: ServerChanges) {
  const engine = new Engine({ log, readReplyFile: async () => fail('file', 'none') });
  const { id } = engine.create(serverConfig({ port: 0, backlog: 4_096, ...config }));
  const opened = await engine.open(id);
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  const { port } = parseHostPort(opened.value.address) as { port: number };
  return { engine, id, port, [Symbol.asyncDispose]: () => engine.stop() };
}

const megabytes = (bytes: number) => `${(bytes / 1_048_576).toFixed(1)} MB`;

describe('load', () => {
  test('of 10 000 idle connections leaves a server that answers others, and gives all back', async () => {
    const before = openDescriptors();
    const log = new CountingLog();
    {
      await using server = await serve(log, { behaviour: { kind: 'echo' } });
      await using load = new LoadClient('idle', server.port, 10_000);
      await load.ready;
      await log.until(() => log.of('accepted') === 10_000);
      expect(server.engine.snapshot().endpoints[0]?.peers).toBe(10_000);
      const socket = net.connect(server.port, '127.0.0.1');
      socket.write('still there?');
      const [answer] = await new Promise<Buffer[]>((resolve) => socket.once('data', (data: Buffer) => resolve([data])));
      expect(String(answer)).toBe('still there?');
      console.log(`10 000 idle connections: ${openDescriptors() - before} descriptors, heap ${megabytes(liveHeap())}`);
      socket.destroy();
    }
    expect(log.of('closed')).toBe(log.of('accepted') + 1);
    // The system gives back the last of them a moment after the sockets have closed.
    await expect.poll(openDescriptors, { timeout: 20_000 }).toBeLessThanOrEqual(before);
  });

  test('of 1 000 connections that send 100 messages each is recorded, every message and every end', async () => {
    await using folder = new SessionFolder();
    const session = folder.create('load.wirebench');
    const log = new CountingLog(session);
    {
      await using server = await serve(log, {
        framing: { kind: 'delimiter', delimiter: '0a' },
        behaviour: { kind: 'echo' },
      });
      await using load = new LoadClient('talk', server.port, 1_000, 100);
      await load.done;
      await log.until(() => log.of('closed') === 1_000);
    }
    expect(log.of('in')).toBe(100_000);
    expect(log.of('out')).toBe(100_000);
    await session.flush();
    expect(session.total).toBe(Object.values(log.counts).reduce((sum, count) => sum + count, 0));
    const filter = 'in && text matches "^connection [0-9]+ message 99$"';
    const query = answerOf(await session.query({ filter })).id;
    await expect
      .poll(
        async () => {
          const window = await session.ask('window', { query, first: 0, count: 1 });
          return window.ok && window.value.scanned === session.total && window.value.matched;
        },
        { timeout: 20_000 },
      )
      .toBe(1_000);
    const found = await session.ask(
      'find',
      { find: 'malformed || incomplete || problem', from: -1, backward: false },
      {},
    );
    expect(found).toMatchObject({ ok: true, value: { found: null } });
  });

  test('of 20 000 connections that come and go leaks neither memory nor descriptors', async () => {
    const log = new CountingLog();
    await using server = await serve(log, { behaviour: { kind: 'silent' } });
    const churn = async (count: number, until: number) => {
      await using load = new LoadClient('churn', server.port, count);
      await load.done;
      await log.until(() => log.of('closed') === until);
    };
    // What is made once is made before it is measured.
    await churn(2_000, 2_000);
    const before = { descriptors: openDescriptors(), heap: liveHeap() };
    await churn(20_000, 22_000);
    await expect.poll(openDescriptors, { timeout: 20_000 }).toBeLessThanOrEqual(before.descriptors);
    const after = { descriptors: openDescriptors(), heap: liveHeap() };
    const grown = after.heap - before.heap;
    console.log(
      `20 000 connections: heap ${megabytes(before.heap)} → ${megabytes(after.heap)}, descriptors ${before.descriptors} → ${after.descriptors}`,
    );
    // A socket that were kept would be some kilobytes, 20 000 of them tens of megabytes.
    expect(grown).toBeLessThan(8 * 1_048_576);
    expect(server.engine.snapshot().sockets.length).toBeLessThan(100);
  });
});

describe('a peer that behaves badly', () => {
  test('by never reading does not grow the memory past the cap, and the others are served', async () => {
    const log = new CountingLog();
    const limits = { ...serverLimits, maxQueued: 4 * 1_048_576 };
    await using server = await serve(log, { behaviour: { kind: 'echo' }, limits });
    const greedy = net.connect(server.port, '127.0.0.1');
    greedy.on('error', () => {});
    greedy.pause();
    // It sends as long as the server takes it, without reading a byte of the echo.
    const piece = Buffer.alloc(1_048_576, 'x');
    let handed = 0;
    const push = () => {
      handed += piece.length;
      greedy.write(piece, (error) => {
        if (!error && handed < 256 * 1_048_576) push();
      });
    };
    push();
    await log.until(() => log.of('in') > 0);
    const view = () => server.engine.snapshot().sockets.find(({ role }) => role === 'accepted');
    await expect.poll(() => (view()?.queued ?? 0) >= 1_048_576, { timeout: 20_000 }).toBe(true);
    for (let nth = 0; nth < 20; nth += 1) await roundTrip(server.port, `hello ${nth}`);
    const stuck = server.engine.snapshot().sockets.find(({ queued }) => queued > 0);
    expect(stuck?.queued).toBeLessThanOrEqual(limits.maxQueued);
    expect(handed).toBeLessThan(256 * 1_048_576);
    greedy.destroy();
  });

  test('by sending a byte at a time, never reading, or resetting in the middle does not slow the others', async () => {
    const log = new CountingLog();
    await using server = await serve(log, {
      framing: { kind: 'delimiter', delimiter: '0a' },
      behaviour: { kind: 'echo' },
    });
    const alone = await roundTrips(server.port, 200);
    const slow = Array.from({ length: 50 }, () => {
      const socket = net.connect(server.port, '127.0.0.1');
      socket.on('error', () => {});
      const timer = setInterval(() => socket.write('x'), 20);
      socket.once('close', () => clearInterval(timer));
      return socket;
    });
    const deaf = Array.from({ length: 20 }, () => {
      const socket = net.connect(server.port, '127.0.0.1');
      socket.on('error', () => {});
      socket.pause();
      socket.write(`${'y'.repeat(1_000)}\n`.repeat(2_000));
      return socket;
    });
    let resets = 0;
    const resetting = setInterval(() => {
      const socket = net.connect(server.port, '127.0.0.1', () => {
        socket.write('half a message');
        socket.resetAndDestroy();
        resets += 1;
      });
      socket.on('error', () => {});
    }, 5);
    const among = await roundTrips(server.port, 200);
    clearInterval(resetting);
    for (const socket of [...slow, ...deaf]) socket.destroy();
    console.log(
      `200 round trips alone: ${alone.toFixed(0)} ms; among 50 slow and 20 deaf peers and ${resets} resets: ${among.toFixed(0)} ms`,
    );
    // Each of them got its own answers, all of them: that is what the round trips check.
    expect(log.of('closed')).toBeGreaterThan(0);
  });
});

/** Sends a line and waits for it to come back. */
async function roundTrip(port: number, text: string): Promise<void> {
  const socket = net.connect(port, '127.0.0.1');
  socket.write(`${text}\n`);
  let came = '';
  for await (const chunk of socket) {
    came += String(chunk);
    if (came.endsWith('\n')) break;
  }
  expect(came).toBe(`${text}\n`);
  socket.destroy();
}

/** Makes round trips on one connection after the other; gives how long they took, in milliseconds. */
async function roundTrips(port: number, count: number): Promise<number> {
  const startedAt = performance.now();
  for (let nth = 0; nth < count; nth += 1) await roundTrip(port, `line ${nth}`);
  return performance.now() - startedAt;
}
