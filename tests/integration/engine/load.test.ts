import net from 'node:net';
import { describe, expect, test } from 'vitest';
import { serverLimits } from '#support/config.ts';
import { CountingLog } from '#support/counting-log.ts';
import { churn, holdIdle, recordTalk, serve } from '#support/load.ts';

// `npm run attack` makes ten times as many connections and more.
describe('load', () => {
  test('of 1 000 idle connections leaves a server that answers others, and gives all back', () => holdIdle(1_000));

  test('of 100 connections that send 100 messages each is recorded, every message and every end', () =>
    recordTalk(100, 100));

  test('of 3 000 connections that come and go leaks neither memory nor descriptors', () => churn(1_000, 3_000));
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
