import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Row, SocketInfo } from '#shared/record/record.ts';
import { inOrder } from '#shared/sequence/order.ts';

const facts = { transport: 'tcp', role: 'outgoing', framing: 'raw', local: 'a:1', peer: 'b:2' } as const;
const infos = new Map<number, SocketInfo>(
  [1, 2].map((id) => [id, { ...facts, id, name: `p${id}`, endpoint: `program-${id}`, program: `p${id}` }]),
);

function call(index: number, socket: number, startAt: number): Row {
  const empty = { offset: 0, length: 0, head: 0, tail: 0, flags: 0, preview: '' };
  const event = { kind: 'call', name: 'send', args: '', origin: 'observed', startAt, durationMs: 1 } as const;
  return { ...empty, seq: index, at: 1_000 + index, kind: 'call', socket, event };
}

it('puts calls that were recorded late where they happened, with what follows from them', () => {
  const recv = call(0, 1, 50);
  const send = call(1, 2, 20);
  const bytes: Row = { ...send, seq: 2, kind: 'out', event: undefined };
  const order = inOrder(new Map([recv, send, bytes].map((row, index) => [index + 7, row])), infos);
  expect([...order.rows].map(([place, { seq }]) => [place, seq])).toEqual([
    [7, 1],
    [8, 2],
    [9, 0],
  ]);
  expect(order.placeOf.get(7)).toBe(9);
  expect(order.indexAt.get(9)).toBe(7);
});

it('keeps every row at exactly one of the same places, and is in order', () => {
  const times = fc.array(fc.tuple(fc.nat(50), fc.constantFrom(1, 2)), { maxLength: 30 });
  fc.assert(
    fc.property(times, (list) => {
      const rows = new Map(list.map(([startAt, socket], index) => [index + 3, call(index, socket, startAt)]));
      const order = inOrder(rows, infos);
      expect([...order.rows.keys()]).toEqual([...rows.keys()]);
      for (const [index, row] of rows) expect(order.rows.get(order.placeOf.get(index) ?? -1)).toBe(row);
      for (const [place, index] of order.indexAt) expect(order.placeOf.get(index)).toBe(place);
      const starts = [...order.rows.values()].map(({ event }) => (event?.kind === 'call' ? event.startAt : 0));
      expect(starts).toEqual([...starts].sort((one, two) => one - two));
    }),
  );
});
