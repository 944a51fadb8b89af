import { describe, expect, test } from 'vitest';
import { createConfig, defaultClient } from '#shared/endpoint/endpoint-config.ts';
import { CertificateFolder } from '#support/certificates.ts';
import { clientTls } from '#support/config.ts';
import { TestEngine } from '#support/engine.ts';
import { startPeer } from '#support/peer.ts';

describe('an end that a transport does not have', () => {
  test.each(['udp', 'ws'] as const)('is refused in words: FIN of %s', async (transport) => {
    await using bench = new TestEngine();
    const { port } = await bench.serve({ transport });
    const { socket } = await bench.connect(port, { transport });
    expect(bench.engine.shutdown(socket)).toMatchObject({ ok: false, error: { code: 'unsupported' } });
    expect(bench.log.kinds(socket)).not.toContain('shutdown');
    if (transport === 'udp') {
      expect(bench.engine.reset(socket)).toMatchObject({ ok: false, error: { code: 'unsupported' } });
    }
  });
});

describe('TLS where it is not spoken', () => {
  test('a plain client that Python’s TLS server hangs up on reports what its port speaks', async () => {
    using folder = new CertificateFolder();
    const { certificate, key } = await folder.leaf();
    await using bench = new TestEngine();
    await using python = await startPeer('tls_only_server.py', certificate, key);
    const client = await bench.connect(Number(await python.line()));
    await bench.send([client.socket], Buffer.from('Hello, server!'));
    expect((await bench.event(client.socket, 'closed')).cause).toBe('reset-by-peer');
    const error = () => bench.engine.snapshot().endpoints.find(({ id }) => id === client.id)?.error;
    await expect.poll(error).toMatchObject({ code: 'wrong-protocol' });
    expect(error()?.hint).toContain('TLS');
  });

  test('a plain client that is answered in TLS reports that immediately', async () => {
    await using bench = new TestEngine();
    // The alert of RFC 8446, section 6: fatal, protocol_version.
    const alert = Uint8Array.of(0x15, 3, 3, 0, 2, 2, 70);
    const { port } = await bench.serve({ behaviour: { kind: 'silent' } });
    const { socket } = await bench.connect(port);
    await bench.send([await bench.accepted()], alert);
    expect((await bench.event(socket, 'problem')).text).toBe('this port speaks TLS: select TLS instead of TCP');
  });

  test('a plain server reports that its client speaks TLS, and the client that it has no answer in TLS', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve();
    const created = bench.engine.create(createConfig('client', 'tls', { port }));
    const opened = await bench.engine.open(created.id);
    expect(opened).toMatchObject({ ok: false, error: { code: 'wrong-protocol' } });
    const server = await bench.accepted();
    expect((await bench.event(server, 'problem')).text).toContain('the client speaks TLS');
  });
});

test('a half-close in the middle of a TLS handshake comes after it', async () => {
  await using bench = new TestEngine();
  const { port } = await bench.serve({ transport: 'tls', halfOpen: true, behaviour: { kind: 'silent' } });
  const tls = clientTls;
  const opening = bench.connect(port, { transport: 'tls', halfOpen: true, tls: { ...tls, verify: false } });
  const peer = await bench.accepted();
  bench.engine.shutdown(peer);
  const { socket } = await opening;
  await bench.event(socket, 'ended');
  await bench.send([socket], Buffer.from('the other way is open'));
  expect(String(await bench.stream(peer, 'in', 21))).toBe('the other way is open');
  expect(bench.log.kinds(peer).slice(0, 3)).toEqual(['accepted', 'secured', 'shutdown']);
});

test('a half-open connection that a person closes after the peer’s FIN does not come back', async () => {
  await using bench = new TestEngine();
  const { port } = await bench.serve({ halfOpen: true, behaviour: { kind: 'silent' } });
  const reconnect = { ...defaultClient.reconnect, kind: 'fixed', delayMs: 10 } as const;
  const client = await bench.connect(port, { halfOpen: true, reconnect });
  bench.engine.shutdown(await bench.accepted());
  await bench.event(client.socket, 'ended');
  bench.engine.closeSocket(client.socket);
  expect((await bench.event(client.socket, 'closed')).cause).toBe('peer');
  await bench.engine.close(client.id);
  expect(bench.log.records.some(({ kind }) => kind === 'waiting')).toBe(false);
});

test('what Node throws is a failure like any other: the client can be closed and opened again', async () => {
  await using bench = new TestEngine();
  const { port } = await bench.serve({ transport: 'tls' });
  // Past the schema, as a bug of ours or of Node's would be.
  const alpn = ['é'.repeat(200)];
  const config = createConfig('client', 'tls', { port, tls: { alpn } });
  const created = bench.engine.create(config);
  expect(await bench.engine.open(created.id)).toMatchObject({ ok: false });
  expect(await bench.engine.close(created.id)).toMatchObject({ ok: true, value: { state: 'failed' } });
});

test('a close that is under way has its grace period, also under a shorter idle timeout', async () => {
  await using bench = new TestEngine();
  const { port } = await bench.serve({ behaviour: { kind: 'silent' } });
  const limits = { ...defaultClient.limits, idleMs: 60 };
  const { socket } = await bench.connect(port, { limits });
  const peer = await bench.accepted();
  bench.engine.setReading(peer, false);
  const sending = bench.send([socket], new Uint8Array(16 * 1_048_576));
  bench.engine.closeSocket(socket);
  await sending;
  await bench.event(socket, 'closed');
  const limited = bench.log.of(socket).flatMap(({ event }) => (event?.kind === 'limited' ? [event.limit] : []));
  expect(limited).toEqual(['closeGrace', 'inFlight']);
});

test('a server that stops without its connections frees its address and still answers them; the next stop closes them', async () => {
  await using bench = new TestEngine();
  const { port, view, listener } = await bench.serve({ behaviour: { kind: 'echo' } });
  const client = await bench.connect(port);
  const peer = await bench.accepted();
  const stopped = await bench.engine.close(view.id, { keepConnections: true });
  expect(stopped).toMatchObject({ ok: true, value: { state: 'closed', peers: 1 } });
  expect(await bench.event(listener, 'closed')).toMatchObject({ cause: 'local' });
  await bench.send([client.socket], Buffer.from('still here'));
  expect(String(await bench.stream(client.socket, 'in', 10))).toBe('still here');
  // Others can listen there, this one too.
  const other = await bench.serve({ port });
  await bench.engine.close(other.view.id);
  expect(await bench.engine.open(view.id)).toMatchObject({ ok: true, value: { state: 'listening', peers: 1 } });
  await bench.engine.close(view.id);
  expect((await bench.event(peer, 'closed')).cause).toBe('stopped');
});
