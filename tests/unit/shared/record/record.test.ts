import { describe, expect, it } from 'vitest';
import { byteCount } from '#shared/bytes/units.ts';
import { describeEvent } from '#shared/record/record.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { socketInfo } from '#support/recorded-session.ts';

const v4 = { host: '127.0.0.1', port: 12_345, family: 4 } as const;
const v6 = { host: '::1', port: 12_345, family: 6 } as const;

describe('describeEvent', () => {
  it.each<[SocketEvent, string]>([
    [{ kind: 'listening', local: v4, backlog: 5 }, 'listening on 127.0.0.1:12345, backlog 5'],
    [
      { kind: 'listening', local: v4, backlog: 511, backlogCap: 128 },
      'listening on 127.0.0.1:12345, backlog 511, which the system limits to 128',
    ],
    [{ kind: 'resolved', name: 'localhost', addresses: [v6, v4] }, 'localhost resolved to ::1, 127.0.0.1'],
    [{ kind: 'resolved', name: 'nowhere', addresses: [] }, 'nowhere has no address'],
    [{ kind: 'connecting', peer: v6, attempt: 1, of: 2 }, 'connecting to [::1]:12345 (1 of 2)'],
    [{ kind: 'connecting', peer: v4, attempt: 1, of: 1 }, 'connecting to 127.0.0.1:12345'],
    [{ kind: 'accepted', local: v4, peer: { ...v4, port: 51_422 }, listener: 1 }, 'accepted 127.0.0.1:51422'],
    [
      { kind: 'opened', local: { ...v4, port: 51_422 }, peer: v4, elapsedMs: 0.42 },
      'connected to 127.0.0.1:12345 from 127.0.0.1:51422 in 0.4 ms',
    ],
    [
      { kind: 'opened', local: v4, peer: v4, elapsedMs: 0.02 },
      'connected to 127.0.0.1:12345 from 127.0.0.1:12345 in less than 0.1 ms',
    ],
    [{ kind: 'shutdown' }, 'sent FIN: the peer can still send'],
    [{ kind: 'ended' }, "peer sent FIN: recv() returns b''"],
    [{ kind: 'paused', reason: 'the session log is behind' }, 'recv() paused: the session log is behind'],
    [{ kind: 'resumed' }, 'recv() resumed'],
    [
      { kind: 'paused', call: 'accept', reason: 'new connections wait in the backlog' },
      'accept() paused: new connections wait in the backlog',
    ],
    [{ kind: 'resumed', call: 'accept' }, 'accept() resumed'],
    [{ kind: 'limited', limit: 'maxMessage', text: 'cut after 1 MiB' }, 'limit maxMessage: cut after 1 MiB'],
    [{ kind: 'problem', text: 'the file could not be read' }, 'the file could not be read'],
    [
      { kind: 'failed', call: 'connect', errno: 'ECONNREFUSED', text: 'connection refused', address: v6 },
      'connect() to [::1]:12345 failed: ECONNREFUSED (connection refused)',
    ],
    [
      { kind: 'failed', call: 'bind', errno: 'EADDRINUSE', text: 'address already in use', address: v4 },
      'bind() to 127.0.0.1:12345 failed: EADDRINUSE (address already in use)',
    ],
    [{ kind: 'failed', call: 'recv', errno: 'ECONNRESET', text: '' }, 'recv() failed: ECONNRESET'],
    [{ kind: 'closed', cause: 'peer', bytesIn: 14, bytesOut: 17 }, 'closed by peer · 14 B in, 17 B out'],
    [
      { kind: 'closed', cause: 'stopped', text: 'the capture ended', bytesIn: 1, bytesOut: 2 },
      'closed: stopped (the capture ended) · 1 B in, 2 B out',
    ],
    [
      { kind: 'closed', cause: 'reset-by-peer', errno: 'ECONNRESET', bytesIn: 0, bytesOut: 0 },
      'reset by peer (RST, ECONNRESET) · 0 B in, 0 B out',
    ],
  ])('says %o in words', (event, words) => {
    expect(describeEvent(event)).toBe(words);
  });

  it('groups the digits of large byte counts', () => {
    expect(byteCount(1_234_567)).toBe('1\u202f234\u202f567 B');
    expect(byteCount(999)).toBe('999 B');
  });
});

const info = socketInfo({ endpoint: '', name: '', local: '10.0.0.1:80', peer: '10.0.0.2:59364' });
const counts = { bytesIn: 1, bytesOut: 2 };
const counted = ' · 1 B in, 2 B out';

describe('what happened to a connection that was only observed', () => {
  it.each<[SocketEvent, string]>([
    [{ kind: 'shutdown' }, '10.0.0.1:80 sent FIN: 10.0.0.2:59364 can still send'],
    [{ kind: 'ended' }, '10.0.0.2:59364 sent FIN: 10.0.0.1:80 can still send'],
    [{ kind: 'closed', cause: 'local', ...counts }, `10.0.0.1:80 closed the connection${counted}`],
    [{ kind: 'closed', cause: 'peer', ...counts }, `10.0.0.2:59364 closed the connection${counted}`],
    [{ kind: 'closed', cause: 'reset-by-us', ...counts }, `10.0.0.1:80 reset the connection (RST)${counted}`],
    [{ kind: 'closed', cause: 'reset-by-peer', ...counts }, `10.0.0.2:59364 reset the connection (RST)${counted}`],
    [
      { kind: 'closed', cause: 'stopped', text: 'the capture ended', ...counts },
      `the capture ended while the connection was open${counted}`,
    ],
  ])('names the side that did it: %o', (event, words) => {
    expect(describeEvent(event, info)).toBe(words);
  });

  it('is no connection where it is UDP', () => {
    const event: SocketEvent = { kind: 'closed', cause: 'stopped', text: 'the capture ended', ...counts };
    expect(describeEvent(event, { ...info, transport: 'udp' })).toBe(`the capture ended${counted}`);
  });

  it('is ours where an endpoint had the socket', () => {
    expect(describeEvent({ kind: 'closed', cause: 'local', ...counts }, socketInfo())).toBe(`closed locally${counted}`);
  });
});
