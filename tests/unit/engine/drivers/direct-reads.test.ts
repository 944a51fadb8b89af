import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  adoptAccepted,
  closeInOrder,
  createDirectSocket,
  readInto,
  resumeReading,
} from '#engine/drivers/direct-reads.ts';
import { turnMs } from '#engine/drivers/read-turns.ts';

let server: net.Server;
let sockets: net.Socket[];
beforeEach(async () => {
  sockets = [];
  server = net.createServer({ allowHalfOpen: true, pauseOnConnect: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

/** A connection, read directly on both sides. */
async function pair(): Promise<{ client: net.Socket; accepted: net.Socket }> {
  const client = createDirectSocket({ allowHalfOpen: true });
  const accepting = once(server, 'connection') as Promise<[net.Socket]>;
  client.connect((server.address() as net.AddressInfo).port, '127.0.0.1');
  await once(client, 'connect');
  const accepted = adoptAccepted((await accepting)[0]);
  sockets.push(client, accepted);
  return { client, accepted };
}

/** All that a socket receives until it ends. */
function gather(socket: net.Socket): Promise<Buffer> {
  const pieces: Buffer[] = [];
  readInto(socket, (bytes) => pieces.push(Buffer.from(bytes)));
  return once(socket, 'end').then(() => Buffer.concat(pieces));
}

function connections(): Promise<number> {
  return new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );
}

describe('Direct reads', () => {
  test('bring each connection its own bytes, however many read at once', async () => {
    const pairs = [];
    for (let count = 0; count < 8; count += 1) pairs.push(await pair());
    const sent = pairs.map(() => randomBytes(700_000));
    const received = pairs.flatMap(({ client, accepted }) => [gather(client), gather(accepted)]);
    for (const [index, { client, accepted }] of pairs.entries()) {
      client.end(sent[index] as Buffer);
      accepted.end(sent[index] as Buffer);
    }
    for (const [index, bytes] of (await Promise.all(received)).entries()) {
      expect(bytes.equals(sent[index >> 1] as Buffer)).toBe(true);
    }
  });

  test.runIf(process.platform !== 'win32')(
    'let the event loop turn between slow reads of two connections',
    async () => {
      const pairs = [await pair(), await pair()];
      const log: string[] = [];
      const both = Promise.all(
        pairs.map(({ accepted }) => {
          return new Promise<void>((resolve) =>
            readInto(accepted, () => {
              log.push('read');
              setImmediate(() => log.push('turn'));
              for (const from = performance.now(); performance.now() - from <= turnMs; );
              resolve();
            }),
          );
        }),
      );
      for (const { client } of pairs) client.write('a');
      await both;
      expect(log).toEqual(['read', 'turn', 'read']);
    },
  );

  test.runIf(process.platform !== 'win32')('all go into one buffer', async () => {
    const { client, accepted } = await pair();
    const buffers = new Set<ArrayBufferLike>();
    const took = new Promise<void>((resolve) => {
      let reads = 0;
      for (const socket of [client, accepted]) {
        readInto(socket, (bytes) => {
          buffers.add(bytes.buffer);
          reads += 1;
          if (reads === 2) resolve();
        });
      }
    });
    client.write('a');
    accepted.write('b');
    await took;
    expect(buffers.size).toBe(1);
  });

  test('begin when they are asked for: what came before is not lost', async () => {
    const { client, accepted } = await pair();
    client.end('early');
    await once(client, 'finish');
    expect(accepted.bytesRead).toBe(0);
    expect(String(await gather(accepted))).toBe('early');
  });

  test('do not begin where they are stopped at once', async () => {
    const { client, accepted } = await pair();
    const received = gather(accepted);
    accepted.pause();
    resumeReading(accepted);
    accepted.pause();
    client.end('late');
    await once(client, 'finish');
    for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
    expect(accepted.bytesRead).toBe(0);
    resumeReading(accepted);
    expect(String(await received)).toBe('late');
  });

  test('take what has come before a connection is closed in order', async () => {
    const { client, accepted } = await pair();
    readInto(accepted, () => {});
    accepted.pause();
    client.write(randomBytes(300_000));
    const answer = gather(client);
    await expect.poll(() => client.writableLength).toBe(0);
    resumeReading(accepted);
    accepted.write(randomBytes(400_000));
    closeInOrder(accepted);
    expect(await answer).toHaveLength(400_000);
    client.end();
    await expect.poll(() => accepted.destroyed).toBe(true);
    expect(accepted.bytesRead).toBe(300_000);
  });

  test('give bytes of which a slice is a copy', async () => {
    const { client, accepted } = await pair();
    const kept: Uint8Array[] = [];
    readInto(accepted, (bytes) => kept.push(bytes.slice()));
    client.write('first');
    await expect.poll(() => kept.length).toBe(1);
    client.write('other');
    await expect.poll(() => kept.length).toBe(2);
    expect(kept.map((bytes) => Buffer.from(bytes).toString())).toEqual(['first', 'other']);
  });

  test('stop and go on', async () => {
    const { client, accepted } = await pair();
    const received = gather(accepted);
    accepted.pause();
    client.end(randomBytes(100_000));
    await once(client, 'finish');
    expect(accepted.bytesRead).toBe(0);
    resumeReading(accepted);
    expect(await received).toHaveLength(100_000);
  });

  test('tell of a reset', async () => {
    const { client, accepted } = await pair();
    readInto(accepted, () => {});
    const failed = once(accepted, 'error') as Promise<[NodeJS.ErrnoException]>;
    client.resetAndDestroy();
    expect((await failed)[0].code).toBe('ECONNRESET');
  });

  test('leave the server its count of connections', async () => {
    const { client, accepted } = await pair();
    expect(await connections()).toBe(1);
    server.maxConnections = 1;
    const dropped = once(server, 'drop');
    const refused = net.connect((server.address() as net.AddressInfo).port, '127.0.0.1').on('error', () => {});
    sockets.push(refused);
    await dropped;
    const closed = once(accepted, 'close');
    accepted.destroy();
    client.destroy();
    await closed;
    await expect.poll(connections).toBe(0);
  });

  test('are not asked of a socket that is gone already', async () => {
    const { accepted } = await pair();
    accepted.destroy();
    expect(adoptAccepted(accepted)).toBe(accepted);
  });
});
