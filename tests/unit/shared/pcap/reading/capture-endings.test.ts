import { describe, expect, it } from 'vitest';
import { down, handshake, imported, opened, shorts, up } from '#support/capture-flows.ts';
import { client, server } from '#support/captures.ts';

describe('the end of a captured TCP connection', () => {
  it('that is refused fails and is closed', () => {
    expect(shorts(imported([up(99, 'S'), down(0, 'RA', '', 100)]))).toEqual([
      `connecting to ${server}`,
      `connect() to ${server} failed: ECONNREFUSED (connection refused)`,
      'closed after error (ECONNREFUSED) · 0 B in, 0 B out',
    ]);
  });

  it('that is reset says which side reset it, and keeps what came before', () => {
    expect(shorts(imported([...handshake, up(100, 'PA', 'a'), down(500, 'R')])).slice(2)).toEqual([
      'out “a”',
      'reset by peer (RST, ECONNRESET) · 0 B in, 1 B out',
    ]);
    expect(shorts(imported([...handshake, up(100, 'R')])).slice(2)).toEqual(['reset locally (RST) · 0 B in, 0 B out']);
  });

  it('that goes on where the capture ends says so', () => {
    expect(shorts(imported([...handshake])).at(-1)).toBe('closed: stopped (the capture ended) · 0 B in, 0 B out');
  });

  it('between the same addresses as one before it is another socket', () => {
    const again = handshake.map((packet) => Buffer.from(packet));
    for (const packet of again) packet.writeUInt32BE((packet.readUInt32BE(24) + 5_000) >>> 0, 24);
    const closed = imported([...handshake, up(100, 'FA'), down(500, 'FA'), up(5_099, 'S')]);
    expect([...closed.log.sockets.keys()]).toEqual([1, 2]);
    const open = imported([...handshake, ...again]);
    expect(shorts(open).at(-1)).toContain('a new connection between the same addresses began');
    expect(shorts(open, 2)[0]).toBe(opened[0]);
  });

  it('has no second socket for what comes after its end', () => {
    const result = imported([
      ...handshake,
      up(100, 'FA'),
      down(500, 'FA'),
      up(101, 'A', '', 501),
      up(101, 'PA', 'late'),
    ]);
    expect(result.flows).toMatchObject({ sockets: 1, latePackets: 1 });
  });

  it('has the bytes that a RST carries, before its end', () => {
    const packets = [...handshake, up(100, 'PA', 'GET'), down(500, 'RA', 'reset cause', 103)];
    expect(shorts(imported(packets)).slice(2)).toEqual([
      'out “GET”',
      'in “reset cause”',
      'reset by peer (RST, ECONNRESET) · 11 B in, 3 B out',
    ]);
  });

  it('has what came after its reset in a socket that says so, once, whatever answers it', () => {
    const result = imported([
      ...handshake,
      down(500, 'PA', 'before', 100),
      up(100, 'R'),
      down(500, 'PA', 'before', 100),
      down(506, 'A', 'after', 100),
      up(100, 'R'),
      down(506, 'A', 'after', 100),
      down(511, 'A', 'more', 100),
      up(100, 'R'),
    ]);
    expect(result.log.sockets.size).toBe(2);
    expect(shorts(result).at(-1)).toBe('reset locally (RST) · 6 B in, 0 B out');
    expect(shorts(result, 2)).toEqual([
      'the following bytes were sent after the reset (RST) of socket 1: a receiver discards them',
      'in “after”',
      'in “more”',
      'closed: stopped (the connection was reset before) · 9 B in, 0 B out',
    ]);
    expect(result.log.sockets.get(2)).toMatchObject({ local: client, peer: server });
    expect(result.flows.latePackets).toBe(1);
  });
});
