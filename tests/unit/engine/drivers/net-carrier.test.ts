import { once } from 'node:events';
import net from 'node:net';
import { expect, test } from 'vitest';
import { streamOf } from '#engine/drivers/net-stream.ts';
import { RecordedStream } from '#support/streams.ts';

const ends = {
  local: { host: '127.0.0.1', port: 1, family: 4 },
  peer: { host: '127.0.0.1', port: 2, family: 4 },
} as const;

/** Two ends of one connection. */
async function connection(): Promise<[client: net.Socket, server: net.Socket]> {
  const listener = net.createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const client = net.connect({ port: (listener.address() as net.AddressInfo).port, host: '127.0.0.1' });
  const [server] = (await once(listener, 'connection')) as [net.Socket];
  listener.close();
  return [client, server];
}

test('What went wrong before anyone attached is reported then, once, with the end', async () => {
  const [client, server] = await connection();
  const stream = new RecordedStream(streamOf(server, ends));
  const closed = new Promise((resolve) => server.on('close', resolve));
  client.resetAndDestroy();
  await closed;
  stream.attach();
  expect(stream.reported).toEqual([]);
  await stream.until('closed');
  expect(stream.reported).toEqual(['failed ECONNRESET', 'closed']);
});

test('What was destroyed before anyone attached is reported to be closed', async () => {
  const [client, server] = await connection();
  const stream = new RecordedStream(streamOf(server, ends));
  stream.socket.destroy();
  stream.attach();
  await stream.until('closed');
  expect(stream.reported).toEqual(['closed']);
  client.destroy();
});

test('Data that came before anyone attached is not lost', async () => {
  const [client, server] = await connection();
  const stream = new RecordedStream(streamOf(server, ends));
  client.end('early');
  await once(client, 'finish');
  stream.attach();
  await stream.until('ended');
  expect(String(stream.received)).toBe('early');
  stream.socket.close();
  await stream.until('closed');
});
