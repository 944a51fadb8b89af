import { createHash, randomBytes } from 'node:crypto';
import net from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { defaultServer, type TlsOptions } from '#shared/endpoint/endpoint-config.ts';
import { connect, RecordedListener, type RecordedStream } from '#support/streams.ts';
import { meet, tlsDriver, tlsOptions } from '#support/tls.ts';

/** A client and what a server accepted of it, both secured. */
async function pair(server: RecordedListener, parts: Partial<TlsOptions>): Promise<[RecordedStream, RecordedStream]> {
  const { client, accepted } = await meet(server, parts);
  await Promise.all([client.secure(), accepted.secure()]);
  return [client, accepted];
}

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('%s', (version) => {
  const tls = tlsOptions({ minVersion: version, maxVersion: version });
  const unchecked = { ...tls, verify: false };

  test('completes the handshake and reports what was agreed on', async () => {
    await using server = await RecordedListener.open(tlsDriver, { tls });
    const client = await connect(tlsDriver, { host: 'localhost', port: server.port, tls: unchecked });
    expect(client.socket.handshake).toBe('TLS');
    const accepted = await server.accepted();
    const [seen, shown] = await Promise.all([client.secure(), accepted.secure()]);
    expect(seen).toMatchObject({ protocol: version, serverName: 'localhost', alpn: '' });
    expect(seen.cipher).toMatch(/^TLS_/);
    expect(seen.trust).toContain('not verified; the certificate is self-signed (CN=localhost)');
    expect(seen.chain).toHaveLength(1);
    expect(seen.chain[0]?.names).toEqual(expect.arrayContaining(['localhost', '127.0.0.1', '::1']));
    expect(shown).toMatchObject({ protocol: version, serverName: 'localhost', chain: [] });
    expect(shown.trust).toBe('no client certificate was requested');
  });

  test('carries a big transfer byte for byte, both ways', async () => {
    await using server = await RecordedListener.open(tlsDriver, { tls });
    const [client, accepted] = await pair(server, unchecked);
    const sent = randomBytes(3_000_000);
    void client.send(sent);
    void accepted.send(sent);
    await Promise.all([client.text(sent.length), accepted.text(sent.length)]);
    expect(digest(client.received)).toBe(digest(sent));
    expect(digest(accepted.received)).toBe(digest(sent));
  });

  test.each(['client', 'server'] as const)('a half-close by the %s leaves the way back open', async (who) => {
    await using server = await RecordedListener.open(tlsDriver, { tls });
    const both = await pair(server, unchecked);
    const [first, second] = who === 'client' ? both : both.toReversed();
    if (!first || !second) throw new Error('two are needed');
    await first.send('first');
    first.socket.endWriting();
    await second.until('ended');
    expect(String(second.received)).toBe('first');
    await second.send('late');
    expect(await first.text(4)).toBe('late');
    second.socket.endWriting();
    await Promise.all([first.until('closed'), second.until('closed')]);
    expect(first.reported).toEqual(['ended', 'closed']);
    expect(second.reported).toEqual(['ended', 'closed']);
  });

  test.each(['client', 'server'] as const)('a reset by the %s is seen as one', async (who) => {
    await using server = await RecordedListener.open(tlsDriver, { tls });
    const both = await pair(server, unchecked);
    const [first, second] = who === 'client' ? both : both.toReversed();
    if (!first || !second) throw new Error('two are needed');
    // Once something has come back, no session ticket is on its way whose sending could meet the reset instead.
    await Promise.all([first.send('a'), second.text(1), second.send('b'), first.text(1)]);
    first.socket.reset();
    await Promise.all([first.until('closed'), second.until('closed')]);
    expect(second.reported).toEqual(['failed ECONNRESET', 'closed']);
    expect(first.reported).toEqual(['closed']);
  });

  test('a reset after our half-close is seen as one too', async () => {
    await using server = await RecordedListener.open(tlsDriver, { tls });
    const [client, accepted] = await pair(server, unchecked);
    await Promise.all([client.send('a'), accepted.text(1), accepted.send('b'), client.text(1)]);
    client.socket.endWriting();
    await accepted.until('ended');
    client.socket.reset();
    await client.until('closed');
    // It has read all there is: it learns of the reset when it writes.
    while (await accepted.send('late')) await setImmediate();
    await accepted.until('closed');
    expect(accepted.reported).toEqual(['ended', expect.stringMatching(/^failed E(PIPE|CONNRESET)$/), 'closed']);
  });

  test('closing sends what waits, then ends in order', async () => {
    await using server = await RecordedListener.open(tlsDriver, { tls });
    const [client, accepted] = await pair(server, unchecked);
    void client.send(randomBytes(500_000));
    client.socket.close();
    await accepted.until('ended');
    expect(accepted.received.length).toBe(500_000);
    expect(accepted.failure).toBeUndefined();
    accepted.socket.close();
    await accepted.until('closed');
  });

  test.each(['client', 'server'] as const)('bytes that do not decrypt fail the %s’s connection once', async (who) => {
    await using server = await RecordedListener.open(tlsDriver, { tls });
    await using middle = await Middle.open(server.port);
    const client = await connect(tlsDriver, { port: middle.port, tls: unchecked });
    const accepted = await server.accepted();
    await Promise.all([client.secure(), accepted.secure()]);
    middle.inject(who === 'client' ? 'toClient' : 'toServer');
    const hit = who === 'client' ? client : accepted;
    await hit.until('closed');
    expect(hit.reported).toEqual([expect.stringMatching(/^failed ERR_SSL_/), 'closed']);
    expect(hit.failure?.text).toBeTruthy();
    const other = who === 'client' ? accepted : client;
    other.socket.destroy();
    await other.until('closed');
  });
});

test('A connection that has ended gives its place to the next', async () => {
  const limits = { ...defaultServer.limits, maxConnections: 1 };
  await using server = await RecordedListener.open(tlsDriver, { transport: 'tls', limits });
  const [client, accepted] = await pair(server, { verify: false });
  await meet(server, {});
  await server.until(({ dropped }) => dropped.length === 1);
  expect(server.dropped[0]).toMatch(/^127\.0\.0\.1:\d+$/);
  client.socket.close();
  await accepted.until('ended');
  accepted.socket.close();
  await Promise.all([accepted.until('closed'), client.until('closed')]);
  const next = await connect(tlsDriver, { port: server.port, tls: tlsOptions({ verify: false }) });
  await Promise.all([next.secure(), (await server.accepted(1)).secure()]);
});

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Passes bytes on between a client and a server, and can insert another record between them. */
class Middle implements AsyncDisposable {
  readonly #server: net.Server;
  readonly #sockets: readonly net.Socket[];

  private constructor(server: net.Server, sockets: readonly net.Socket[]) {
    this.#server = server;
    this.#sockets = sockets;
  }

  static async open(port: number): Promise<Middle> {
    const sockets: net.Socket[] = [];
    const server = net.createServer((client) => {
      const up = net.connect(port, '127.0.0.1');
      for (const socket of [client, up]) socket.on('error', () => {});
      client.pipe(up).pipe(client);
      sockets.push(client, up);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Middle(server, sockets);
  }

  get port(): number {
    return (this.#server.address() as net.AddressInfo).port;
  }

  inject(where: 'toClient' | 'toServer'): void {
    const [client, up] = this.#sockets;
    (where === 'toClient' ? client : up)?.write(Buffer.concat([Buffer.from([23, 3, 3, 0, 64]), Buffer.alloc(64, 7)]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
