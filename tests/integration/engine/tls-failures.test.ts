import { once } from 'node:events';
import net from 'node:net';
import { describe, expect, test } from 'vitest';
import { tcpDriver } from '#engine/drivers/drivers.ts';
import type { TlsOptions } from '#shared/endpoint/endpoint-config.ts';
import { connect, RecordedListener } from '#support/streams.ts';
import { meet, tlsDriver, tlsOptions } from '#support/tls.ts';

describe('A handshake of a server', () => {
  test.each([
    ['a plain HTTP request', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', 'ERR_SSL_HTTP_REQUEST', 'plain HTTP request'],
    ['a line of text', 'Hello, server! This is no TLS.\r\n', 'ERR_SSL_WRONG_VERSION_NUMBER', 'not TLS'],
  ])('fails on %s, saying so', async (_, sent, errno, text) => {
    await using server = await RecordedListener.open(tlsDriver, { transport: 'tls' });
    const client = await connect(tcpDriver, { port: server.port });
    client.attach();
    await client.send(sent);
    const refusal = await (await server.accepted()).refusal();
    expect(refusal).toMatchObject({ call: 'handshake', errno });
    expect(refusal.text).toContain(text);
    await client.until('ended');
    client.socket.destroy();
  });

  test.each([
    ['nothing', ''],
    ['the first byte of a record', '\x16'],
    ['half a ClientHello', '\x16\x03\x01\x00\xc8\x01\x00'],
  ])('that gets %s and no more ends when its time is over', async (_, sent) => {
    await using server = await RecordedListener.open(tlsDriver, { transport: 'tls' });
    const client = await connect(tcpDriver, { port: server.port });
    client.attach();
    if (sent !== '') await client.send(Buffer.from(sent, 'latin1'));
    const refusal = await (await server.accepted()).refusal(100);
    const text = 'the TLS handshake was not complete within 100 ms';
    expect(refusal).toEqual({ call: 'handshake', errno: 'ETIMEDOUT', text });
    await client.until('ended');
    client.socket.destroy();
  });

  test.each(['before', 'after'] as const)('fails when the peer hangs up %s it has begun', async (when) => {
    await using server = await RecordedListener.open(tlsDriver, { transport: 'tls' });
    const client = await connect(tcpDriver, { port: server.port });
    client.attach();
    const accepted = await server.accepted();
    const hangUp = async () => {
      await client.send(Buffer.from([0x16, 3, 1]));
      client.socket.endWriting();
    };
    if (when === 'before') await hangUp();
    const refusal = accepted.refusal();
    if (when === 'after') await hangUp();
    const text = 'the peer closed the connection during the TLS handshake';
    expect(await refusal).toEqual({ call: 'handshake', errno: 'ECONNRESET', text });
    client.socket.destroy();
  });

  test('fails when the peer resets', async () => {
    await using server = await RecordedListener.open(tlsDriver, { transport: 'tls' });
    const client = await connect(tcpDriver, { port: server.port });
    client.attach();
    const refusal = (await server.accepted()).refusal();
    client.socket.reset();
    expect(await refusal).toMatchObject({ call: 'handshake', errno: 'ECONNRESET' });
  });

  test('can be called off', async () => {
    await using server = await RecordedListener.open(tlsDriver, { transport: 'tls' });
    const client = await connect(tcpDriver, { port: server.port });
    const accepted = await server.accepted();
    const abort = new AbortController();
    const events = accepted.shake(10_000, abort.signal);
    abort.abort();
    expect(await events).toEqual({ call: 'handshake', errno: 'ECANCELED' });
    client.attach();
    await client.until('ended');
    client.socket.destroy();
    const late = await connect(tcpDriver, { port: server.port });
    const refused = await (await server.accepted(1)).shake(10_000, abort.signal);
    expect(refused).toEqual({ call: 'handshake', errno: 'ECANCELED' });
    late.socket.destroy();
  });

  test('that was destroyed under way fails and leaves nothing', async () => {
    await using server = await RecordedListener.open(tlsDriver, { transport: 'tls' });
    const client = await connect(tcpDriver, { port: server.port });
    const accepted = await server.accepted();
    const refusal = accepted.refusal();
    accepted.socket.destroy();
    expect((await refusal).errno).toBe('ECONNRESET');
    client.socket.destroy();
  });
});

describe('A handshake of a client', () => {
  async function against(behave: (socket: net.Socket) => void) {
    const server = net.createServer((socket) => {
      socket.on('error', () => {});
      behave(socket);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as net.AddressInfo;
    const client = await connect(tlsDriver, { port, tls: tlsOptions({ verify: false }) });
    return { client, [Symbol.asyncDispose]: async () => void server.close() };
  }

  test('fails where a plain server talks first', async () => {
    await using plain = await against((socket) => socket.end('220 mail.example ESMTP\r\n'));
    const refusal = await plain.client.refusal();
    expect(refusal).toMatchObject({ call: 'handshake', errno: 'ERR_SSL_WRONG_VERSION_NUMBER' });
    expect(refusal.text).toContain('the peer sent bytes that are not TLS; it may speak plain TCP');
  });

  test('fails where the server closes, resets, or says nothing', async () => {
    await using closing = await against((socket) => socket.resume().end());
    expect(await closing.client.refusal()).toMatchObject({
      errno: 'ECONNRESET',
      text: expect.stringContaining('closed'),
    });
    await using resetting = await against((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(await resetting.client.refusal()).toMatchObject({ call: 'handshake', errno: 'ECONNRESET' });
    await using silent = await against((socket) => socket.resume().on('end', () => socket.end()));
    expect(await silent.client.refusal(100)).toMatchObject({ call: 'handshake', errno: 'ETIMEDOUT' });
  });

  test('can be called off', async () => {
    await using silent = await against((socket) => socket.resume().on('end', () => socket.end()));
    const abort = new AbortController();
    const events = silent.client.shake(10_000, abort.signal);
    abort.abort();
    expect(await events).toEqual({ call: 'handshake', errno: 'ECANCELED' });
  });
});

describe('Two sides that have nothing in common', () => {
  const cases: readonly [string, Partial<TlsOptions>, Partial<TlsOptions>, [string, string], [string, string]][] = [
    [
      'no version',
      { minVersion: 'TLSv1.3' },
      { maxVersion: 'TLSv1.2' },
      ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'no TLS version that is allowed on this side'],
      ['PROTOCOL_VERSION', 'alert protocol_version (70): it supports none of the TLS versions that we offered'],
    ],
    [
      'no application protocol',
      { alpn: ['h2', 'mqtt'] },
      { alpn: ['http/1.1'] },
      ['NO_APPLICATION_PROTOCOL', 'no application protocol (ALPN)'],
      ['NO_APPLICATION_PROTOCOL', 'alert no_application_protocol (120): the two sides have no application protocol'],
    ],
  ];
  test.each(cases)('fail with %s, and each side reports why', async (_, ofServer, ofClient, atServer, atClient) => {
    await using server = await RecordedListener.open(tlsDriver, { tls: tlsOptions(ofServer) });
    const { client, accepted } = await meet(server, { verify: false, ...ofClient });
    const [mine, theirs] = await Promise.all([client.refusal(), accepted.refusal()]);
    expect(theirs.errno).toContain(atServer[0]);
    expect(theirs.text).toContain(atServer[1]);
    expect(mine.errno).toContain(atClient[0]);
    expect(mine.text).toContain(atClient[1]);
  });

  test('agree on the protocol that the server prefers', async () => {
    await using server = await RecordedListener.open(tlsDriver, { tls: tlsOptions({ alpn: ['mqtt', 'h2'] }) });
    const { client, accepted } = await meet(server, { verify: false, alpn: ['http/1.1', 'h2', 'mqtt'] });
    const [seen, shown] = await Promise.all([client.secure(), accepted.secure()]);
    expect([seen.alpn, shown.alpn]).toEqual(['mqtt', 'mqtt']);
    const other = await meet(server, { verify: false });
    const [unnamed] = await Promise.all([other.client.secure(), (await server.accepted(1)).secure()]);
    expect(unnamed.alpn).toBe('');
  });

  test('speak an old version where both allow it', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', verify: false } as const;
    await using server = await RecordedListener.open(tlsDriver, { tls: tlsOptions(old) });
    const { client, accepted } = await meet(server, old);
    const [seen] = await Promise.all([client.secure(), accepted.secure()]);
    expect(seen.protocol).toBe('TLSv1.1');
  });
});
