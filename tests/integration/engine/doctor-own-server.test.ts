import { describe, expect, test } from 'vitest';
import { createConfig } from '#shared/endpoint/endpoint-config.ts';
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
    'does not connect to a TCP server of this program that a %s client connected to: listening on %s',
    async (transport, host) => {
      await using bench = new TestEngine();
      const { port } = await bench.serve({ host });
      const { id } = bench.engine.create(createConfig('client', transport, { port }));
      const name = transport === 'tls' ? 'TLS' : 'WebSocket with TLS';
      expect(await bench.engine.open(id)).toMatchObject({
        ok: false,
        error: {
          code: 'wrong-protocol',
          hint: `The server at 127.0.0.1:${port}, a server of this Wirebench, speaks TCP, not ${name}: select TCP.`,
          checks: [`127.0.0.1:${port} is a server of this Wirebench and speaks TCP.`],
        },
      });
      expect(peersOf(bench)).toBe(1);
    },
  );

  test('reports the transport of a silent server of this program', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve({ behaviour: { kind: 'silent' } });
    const { id } = bench.engine.create(createConfig('client', 'ws', { port, connectTimeoutMs: 200 }));
    const opened = await bench.engine.open(id);
    expect(opened).toMatchObject({ ok: false, error: { hint: expect.stringContaining('speaks TCP, not WebSocket') } });
    expect(peersOf(bench)).toBe(1);
  });
});
