import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { cases } from '#support/cases.ts';
import { TestEngine } from '#support/engine.ts';

const framings: readonly FramingSpec[] = [
  { kind: 'raw' },
  { kind: 'delimiter', delimiter: '0a' },
  { kind: 'delimiter', delimiter: '0d0a' },
  { kind: 'json' },
];

type Step =
  | { readonly do: 'send'; readonly side: 'client' | 'server'; readonly bytes: Uint8Array; readonly frame: boolean }
  | { readonly do: 'shutdown' | 'close' | 'reset'; readonly side: 'client' | 'server' };

const side = fc.constantFrom<'client' | 'server'>('client', 'server');
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      side,
      bytes: fc.oneof(
        fc.uint8Array({ maxLength: 80 }),
        fc.string().map((text) => new Uint8Array(Buffer.from(`${text}\n`))),
        fc.integer({ min: 60_000, max: 700_000 }).map((size) => new Uint8Array(size).fill(0x61)),
      ),
      frame: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('shutdown' as const, 'close' as const), side }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reset' as const), side }) },
);

test('every byte is recorded once and in order, numbers are dense, each socket ends once, after any actions', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 14 }),
      fc.constantFrom(...framings),
      fc.constantFrom('silent' as const, 'echo' as const),
      fc.boolean(),
      async (steps, framing, behaviour, halfOpen) => {
        await using bench = new TestEngine();
        const { port, view } = await bench.serve({ framing, behaviour: { kind: behaviour }, halfOpen });
        const client = await bench.connect(port, { framing, halfOpen });
        const peer = await bench.accepted();
        const ids = { client: client.socket, server: peer };
        const sends: Promise<unknown>[] = [];
        for (const action of steps) {
          const id = ids[action.side];
          if (action.do === 'send') sends.push(bench.send([id], action.bytes, action.frame));
          else if (action.do === 'reset') bench.engine.reset(id);
          else if (action.do === 'close') bench.engine.closeSocket(id);
          else bench.engine.shutdown(id);
        }
        // A side that waits for the other's end must not wait forever.
        bench.engine.closeSocket(ids.client);
        bench.engine.closeSocket(ids.server);
        await Promise.all(sends);
        await bench.engine.close(client.id);
        await bench.engine.close(view.id);

        const { log } = bench;
        expect(log.records.map(({ seq }) => seq)).toEqual(log.records.map((_, index) => index));
        for (const id of log.sockets.keys()) {
          const kinds = log.kinds(id);
          expect(kinds.filter((kind) => kind === 'closed')).toHaveLength(1);
          expect(kinds.at(-1)).toBe('closed');
        }
        for (const [from, to] of [
          [ids.client, ids.server],
          [ids.server, ids.client],
        ] as const) {
          const sent = log.stream(from, 'out');
          const received = log.stream(to, 'in');
          const closed = await bench.event(from, 'closed');
          expect(sent).toHaveLength(closed.bytesOut);
          expect(received).toHaveLength((await bench.event(to, 'closed')).bytesIn);
          // What the kernel took but never delivered (a reset, say) is the difference, and only at the end. After an
          // end in the middle of a write the kernel may have taken more than it had reported.
          const common = Math.min(sent.length, received.length);
          expect(received.subarray(0, common).equals(sent.subarray(0, common))).toBe(true);
        }
      },
    ),
    cases(40),
  );
});
