import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type StreamRange, TcpStream } from '#shared/pcap/reading/tcp-stream.ts';

/** What a stream gave out, in order. */
class Heard {
  readonly parts: Buffer[] = [];
  readonly missed: number[] = [];
  readonly times: number[] = [];
  /** First byte, length and time. */
  readonly conflicts: [number, number, number][] = [];
  ends = 0;

  bytes(captured: Uint8Array, length: number, _push: boolean, at: number): void {
    this.times.push(at);
    this.parts.push(Buffer.from(captured), Buffer.alloc(length - captured.length, '?'));
  }
  missing({ length }: StreamRange): void {
    this.missed.push(length);
  }
  conflict({ from, length }: StreamRange, at: number): void {
    this.conflicts.push([from, length, at]);
  }
  ended(): void {
    this.ends += 1;
  }
  get text(): string {
    return Buffer.concat(this.parts).toString('latin1');
  }
}

function stream(max = 1_000_000) {
  const heard = new Heard();
  const budget = { used: 0, max };
  const history = { used: 0, max: 1_000_000 };
  return { heard, budget, history, tcp: new TcpStream(heard, { waiting: budget, history }) };
}

const bytes = (text: string) => Buffer.from(text, 'latin1');

describe('a stream of TCP segments', () => {
  it('gives the same bytes for any cuts, order, repetition and overlap, across the wrap of the numbers', () => {
    const cut = fc.tuple(fc.nat(300), fc.integer({ min: 1, max: 60 }));
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 300 }),
        fc.oneof(fc.nat(0xffff_ffff), fc.integer({ min: 0xffff_ff00, max: 0xffff_ffff })),
        fc.array(cut, { maxLength: 60 }),
        fc.integer({ min: 1, max: 40 }),
        (data, first, extra, step) => {
          const { heard, budget, tcp } = stream();
          tcp.begin(first);
          const push = (from: number, to: number) =>
            tcp.push(first + from, data.subarray(from, to), Math.min(to, data.length) - from, true, 0);
          // Pieces in any order, some of them not at all, then all of it once.
          for (const [from, length] of extra) if (from < data.length) push(from, from + length);
          for (let from = 0; from < data.length; from += step) push(from, Math.min(from + step, data.length));
          tcp.finish(first + data.length, 0);
          expect(Buffer.compare(Buffer.concat(heard.parts), data)).toBe(0);
          expect(heard.missed).toEqual([]);
          expect(heard.ends).toBe(1);
          expect(budget.used).toBe(0);
        },
      ),
    );
  });

  it('keeps what came first where segments overlap with other bytes', () => {
    const { heard, tcp } = stream();
    tcp.begin(0);
    tcp.push(4, bytes('EFGH'), 4, true, 0);
    tcp.push(2, bytes('cdefghij'), 8, true, 0);
    tcp.push(0, bytes('abCD'), 4, true, 0);
    expect(heard.text).toBe('abcdEFGHij');
    expect(tcp.repeated).toBe(6);
    expect(heard.conflicts).toEqual([
      [4, 4, 0],
      [2, 2, 0],
    ]);
  });

  it('says how many bytes are missing before it goes on behind them', () => {
    const { heard, tcp } = stream();
    tcp.begin(100);
    tcp.push(100, bytes('one'), 3, true, 0);
    tcp.push(110, bytes('two'), 3, true, 0);
    expect(heard.text).toBe('one');
    tcp.flush(0);
    expect(heard.text).toBe('onetwo');
    expect(heard.missed).toEqual([7]);
  });

  it('gives up a hole that the receiver has acknowledged, after a while', () => {
    const { heard, tcp } = stream();
    tcp.begin(0);
    tcp.push(10, bytes('late'), 4, true, 0);
    tcp.acknowledge(14, 500);
    expect(heard.text).toBe('');
    tcp.acknowledge(14, 1_600);
    expect(heard.missed).toEqual([10]);
    expect(heard.text).toBe('late');
  });

  it('says at the end what was acknowledged and never captured', () => {
    const { heard, tcp } = stream();
    tcp.begin(0);
    tcp.push(0, bytes('abc'), 3, true, 0);
    tcp.acknowledge(53, 0);
    tcp.flush(0);
    expect(heard.missed).toEqual([50]);
  });

  it('counts a truncated segment by its length on the wire', () => {
    const { heard, tcp } = stream();
    tcp.begin(0);
    tcp.push(0, bytes('ab'), 5, true, 0);
    tcp.push(5, bytes('f'), 1, true, 0);
    expect(heard.text).toBe('ab???f');
    expect(heard.missed).toEqual([]);
  });

  it('ends once, at the FIN, also where that came before the bytes in front of it', () => {
    const { heard, tcp } = stream();
    tcp.begin(0);
    tcp.finish(3, 0);
    expect(heard.ends).toBe(0);
    tcp.push(0, bytes('abc'), 3, true, 0);
    tcp.finish(3, 0);
    tcp.push(3, bytes('more'), 4, true, 0);
    tcp.flush(0);
    expect(heard.ends).toBe(1);
    expect(heard.text).toBe('abc');
    expect(tcp.late).toBe(4);
  });

  it('gives each byte the time of the packet that first brought it', () => {
    const { heard, tcp } = stream();
    tcp.begin(0);
    tcp.push(5, bytes('late!'), 5, true, 20);
    tcp.push(5, bytes('late!'), 5, true, 30);
    tcp.push(0, bytes('first'), 5, true, 40);
    tcp.push(8, bytes('e!more'), 6, true, 50);
    expect(heard.text).toBe('firstlate!more');
    expect(heard.times).toEqual([40, 20, 50]);
  });

  it('goes on with the SYN that the other side acknowledges, of several ones', () => {
    const answered = stream();
    answered.tcp.synchronize(5_000_001);
    answered.tcp.synchronize(1_001);
    answered.tcp.begin(1_001);
    answered.tcp.push(1_001, bytes('RESPONSE'), 8, true, 0);
    expect([answered.heard.text, answered.heard.missed]).toEqual(['RESPONSE', []]);
    const first = stream();
    first.tcp.synchronize(5_000_001);
    first.tcp.synchronize(1_001);
    first.tcp.push(5_000_001, bytes('RESPONSE'), 8, true, 0);
    expect([first.heard.text, first.heard.missed]).toEqual(['RESPONSE', []]);
    first.tcp.synchronize(1_001);
    first.tcp.push(5_000_009, bytes('!'), 1, true, 0);
    expect(first.heard.text).toBe('RESPONSE!');
  });

  it('takes a lone first zero for a probe, unless it comes again with more', () => {
    const probe = stream();
    probe.tcp.push(99, bytes('\0'), 1, false, 0);
    probe.tcp.push(100, bytes('data'), 4, true, 0);
    expect([probe.heard.text, probe.tcp.beganWithProbe]).toEqual(['data', true]);
    const data = stream();
    data.tcp.push(99, bytes('\0'), 1, false, 0);
    data.tcp.push(99, bytes('\0ata'), 4, true, 0);
    expect(data.heard.text).toBe('\0ata');
    const other = stream();
    other.tcp.push(99, bytes('d'), 1, false, 0);
    other.tcp.push(100, bytes('ata'), 3, true, 0);
    expect([other.heard.text, other.tcp.beganWithProbe]).toEqual(['data', false]);
  });

  it('compares what is sent again with what was there, but no probe of an idle connection', () => {
    const { heard, tcp } = stream();
    tcp.begin(100);
    tcp.push(100, bytes('AAAABBBB'), 8, true, 1);
    tcp.push(102, bytes('AAXXB'), 5, true, 2);
    tcp.push(107, bytes('\0'), 1, false, 3);
    expect(heard.conflicts).toEqual([[4, 2, 2]]);
    tcp.push(104, bytes('BBBBnew'), 7, true, 4);
    expect(heard.conflicts).toHaveLength(1);
    expect(heard.text).toBe('AAAABBBBnew');
  });

  it('compares with nothing across bytes that the capture does not hold', () => {
    const { heard, tcp } = stream();
    tcp.begin(0);
    tcp.push(0, bytes('ab'), 5, true, 0);
    tcp.push(5, bytes('cd'), 2, true, 0);
    tcp.push(0, bytes('vwxyzcd'), 7, true, 0);
    expect(heard.conflicts).toEqual([]);
    tcp.push(0, bytes('vwxyzcX'), 7, true, 0);
    expect(heard.conflicts).toEqual([[6, 1, 0]]);
  });

  it('reports every change in what is sent again as far as 64 KiB go back, in whatever pieces it came', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 5_000 }),
        fc.integer({ min: 1, max: 1_500 }),
        fc.nat(),
        fc.nat(0xffff_ffff),
        (data, step, place, first) => {
          const { heard, history, tcp } = stream();
          tcp.begin(first);
          for (let from = 0; from < data.length; from += step) {
            const piece = data.subarray(from, from + step);
            tcp.push(first + from, piece, piece.length, true, 0);
          }
          const changed = data.slice();
          const at = place % data.length;
          changed[at] = (data[at] as number) ^ 1;
          tcp.push(first, data, data.length, true, 1);
          expect(heard.conflicts).toEqual([]);
          tcp.push(first, changed, changed.length, true, 2);
          // A changed byte alone at the end looks like a probe.
          expect(heard.conflicts).toEqual(data.length === 1 ? [] : [[at, 1, 2]]);
          tcp.flush(0);
          expect(history.used).toBe(0);
        },
      ),
    );
  });

  it('gives up a gap that nobody can acknowledge, and only then', () => {
    const { heard, tcp } = stream();
    tcp.begin(0);
    tcp.push(10, bytes('late'), 4, true, 0);
    tcp.settle(60_000);
    expect(heard.missed).toEqual([]);
    tcp.settle(9_000, true);
    expect(heard.missed).toEqual([]);
    tcp.settle(11_000, true);
    expect(heard.missed).toEqual([10]);
  });

  it('never holds more than it may, whatever comes', () => {
    const { heard, budget, tcp } = stream(10_000);
    tcp.begin(0);
    for (let index = 1; index < 500; index += 1) {
      tcp.push(index * 1_000, Buffer.alloc(500), 500, true, 0);
      expect(budget.used).toBeLessThanOrEqual(10_000);
    }
    tcp.flush(0);
    expect(budget.used).toBe(0);
    expect(heard.missed.length).toBe(499);
  });

  it('survives segments with any numbers', () => {
    const segment = fc.record({
      seq: fc.nat(0xffff_ffff),
      length: fc.nat(2_000),
      captured: fc.nat(2_000),
      fin: fc.boolean(),
      ack: fc.nat(0xffff_ffff),
    });
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 50 }), (segments) => {
        const { heard, budget, tcp } = stream(20_000);
        for (const { seq, length, captured, fin, ack } of segments) {
          tcp.acknowledge(ack, 0);
          tcp.push(seq, Buffer.alloc(Math.min(captured, length)), length, true, 0);
          if (fin) tcp.finish(seq + length, 0);
        }
        tcp.flush(0);
        expect(heard.ends).toBeLessThanOrEqual(1);
        expect(heard.missed.every((count) => count > 0)).toBe(true);
        expect(budget.used).toBe(0);
      }),
    );
  });
});
