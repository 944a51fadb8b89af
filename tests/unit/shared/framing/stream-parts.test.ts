import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import { followsReads, parseFraming } from '#shared/framing/spec.ts';
import { partAt, type ReadPart, splitStream, tilingReads } from '#shared/framing/stream-parts.ts';
import { messageFlags } from '#shared/message/flags.ts';

const text = encodeUtf8('one\ntwo\nth');
const whole: readonly ReadPart[] = [{ from: 0, to: text.length, at: 0 }];

/** Reads that tile `length` bytes, with limits where a test wants them. */
function readsAt(length: number, limits: readonly number[]): readonly ReadPart[] {
  const ends = [...new Set([...limits.map((limit) => limit % (length + 1)), length])].sort((one, other) => one - other);
  return ends.filter((to) => to > 0).map((to, index, all) => ({ from: all[index - 1] ?? 0, to, at: index }));
}

function specOf(spelling: string) {
  const spec = parseFraming(spelling);
  if (!spec) throw new Error(`there is no framing ${spelling}`);
  return spec;
}

test('lines are the messages of a window, and the last one goes on after it', () => {
  expect(splitStream(text, whole, specOf('line')).messages).toMatchObject([
    { from: 0, to: 4, tail: 1, flags: 0 },
    { from: 4, to: 8, tail: 1, flags: 0 },
    { from: 8, to: 10, flags: messageFlags.incomplete },
  ]);
});

test('without framing each read is a message', () => {
  const reads = readsAt(text.length, [3, 5]);
  expect(splitStream(text, reads, { kind: 'raw' }).messages).toMatchObject(reads.map(({ from, to }) => ({ from, to })));
});

test('a pause ends a message of the framing by pauses', () => {
  const reads = [
    { from: 0, to: 4, at: 0 },
    { from: 4, to: 6, at: 5 },
    { from: 6, to: 10, at: 500 },
  ];
  const parts = splitStream(text, reads, specOf('gap:50')).messages.map(({ from, to }) => [from, to]);
  expect(parts).toEqual([
    [0, 6],
    [6, 10],
  ]);
});

const spellings = ['raw', 'line', 'json', 'len:4be', 'xml', 'http', 'slip', 'fixed:3', 'netstring', 'gap:50'];
const bytesOf = fc.uint8Array({ maxLength: 200 });
const limits = fc.array(fc.nat(), { maxLength: 8 });

describe('for any bytes and reads', () => {
  test('the messages tile the window', () => {
    fc.assert(
      fc.property(bytesOf, limits, fc.constantFrom(...spellings), (bytes, ends, spelling) => {
        let end = 0;
        for (const { from, to } of splitStream(bytes, readsAt(bytes.length, ends), specOf(spelling)).messages) {
          expect(from).toBe(end);
          expect(to).toBeGreaterThan(from);
          end = to;
        }
        expect(end).toBe(bytes.length);
      }),
    );
  });

  test('how the stream was read changes no message, but with framings that follow reads', () => {
    const independent = spellings.filter((spelling) => !followsReads(specOf(spelling)));
    expect(independent.length).toBeGreaterThan(5);
    fc.assert(
      fc.property(bytesOf, limits, fc.constantFrom(...independent), (bytes, ends, spelling) => {
        const split = splitStream(bytes, readsAt(bytes.length, ends), specOf(spelling)).messages;
        expect(split).toEqual(splitStream(bytes, readsAt(bytes.length, []), specOf(spelling)).messages);
      }),
    );
  });

  test('the part with a byte is found', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), limits, fc.nat(), (length, ends, at) => {
        const parts = readsAt(length, ends);
        const found = parts[partAt(parts, at)];
        expect(found === undefined).toBe(at >= length);
        if (found) expect(found.from <= at && at < found.to).toBe(true);
      }),
    );
  });

  test('reads that are only partly known still tile the window', () => {
    const read = fc.record({ offset: fc.nat(200), length: fc.nat(50), at: fc.nat(1_000) });
    fc.assert(
      fc.property(fc.array(read, { maxLength: 10 }), fc.nat(100), fc.nat(100), (reads, start, length) => {
        let end = 0;
        for (const { from, to } of tilingReads(reads, start, length)) {
          expect(from).toBe(end);
          expect(to).toBeGreaterThan(from);
          end = to;
        }
        expect(end).toBe(length);
      }),
    );
  });
});

test('the reads of a window are clipped to it', () => {
  const reads = [
    { offset: 90, length: 20, at: 1 },
    { offset: 110, length: 5, at: 2 },
  ];
  expect(tilingReads(reads, 100, 12)).toEqual([
    { from: 0, to: 10, at: 1 },
    { from: 10, to: 12, at: 2 },
  ]);
});
