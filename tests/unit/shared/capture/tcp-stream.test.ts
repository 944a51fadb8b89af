import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TcpStream } from '#shared/capture/tcp-stream.ts';

/** What a stream gave out, in order. */
class Heard {
  readonly parts: Buffer[] = [];
  readonly missed: number[] = [];
  ends = 0;

  bytes(captured: Uint8Array, length: number): void {
    this.parts.push(Buffer.from(captured), Buffer.alloc(length - captured.length, '?'));
  }
  missing(count: number): void {
    this.missed.push(count);
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
  return { heard, budget, tcp: new TcpStream(heard, budget) };
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
          tcp.finish(first + data.length);
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
  });

  it('says how many bytes are missing before it goes on behind them', () => {
    const { heard, tcp } = stream();
    tcp.begin(100);
    tcp.push(100, bytes('one'), 3, true, 0);
    tcp.push(110, bytes('two'), 3, true, 0);
    expect(heard.text).toBe('one');
    tcp.flush();
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
    tcp.flush();
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
    tcp.finish(3);
    expect(heard.ends).toBe(0);
    tcp.push(0, bytes('abc'), 3, true, 0);
    tcp.finish(3);
    tcp.push(3, bytes('more'), 4, true, 0);
    tcp.flush();
    expect(heard.ends).toBe(1);
    expect(heard.text).toBe('abc');
    expect(tcp.late).toBe(4);
  });

  it('never holds more than it may, whatever comes', () => {
    const { heard, budget, tcp } = stream(10_000);
    tcp.begin(0);
    for (let index = 1; index < 500; index += 1) {
      tcp.push(index * 1_000, Buffer.alloc(500), 500, true, 0);
      expect(budget.used).toBeLessThanOrEqual(10_000);
    }
    tcp.flush();
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
          if (fin) tcp.finish(seq + length);
        }
        tcp.flush();
        expect(heard.ends).toBeLessThanOrEqual(1);
        expect(heard.missed.every((count) => count > 0)).toBe(true);
        expect(budget.used).toBe(0);
      }),
    );
  });
});
