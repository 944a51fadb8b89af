import net from 'node:net';
import { expect, test } from 'vitest';
import { findFreePort, findPortHolder } from '#engine/port-holder.ts';
import { startPeer } from '#support/peer.ts';

test.runIf(process.platform === 'linux')('the program that listens on a port is named', async () => {
  await using peer = await startPeer('full_queue.py');
  const port = Number(await peer.line());
  expect(await findPortHolder(port)).toMatch(/^python3?(\.\d+)? \(process \d+\)$/);
});

test('a port on which nobody listens has no holder', async () => {
  const port = await findFreePort('127.0.0.1', 20_000);
  expect(port && (await findPortHolder(port))).toBeUndefined();
});

test('the free port that is offered can be bound', async () => {
  await using holder = await startPeer('full_queue.py');
  const wanted = Number(await holder.line());
  const free = (await findFreePort('127.0.0.1', wanted)) as number;
  expect(free).not.toBe(wanted);
  const server = net.createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(free, '127.0.0.1', resolve));
  await new Promise((resolve) => server.close(resolve));
});
