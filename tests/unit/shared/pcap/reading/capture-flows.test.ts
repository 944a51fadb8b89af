import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CaptureFlows } from '#shared/pcap/reading/capture-flows.ts';
import { describeEvent } from '#shared/record/record.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { client, type Frame, ip, server, startAt, type TestSegment, tcp, udp } from '#support/captures.ts';
import { cases, Reached } from '#support/cases.ts';
import { liveHeap } from '#support/load.ts';
import { MemoryLog, type MemoryRecord } from '#support/memory-log.ts';

/** Keeps the time of each record, too. */
class TimedLog extends MemoryLog {
  readonly #times: number[] = [];

  override event(socket: number, at: number, event: SocketEvent): number {
    this.#times.push(at);
    return super.event(socket, at, event);
  }

  override messages(
    ...[socket, direction, at, carryOver, bytes, boundaries]: Parameters<MemoryLog['messages']>
  ): number {
    for (let index = 0; index < boundaries.count; index += 1) this.#times.push(at);
    return super.messages(socket, direction, at, carryOver, bytes, boundaries);
  }

  /** Milliseconds since the start of a test's packets. */
  timeOf(record: MemoryRecord): number {
    return (this.#times[this.records.indexOf(record)] as number) - startAt;
  }
}

interface Imported {
  readonly log: TimedLog;
  readonly flows: CaptureFlows;
}

/** Imports IP packets. `interfaceName` and `writer` as a capture file has them. */
function imported(packets: readonly (Buffer | Frame)[], writer = '', interfaceName = ''): Imported {
  const log = new TimedLog();
  const flows = new CaptureFlows(log);
  for (const { at, bytes, captured = bytes.length } of packets.map((packet, index) =>
    Buffer.isBuffer(packet) ? { at: startAt + index, bytes: packet } : packet,
  ) as Frame[]) {
    const data = bytes.subarray(0, captured);
    flows.take({ at, linkType: 101, data, originalLength: bytes.length, comments: [], writer, interfaceName });
  }
  flows.end();
  return { log, flows };
}

/** A record in short: a message as `in “text”`, an event as its sentence. */
const short = ({ kind, bytes, event, flags }: MemoryRecord) =>
  event ? describeEvent(event) : `${kind} “${bytes.toString('latin1')}”${flags === 0 ? '' : ` ${flags}`}`;
const shorts = ({ log }: Imported, socket = 1) => log.of(socket).map(short);

/** With the milliseconds since the start. */
const timed = ({ log }: Imported, socket = 1) =>
  log.of(socket).map((record) => `${log.timeOf(record)} ${short(record)}`);

const up = (seq: number, flags: string, data = '', ack = 0) => tcp({ seq, flags, data, ack });
const down = (seq: number, flags: string, data = '', ack = 0) =>
  tcp({ from: server, to: client, seq, flags, data, ack });
const handshake = [up(99, 'S'), down(499, 'SA', '', 100), up(100, 'A', '', 500)];
const opened = [`connecting to ${server}`, `connected to ${server} from ${client} in 1 ms`];

describe('a captured TCP connection', () => {
  it('takes little more memory for a message than its bytes, in however many segments it came', () => {
    const count = 300_000;
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
    expect(memory() - before).toBeLessThan(40 * 1_048_576);
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

  it('is put in order, without what was sent again', () => {
    const result = imported([
      ...handshake,
      up(103, 'PA', 'two'),
      up(100, 'PA', 'one'),
      up(100, 'PA', 'one'),
      up(104, 'PA', 'woTHREE'),
    ]);
    expect(shorts(result).slice(2, -1)).toEqual(['out “one”', 'out “two”', 'out “THREE”']);
  });

  it('that is refused fails and is closed', () => {
    expect(shorts(imported([up(99, 'S'), down(0, 'RA', '', 100)]))).toEqual([
      `connecting to ${server}`,
      `connect() to ${server} failed: ECONNREFUSED (connection refused)`,
      'closed after error (ECONNREFUSED) · 0 B in, 0 B out',
    ]);
  });

  it('that is reset says by whom, and keeps what came before', () => {
    expect(shorts(imported([...handshake, up(100, 'PA', 'a'), down(500, 'R')])).slice(2)).toEqual([
      'out “a”',
      'reset by peer (RST) (ECONNRESET) · 0 B in, 1 B out',
    ]);
    expect(shorts(imported([...handshake, up(100, 'R')])).slice(2)).toEqual(['reset locally (RST) · 0 B in, 0 B out']);
  });

  it('that goes on where the capture ends says so', () => {
    expect(shorts(imported([...handshake])).at(-1)).toBe('closed: stopped (the capture ended) · 0 B in, 0 B out');
  });

  it('says how many bytes are missing, and goes on', () => {
    expect(shorts(imported([...handshake, up(100, 'PA', 'one'), up(110, 'PA', 'two')])).slice(2, -1)).toEqual([
      'out “one”',
      '7 bytes sent here are missing in the capture: bytes 3 to 9 of the stream (TCP sequence numbers 103 to 109)',
      'out “two”',
    ]);
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

  it('flags what the capture has cut off, and says how much', () => {
    const long = up(100, 'PA', 'long message');
    const result = imported([
      ...handshake,
      { at: startAt, bytes: long, captured: long.length - 8 },
      up(112, 'PA', 'next'),
    ]);
    expect(shorts(result).slice(2)).toEqual([
      'out “long” 2',
      'out “next”',
      'limit snaplen: of 1 packets sent the capture has only the beginning: 8 bytes are missing',
      'closed: stopped (the capture ended) · 0 B in, 8 B out',
    ]);
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

  it('has the bytes that a RST carries, before its end', () => {
    const packets = [...handshake, up(100, 'PA', 'GET'), down(500, 'RA', 'reset cause', 103)];
    expect(shorts(imported(packets)).slice(2)).toEqual([
      'out “GET”',
      'in “reset cause”',
      'reset by peer (RST) (ECONNRESET) · 11 B in, 3 B out',
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

  it('keeps the first bytes where others were sent again, and says where', () => {
    const packets = [...handshake, up(100, 'PA', 'AAAAAAAA'), up(102, 'PA', 'ABBA'), up(108, 'PA', 'CCCC')];
    expect(shorts(imported(packets)).slice(2, -1)).toEqual([
      'out “AAAAAAAA”',
      'a retransmission differs from the bytes sent before in bytes 3 to 4 of the stream (TCP sequence numbers 103 to 104): the earlier ones are kept',
      'out “CCCC”',
    ]);
  });

  it('gives up a gap by the clock of the whole capture, and keeps all records in the order of time', () => {
    const at = (ms: number, bytes: Buffer): Frame => ({ at: startAt + ms, bytes });
    const other = (seq: number, data: string) => tcp({ from: '10.0.0.9:999', seq, flags: 'PA', data });
    const result = imported([
      ...handshake.map((packet) => at(0, packet)),
      at(100, down(500, 'PA', 'part1', 100)),
      at(200, down(510, 'PA', 'part3', 100)),
      at(250, up(100, 'A', '', 515)),
      at(400, other(0, 'while it waits')),
      at(1_500, other(14, 'later')),
      at(60_000, up(100, 'PA', 'next', 515)),
    ]);
    expect(result.log.records.map((record) => [result.log.timeOf(record), record.kind]).slice(2, -2)).toEqual([
      [100, 'in'],
      [200, 'problem'],
      [200, 'in'],
      [400, 'problem'],
      [400, 'out'],
      [1_500, 'out'],
      [60_000, 'out'],
    ]);
  });

  it('that ends where a gap before its FIN is given up has nothing after its end', () => {
    const at = (ms: number, bytes: Buffer): Frame => ({ at: startAt + ms, bytes });
    const result = imported([
      ...handshake.map((packet) => at(0, packet)),
      at(10, down(500, 'FA', '', 100)),
      at(20, up(100, 'PA', 'data', 501)),
      at(30, up(110, 'FA', '', 501)),
      at(40, down(501, 'A', '', 111)),
      at(5_000, tcp({ from: '10.0.0.9:999', seq: 0, flags: 'PA', data: 'another' })),
      at(6_000, up(100, 'PA', 'DATA', 501)),
    ]);
    expect(timed(result).slice(2)).toEqual([
      "10 peer sent FIN: recv() returns b''",
      '20 out “data”',
      '30 6 bytes sent here are missing in the capture: bytes 4 to 9 of the stream (TCP sequence numbers 104 to 109)',
      '30 sent FIN: the peer can still send',
      '40 closed by peer · 0 B in, 4 B out',
    ]);
    expect(result.flows).toMatchObject({ sockets: 2, latePackets: 1 });
  });

  it('that waits for ever lets what comes later pass after ten seconds', () => {
    const log = new TimedLog();
    const flows = new CaptureFlows(log);
    const common = { linkType: 101, comments: [], writer: '', interfaceName: '' };
    const take = (ms: number, data: Buffer) =>
      flows.take({ ...common, at: startAt + ms, data, originalLength: data.length });
    for (const packet of [...handshake, up(110, 'PA', 'behind a gap')]) take(0, packet);
    const other = (seq: number) => tcp({ from: '10.0.0.9:999', seq, flags: 'PA', data: 'x' });
    take(1_000, other(0));
    expect(log.sockets.has(2)).toBe(true);
    expect(log.of(2)).toEqual([]);
    take(10_500, other(1));
    expect(log.of(2).map(({ kind }) => kind)).toEqual(['problem', 'out', 'out']);
  });

  it('has each message at the time of its own packet, also where it waited for one before it', () => {
    const packets = [...handshake, up(103, 'PA', 'two'), up(106, 'PA', 'three'), up(100, 'PA', 'one')];
    expect(timed(imported(packets)).slice(2, -1)).toEqual(['5 out “one”', '3 out “two”', '4 out “three”']);
  });

  it('of which the capture holds one direction has that, and says how much of the other is not there', () => {
    const result = imported([
      up(99, 'S'),
      up(100, 'A', '', 500),
      up(100, 'PA', 'question', 500),
      up(108, 'A', '', 1_500),
      up(108, 'PA', 'next question', 1_500),
    ]);
    expect(shorts(result)).toEqual([
      `connecting to ${server}`,
      `connected to ${server} from ${client} (no SYN-ACK was captured: this is the time of the next packet)`,
      'out “question”',
      'out “next question”',
      'the capture has only one direction of this connection: about 1000 bytes received are not in it',
      'closed: stopped (the capture ended) · 0 B in, 21 B out',
    ]);
  });

  it('of which one direction is there goes on behind a gap after ten seconds', () => {
    const at = (ms: number, bytes: Buffer): Frame => ({ at: startAt + ms, bytes });
    const result = imported([
      at(0, up(100, 'PA', 'one')),
      at(1, up(110, 'PA', 'three')),
      at(9_000, up(115, 'PA', 'four')),
      at(20_000, up(119, 'PA', 'five')),
    ]);
    expect(timed(result).slice(1, -1)).toEqual([
      '0 out “one”',
      '1 7 bytes sent here are missing in the capture: bytes 3 to 9 of the stream (TCP sequence numbers 103 to 109)',
      '1 out “three”',
      '9000 out “four”',
      '20000 out “five”',
    ]);
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

  it('gives the same bytes and times in any order, segmentation and repetition of its packets', () => {
    const reached = new Reached<'out of order' | 'in order'>();
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 400 }),
        fc.integer({ min: 1, max: 50 }),
        fc.nat(0xffff_ffff),
        fc.array(fc.tuple(fc.nat(400), fc.integer({ min: 1, max: 80 })), { maxLength: 20 }),
        fc.infiniteStream(fc.nat(1_000)),
        (data, step, first, repeated, random) => {
          const sent = (from: number, length: number) => ({ from, bytes: data.subarray(from, from + length) });
          const pieces = repeated.flatMap(([from, length]) => (from < data.length ? [sent(from, length)] : []));
          for (let from = 0; from < data.length; from += step) pieces.push(sent(from, step));
          const shuffled = pieces.map((piece) => ({ piece, key: random.next().value ?? 0 }));
          shuffled.sort((one, other) => one.key - other.key);
          const order = shuffled.map(({ piece }) => piece);
          reached.note(order.some(({ from }, at) => from < (order[at - 1]?.from ?? 0)) ? 'out of order' : 'in order');
          const packets = order.map(({ from, bytes }) => tcp({ seq: first + 1 + from, flags: 'PA', data: bytes }));
          const { log } = imported([tcp({ seq: first, flags: 'S' }), ...packets]);
          expect(Buffer.compare(log.stream(1, 'out'), data)).toBe(0);
          let offset = 0;
          for (const record of log.of(1)) {
            const { kind, bytes } = record;
            expect(kind).not.toBe('problem');
            if (kind !== 'out') continue;
            offset += bytes.length;
            // The first packet that has the last byte of the message.
            const brought = order.findIndex(
              (piece) => piece.from < offset && piece.from + piece.bytes.length >= offset,
            );
            expect(log.timeOf(record)).toBe(1 + brought);
          }
        },
      ),
      cases(200),
    );
    reached.expectEach(['out of order', 'in order'], 5);
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
