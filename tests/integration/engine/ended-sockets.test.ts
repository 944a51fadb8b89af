import { once } from 'node:events';
import net from 'node:net';
import { describe, expect, test } from 'vitest';
import { defaultClient } from '#shared/endpoint/endpoint-config.ts';
import { TestEngine } from '#support/engine.ts';

/** Connects to `port` and does `act` with the socket once it is connected; gives the engine's socket when that has ended. */
async function endedPeer(bench: TestEngine, port: number, act: (socket: net.Socket) => void, nth = 0): Promise<number> {
  const socket = net.connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.resume();
  await once(socket, 'connect');
  const accepted = await bench.accepted(nth);
  act(socket);
  await bench.event(accepted, 'closed');
  return accepted;
}

const viewOf = ({ engine }: TestEngine, id: number) => engine.snapshot().sockets.find((socket) => socket.id === id);

describe('a socket that has ended', () => {
  test('reports how: by a FIN or an RST of its peer', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve();
    const ended = await endedPeer(bench, port, (socket) => socket.end());
    expect(viewOf(bench, ended)).toMatchObject({ state: 'closed', ended: { cause: 'peer' } });
    const reset = await endedPeer(bench, port, (socket) => socket.resetAndDestroy(), 1);
    expect(viewOf(bench, reset)).toMatchObject({
      state: 'reset',
      ended: { cause: 'reset-by-peer', errno: 'ECONNRESET', call: 'recv' },
    });
  });

  test('of a client that was refused reports the call and its errno, until it is opened again', async () => {
    await using bench = new TestEngine();
    const { view, port } = await bench.serve();
    await bench.engine.close(view.id);
    expect(bench.engine.snapshot().endpoints[0]).toMatchObject({ state: 'closed', ended: { cause: 'local' } });
    const { id } = bench.engine.create({ ...defaultClient, port });
    await bench.engine.open(id);
    const client = () => bench.engine.snapshot().endpoints.find((one) => one.id === id);
    expect(client()).toMatchObject({
      state: 'failed',
      ended: { cause: 'failed', errno: 'ECONNREFUSED', call: 'connect' },
    });
    await bench.engine.update(view.id, { ...view.config, port } as typeof view.config);
    await bench.engine.open(view.id);
    await bench.engine.open(id);
    expect(client()).toMatchObject({ state: 'connected', ended: undefined });
  });

  test('is listed until it is cleared; who is connected stays, and so do the records', async () => {
    await using bench = new TestEngine();
    const { view, port } = await bench.serve();
    const other = await bench.serve();
    const elsewhere = await endedPeer(bench, other.port, (socket) => socket.end());
    const ended = await endedPeer(bench, port, (socket) => socket.end(), 1);
    const client = await bench.connect(port);
    const live = await bench.accepted(2);
    const records = bench.log.of(ended).length;
    expect(viewOf(bench, ended)).toBeDefined();

    expect(bench.engine.clear(view.id)).toEqual({ ok: true, value: {} });
    expect(viewOf(bench, ended)).toBeUndefined();
    for (const kept of [elsewhere, live, client.socket]) expect(viewOf(bench, kept)).toBeDefined();
    expect(bench.log.of(ended)).toHaveLength(records);
    expect(bench.engine.clear('e99')).toMatchObject({ ok: false, error: { code: 'not-found' } });
  });
});
