import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Row, SocketInfo } from '#shared/record/record.ts';
import { layoutOf } from '#shared/sequence/layout.ts';
import type { Arrow, PlacedRow } from '#shared/sequence/picture.ts';
import { placeSockets } from '#shared/sequence/places.ts';

const facts = { transport: 'tcp', name: 'echo', framing: 'raw' } as const;
const client: SocketInfo = {
  ...facts,
  id: 2,
  role: 'outgoing',
  endpoint: 'c',
  local: '127.0.0.1:5',
  peer: '127.0.0.1:1',
};
const server: SocketInfo = {
  ...facts,
  id: 3,
  role: 'accepted',
  endpoint: 's',
  local: '127.0.0.1:1',
  peer: '127.0.0.1:5',
};
const listener: SocketInfo = { ...facts, id: 1, role: 'listener', endpoint: 's', local: '127.0.0.1:1', peer: '' };
const sockets = placeSockets([listener, client, server]);

function row(at: number, kind: Row['kind'], socket: number, more: Partial<Row> = {}): PlacedRow {
  const empty = { offset: 0, length: 0, head: 0, tail: 0, flags: 0, preview: '' };
  return { at, row: { ...empty, seq: at, at, kind, socket, ...more } };
}

/** Splits a stream of `total` bytes into pieces. */
const pieces = (total: number) =>
  fc.uniqueArray(fc.integer({ min: 1, max: total - 1 }), { maxLength: 8 }).map((places) => {
    const ends = [...places.sort((one, two) => one - two), total];
    return ends.map((end, index) => ({ offset: ends[index - 1] ?? 0, length: end - (ends[index - 1] ?? 0) }));
  });

/** The same bytes, sent in some pieces by the client and received in others by the server, in any order of records. */
const conversation = fc.integer({ min: 2, max: 60 }).chain((total) =>
  fc
    .tuple(pieces(total), pieces(total), fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }))
    .map(([sent, got, turns]) => {
      const rows: PlacedRow[] = [];
      const [sends, reads] = [[...sent], [...got]];
      for (const turn of turns) {
        const next = turn ? (sends.shift() ?? reads.shift()) : (reads.shift() ?? sends.shift());
        if (next) rows.push(row(rows.length, sent.includes(next) ? 'out' : 'in', sent.includes(next) ? 2 : 3, next));
      }
      return rows;
    }),
);

const isWhole = ({ from, to }: Arrow) => from.socket !== undefined && to.socket !== undefined;
const bytesOf = (arrows: readonly Arrow[]) => arrows.filter(({ kind }) => kind === 'bytes');

describe('the sequence of records', () => {
  it('covers each byte of a send exactly once with its arrows, where both ends are there', () => {
    fc.assert(
      fc.property(conversation, (rows) => {
        const arrows = bytesOf(layoutOf(rows, sockets).arrows);
        expect(arrows.every(isWhole)).toBe(true);
        const covered = arrows.flatMap(({ offset, bytes }) =>
          Array.from({ length: bytes }, (_, index) => offset + index),
        );
        const all = rows.filter(({ row: { kind } }) => kind === 'out').reduce((sum, it) => sum + it.row.length, 0);
        expect(covered.sort((one, two) => one - two)).toEqual(Array.from({ length: all }, (_, index) => index));
      }),
    );
  });

  it('is, for a part of the rows, that part of the whole', () => {
    const window = fc.tuple(conversation, fc.nat(12), fc.nat(12));
    fc.assert(
      fc.property(window, ([rows, from, count]) => {
        const part = rows.slice(from, from + count);
        if (part.length === 0) return;
        const [whole, seen] = [layoutOf(rows, sockets), layoutOf(part, sockets)];
        const isIn = (at: number) => at >= from && at < from + part.length;
        expect(seen.boxes).toEqual(whole.boxes.filter(({ at }) => isIn(at)));
        const arrowsIn = bytesOf(whole.arrows).filter(({ from: start, to }) => isIn(start.at) && isIn(to.at));
        const drawn = bytesOf(seen.arrows)
          .filter(isWhole)
          .map(({ offset, bytes }) => ({ offset, bytes }));
        // A recv recorded before its send has its arrow in its own row; its send may be outside.
        for (const { offset, bytes } of drawn)
          expect(arrowsIn.map((it) => ({ offset: it.offset, bytes: it.bytes }))).toContainEqual({ offset, bytes });
        for (const gauge of seen.gauges) expect(whole.gauges).toContainEqual(gauge);
      }),
    );
  });

  it('shows one send in two reads, two sends in one read, and what was not received', () => {
    const split = [
      row(0, 'out', 2, { length: 14 }),
      row(1, 'in', 3, { length: 5 }),
      row(2, 'in', 3, { offset: 5, length: 9 }),
    ];
    expect(bytesOf(layoutOf(split, sockets).arrows).map(({ bytes, to }) => [bytes, to.at])).toEqual([
      [5, 1],
      [9, 2],
    ]);
    const joined = [
      row(0, 'out', 2, { length: 4 }),
      row(1, 'out', 2, { offset: 4, length: 6 }),
      row(2, 'in', 3, { length: 10 }),
    ];
    expect(bytesOf(layoutOf(joined, sockets).arrows).map(({ bytes, from }) => [bytes, from.at])).toEqual([
      [4, 0],
      [6, 1],
    ]);
    const lost = bytesOf(layoutOf([row(0, 'out', 2, { length: 4 })], sockets).arrows);
    expect(lost).toMatchObject([{ bytes: 4, from: { socket: 2 }, to: { socket: undefined } }]);
  });

  it('shows how many bytes wait in the receive buffer', () => {
    const rows = [
      row(0, 'out', 2, { length: 4 }),
      row(1, 'out', 2, { offset: 4, length: 6 }),
      row(2, 'in', 3, { length: 10 }),
    ];
    const unread = layoutOf(rows, sockets).gauges.map(({ socket, at, amount }) => [socket, at, amount]);
    expect(unread).toEqual([
      [3, 0, 4],
      [3, 1, 10],
    ]);
  });

  it('shows a call that waits as one box, from its start to the row in which it returned', () => {
    const call = (at: number, more: object): PlacedRow =>
      row(at, 'call', 1, {
        at: 100 + at,
        event: {
          kind: 'call',
          name: 'accept',
          args: '',
          origin: 'observed',
          startAt: 100,
          durationMs: at,
          number: 7,
          pid: 1,
          ...more,
        },
      });
    const rows = [
      row(0, 'in', 3, { at: 99 }),
      call(1, { waits: true }),
      row(2, 'in', 3, { at: 102 }),
      call(3, { result: 4 }),
    ];
    expect(layoutOf(rows, sockets).boxes.filter(({ name }) => name === 'accept')).toMatchObject([
      { from: 1, at: 3, waits: false, label: 'accept()', endsAfter: false },
    ]);
    const waiting = layoutOf(rows.slice(0, 3), sockets).boxes.filter(({ name }) => name === 'accept');
    expect(waiting).toMatchObject([{ from: 1, at: 2, label: 'accept() …', endsAfter: true }]);
  });

  it('puts the end that connected on the left of the one that accepted, and the listener on the right of both', () => {
    expect([...sockets.lifelines.keys()]).toEqual([2, 3, 1]);
    const xs = [2, 3, 1].map((id) => sockets.places.lifelines.get(id)?.x ?? 0);
    expect(xs).toEqual([...xs].sort((one, two) => one - two));
  });
});
