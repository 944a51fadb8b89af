import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CaptureFlows } from '#shared/pcap/reading/capture-flows.ts';
import { down, handshake, imported, opened, shorts, timed, up } from '#support/capture-flows.ts';
import { client, type Frame, ip, server, startAt, type TestSegment, tcp, udp } from '#support/captures.ts';
import { cases } from '#support/cases.ts';
import { liveHeap } from '#support/load.ts';
import { MemoryLog, type MemoryRecord } from '#support/memory-log.ts';

describe('a captured TCP connection', () => {
  it('takes little more memory for a message than its bytes, in however many segments it came', () => {
    const count = 100_000;
    const log = new MemoryLog();
    const flows = new CaptureFlows(log);
    const common = { linkType: 101, comments: [], writer: 'Wirebench 1', interfaceName: '' };
    // Only what is still used counts, not what other tests of this process have left behind.
    const memory = () => liveHeap() + process.memoryUsage().external;
    const before = memory();
    for (let seq = 0; seq < count; seq += 1) {
      const data = up(seq, 'A', 'x');
      flows.take({ ...common, at: startAt, data, originalLength: data.length });
    }
    expect(memory() - before).toBeLessThan(14 * 1_048_576);
    flows.end();
    const [message] = log.of(1).filter(({ kind }) => kind === 'out');
    expect(message?.bytes.equals(Buffer.alloc(count, 'x'))).toBe(true);
  });

  it('is a socket with its handshake, its messages in both directions and its end', () => {
    const result = imported([
      ...handshake,
      up(100, 'PA', 'ping', 500),
      down(500, 'PA', 'pong', 104),
      up(104, 'FA', '', 504),
      down(504, 'FA', '', 105),
      up(105, 'A', '', 505),
    ]);
    expect(shorts(result)).toEqual([
      ...opened,
      'out “ping”',
      'in “pong”',
      'sent FIN: the peer can still send',
      "peer sent FIN: recv() returns b''",
      'closed locally · 4 B in, 4 B out',
    ]);
    expect(result.log.sockets.get(1)).toMatchObject({
      role: 'outgoing',
      transport: 'tcp',
      local: client,
      peer: server,
    });
    expect(result.flows.sockets).toBe(1);
  });

  it('that began before the capture says so, and its client is who has the higher port', () => {
    const result = imported([down(500, 'PA', 'from the server', 100), up(100, 'PA', 'from the client', 515)]);
    expect(shorts(result).slice(0, 3)).toEqual([
      'the capture begins in the middle of this connection: earlier bytes are missing',
      'in “from the server”',
      'out “from the client”',
    ]);
    expect(result.log.sockets.get(1)).toMatchObject({ local: client, peer: server });
  });

  it('goes on with the second of two answers to its SYN, where the client acknowledges that', () => {
    const result = imported([
      up(99, 'S'),
      down(4_999_999, 'SA', '', 100),
      down(999, 'SA', '', 100),
      up(100, 'PA', 'request', 1_000),
      down(1_000, 'PA', 'RESPONSE', 107),
    ]);
    expect(timed(result).slice(2, -1)).toEqual(['3 out “request”', '4 in “RESPONSE”']);
  });

  it('whose SYN is not there says that its start is not known, and is not begun again by it', () => {
    const result = imported([down(499, 'SA', '', 100), up(99, 'S'), up(100, 'PA', 'hello', 500)]);
    expect(shorts(result)).toEqual([
      `connected to ${server} from ${client} (no SYN was captured: the start time is unknown)`,
      'out “hello”',
      'closed: stopped (the capture ended) · 0 B in, 5 B out',
    ]);
  });

  it('that begins with a keep-alive probe has no byte of it', () => {
    const result = imported([up(99, 'A', '\0', 500), down(500, 'A', '', 100), up(100, 'PA', 'GET', 500)]);
    expect(shorts(result).slice(1, -1)).toEqual([
      'out “GET”',
      'a keep-alive probe is the first packet sent: its byte is not part of the stream',
    ]);
    expect(result.flows).toMatchObject({ earlyBytes: 0, lateBytes: 0 });
  });

  it('of a Wirebench export has its messages whole and its side', () => {
    const packets = [...handshake, up(100, 'A', 'one '), up(104, 'PA', 'message'), up(111, 'PA', 'two')];
    const result = imported(packets, 'Wirebench 1.0', 'socket 4 · echo · accepted');
    expect(result.log.sockets.get(1)).toMatchObject({ role: 'accepted', local: server, peer: client });
    expect(shorts(result).slice(0, 3)).toEqual([`accepted ${client}`, 'in “one message”', 'in “two”']);
  });
});

describe('captured datagrams', () => {
  it('are a message each, with a socket for each pair of ends', () => {
    const result = imported([
      udp({ data: 'question' }),
      udp({ from: server, to: client, data: 'answer' }),
      udp({ data: '' }),
      udp({ from: '[::1]:5353', to: '[::2]:5353', data: 'other' }),
    ]);
    expect(shorts(result).slice(0, 3)).toEqual(['out “question”', 'in “answer”', 'out “”']);
    expect(shorts(result, 2)[0]).toBe('out “other”');
    expect(result.log.sockets.get(2)).toMatchObject({ transport: 'udp', local: '[::1]:5353', peer: '[::2]:5353' });
    expect(shorts(result).at(-1)).toBe('closed: stopped (the capture ended) · 6 B in, 8 B out');
  });

  it('that are cut keep what there is', () => {
    const bytes = udp({ data: 'question' });
    const result = imported([{ at: startAt, bytes, captured: bytes.length - 3 }]);
    expect(shorts(result).slice(0, 2)).toEqual([
      'out “quest” 2',
      'limit snaplen: of 1 packets sent the capture has only the beginning: 3 bytes are missing',
    ]);
  });
});

describe('a capture', () => {
  it('has counts of what is neither', () => {
    const { flows } = imported([
      ip(1, client, server, Buffer.alloc(8)),
      ip(132, client, server, Buffer.alloc(8)),
      Buffer.alloc(3),
    ]);
    expect([...flows.leftOut]).toEqual([
      ['ICMP packets', 1],
      ['SCTP packets', 1],
    ]);
    expect([...flows.notUnderstood]).toEqual([['raw packets that are not IP', 1]]);
  });

  it('with any segments gives dense records, one end for each socket and nothing after it', () => {
    const end = fc.constantFrom(client, server, '10.0.0.3:81');
    // Long enough now and then for what waits to be given up.
    const step = fc.oneof(fc.constant(1), fc.nat(3_000), fc.constant(30_000));
    const segment: fc.Arbitrary<TestSegment> = fc.record({
      from: end,
      to: end,
      seq: fc.oneof(fc.integer({ min: 95, max: 130 }), fc.nat(0xffff_ffff)),
      ack: fc.integer({ min: 95, max: 130 }),
      flags: fc.constantFrom('S', 'SA', 'A', 'PA', 'FA', 'RA', 'SF', 'SPA'),
      data: fc.string({ maxLength: 12 }),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(segment, step), { maxLength: 40 }), fc.boolean(), (segments, joined) => {
        let at = startAt;
        const frames = segments.map(([one, ms]): Frame => {
          at += ms;
          return { at, bytes: tcp(one) };
        });
        const { log, flows } = imported(frames, joined ? 'Wirebench' : '');
        expect(log.sockets.size).toBe(flows.sockets);
        for (const socket of log.sockets.keys()) {
          const kinds = log.kinds(socket);
          expect(kinds.indexOf('closed')).toBe(kinds.length - 1);
          const { event } = log.of(socket).at(-1) as MemoryRecord;
          expect(event).toMatchObject({
            bytesIn: log.stream(socket, 'in').length,
            bytesOut: log.stream(socket, 'out').length,
          });
        }
      }),
      cases(200),
    );
  });
});
