import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { handshake, imported, shorts, timed, up } from '#support/capture-flows.ts';
import { startAt, tcp } from '#support/captures.ts';
import { cases, Reached } from '#support/cases.ts';

describe('the stream of a captured TCP connection', () => {
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

  it('says how many bytes are missing, and goes on', () => {
    expect(shorts(imported([...handshake, up(100, 'PA', 'one'), up(110, 'PA', 'two')])).slice(2, -1)).toEqual([
      'out “one”',
      '7 bytes sent here are missing in the capture: bytes 3 to 9 of the stream (TCP sequence numbers 103 to 109)',
      'out “two”',
    ]);
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

  it('keeps the first bytes where others were sent again, and says where', () => {
    const packets = [...handshake, up(100, 'PA', 'AAAAAAAA'), up(102, 'PA', 'ABBA'), up(108, 'PA', 'CCCC')];
    expect(shorts(imported(packets)).slice(2, -1)).toEqual([
      'out “AAAAAAAA”',
      'a retransmission differs from the bytes sent before in bytes 3 to 4 of the stream (TCP sequence numbers 103 to 104): the earlier ones are kept',
      'out “CCCC”',
    ]);
  });

  it('has each message at the time of its packet, even if it waited for an earlier one', () => {
    const packets = [...handshake, up(103, 'PA', 'two'), up(106, 'PA', 'three'), up(100, 'PA', 'one')];
    expect(timed(imported(packets)).slice(2, -1)).toEqual(['5 out “one”', '3 out “two”', '4 out “three”']);
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
});
