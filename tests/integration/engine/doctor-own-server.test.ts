import { describe, expect, test } from 'vitest';
import { defaultClient } from '#shared/contract/endpoint-config.ts';
import { TestEngine } from '#support/engine.ts';

/** How many peers all servers of `bench` have had. */
function peersOf(bench: TestEngine): number {
  return bench.log.records.filter(({ kind }) => kind === 'accepted').length;
}

describe('the doctor', () => {
  test.each([
    ['tls', '127.0.0.1'],
    ['tls', '0.0.0.0'],
    ['wss', '127.0.0.1'],
  ] as const)(
    'is no peer of a TCP server of ours that a %s client called: listening on %s',
    async (transport, host) => {
      await using bench = new TestEngine();
      const { port } = await bench.serve({ host });
      const { id } = bench.engine.create({ ...defaultClient, transport, port });
      const name = transport === 'tls' ? 'TLS' : 'WebSocket with TLS';
      expect(await bench.engine.open(id)).toMatchObject({
        ok: false,
        error: {
          code: 'wrong-protocol',
          hint: `The server at 127.0.0.1:${port} is one of this Wirebench and speaks TCP, not ${name}: choose TCP.`,
          checks: [`127.0.0.1:${port} is a server of this Wirebench, over TCP.`],
        },
      });
      expect(peersOf(bench)).toBe(1);
    },
  );

  test('says of a silent server of ours what it speaks', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve({ behaviour: { kind: 'silent' } });
    const { id } = bench.engine.create({ ...defaultClient, transport: 'ws', port, connectTimeoutMs: 200 });
    const opened = await bench.engine.open(id);
    expect(opened).toMatchObject({ ok: false, error: { hint: expect.stringContaining('speaks TCP, not WebSocket') } });
    expect(peersOf(bench)).toBe(1);
  });

  test('adds no failed handshake to a TLS server of ours that a TCP client spoke to', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve({ transport: 'tls' });
    const client = await bench.connect(port);
    const explained = new Promise<unknown>((resolve) => {
      bench.engine.subscribe(() => {
        const error = bench.engine.snapshot().endpoints.find(({ id }) => id === client.id)?.error;
        if (error) resolve(error);
      });
    });
    await bench.send([client.socket], Buffer.from('hello, this is no TLS\r\n'));
    const peer = await bench.accepted();
    await bench.event(peer, 'closed');
    // Whether the server resets the connection is the system's to choose; it is examined only then.
    const { cause } = await bench.event(client.socket, 'closed');
    if (cause === 'reset-by-peer') {
      expect(await explained).toMatchObject({ hint: expect.stringContaining('speaks TLS, not TCP: choose TLS') });
    }
    expect(peersOf(bench)).toBe(1);
  });
});
