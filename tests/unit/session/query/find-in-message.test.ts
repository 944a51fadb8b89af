import { describe, expect, it } from 'vitest';
import { searching } from '#session/query/questions/record.ts';
import { FilterSession, finished, type Script } from '#support/filter-session.ts';

describe('searching a message', () => {
  const pieceBytes = 1_048_576;
  const message = new Uint8Array(3 * pieceBytes);
  const places = [0, 17, pieceBytes - 3, 2 * pieceBytes - 1, message.length - 6];
  for (const at of places) message.set(Buffer.from('needle'), at);

  function readsOf({ reader, end }: FilterSession) {
    reader.index.walk(end);
    return reader.queryReads;
  }

  function search(session: FilterSession, from: number, backward: boolean): number | null {
    const needle = Buffer.from('needle');
    return finished(searching({ seq: 1, needle, from, backward }, readsOf(session))).at;
  }

  const before: Script = { kind: 'in', socket: 1, waitMs: 0, body: Buffer.from('needle'), head: 0, tail: 0, flags: 0 };

  it('finds every place in a message far larger than a block, forward and backward', () => {
    using session = new FilterSession([before, { ...before, body: message }, before]);
    const forward: number[] = [];
    for (let at = search(session, 0, false); at !== null; at = search(session, at + 1, false)) forward.push(at);
    expect(forward).toEqual(places);
    const backward: number[] = [];
    for (let at = search(session, message.length, true); at !== null; at = search(session, at, true)) backward.push(at);
    expect(backward).toEqual(places.toReversed());
  });

  it.each([-5, -3, -1, 0])('finds what begins %i bytes from the end of a piece, in either direction', (distance) => {
    const body = new Uint8Array(2 * pieceBytes + 6);
    const forwardAt = pieceBytes + distance;
    const backwardAt = body.length - pieceBytes + distance;
    for (const [at, from, backward] of [
      [forwardAt, 0, false],
      [backwardAt, body.length, true],
    ] as const) {
      using session = new FilterSession([before, { ...before, body: Buffer.from(body).fill('needle', at, at + 6) }]);
      expect(search(session, from, backward)).toBe(at);
    }
  });

  it('finds nothing in an event, and says so of a record that is not there', () => {
    using session = new FilterSession([before, { kind: 'event', socket: 1, waitMs: 0, event: { kind: 'ended' } }]);
    expect(search(session, 0, false)).toBeNull();
    const work = searching({ seq: 2, needle: Buffer.from('x'), from: 0, backward: false }, readsOf(session));
    expect(work.next().value).toMatchObject({ ok: false, error: { code: 'not-found' } });
  });

  it('finds a large message by its text', () => {
    using session = new FilterSession([
      { ...before, body: Buffer.from('hay') },
      { ...before, body: message },
    ]);
    expect(session.shown('text contains "needle"')).toEqual([1]);
    expect(session.shown('text contains "noodle"')).toEqual([]);
    expect(session.shown('!(bytes contains 00:00)')).toEqual([0]);
  });
});
