import { describe, expect, it } from 'vitest';
import { CaptureFlows } from '#shared/pcap/reading/capture-flows.ts';
import { down, handshake, imported, shorts, TimedLog, timed, up } from '#support/capture-flows.ts';
import { client, type Frame, server, startAt, tcp } from '#support/captures.ts';

describe('a captured TCP connection with a gap', () => {
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
});
