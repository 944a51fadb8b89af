import { describe, expect, it } from 'vitest';
import { keepBytes, MessageStream } from '#shared/framing/message-stream.ts';
import { createFramer } from '#shared/framing/spec.ts';

const encoder = new TextEncoder();

/** A chunk that counts how often its bytes are looked at: what the scanner asks of it by index, and how far `indexOf` goes. */
function countingChunk(bytes: Uint8Array, count: (bytes: number) => void): Uint8Array {
  return new Proxy(bytes, {
    get(target, key) {
      if (typeof key === 'string' && /^\d+$/.test(key)) count(1);
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        if (key === 'indexOf') count(target.length - Number(args[1] ?? 0));
        return Reflect.apply(value, target, args);
      };
    },
  });
}

describe('a JSON string without an end', () => {
  it('costs the same for each chunk, however long it is by then', () => {
    const framer = createFramer({ kind: 'json' }, 16 * 1_048_576);
    const boundaries = { count: 0, clear() {}, push() {}, pushMalformed() {} } as never;
    framer.push(encoder.encode('{"text":"'), boundaries, 0);
    const work = Array.from({ length: 200 }, () => {
      let looked = 0;
      framer.push(
        countingChunk(encoder.encode('x'.repeat(1_000)), (bytes) => {
          looked += bytes;
        }),
        boundaries,
        0,
      );
      return looked;
    });
    expect(new Set(work).size).toBe(1);
    expect(work[0]).toBeGreaterThanOrEqual(1_000);
    expect(work[0]).toBeLessThanOrEqual(2_000);
  });

  it('is kept without copying it again after the limit, and a long piece belongs to its receiver', () => {
    const maxMessage = 4 * 1_048_576;
    const pieces: { carryOver: Uint8Array; copy: Uint8Array }[] = [];
    const stream = new MessageStream(
      createFramer({ kind: 'json' }, maxMessage),
      { maxMessage, badFrame: 'resynchronise' },
      (carryOver) => {
        pieces.push({ carryOver, copy: carryOver.slice() });
      },
    );
    stream.push(encoder.encode('{"text":"'), 0);
    for (let nth = 0; nth < 200; nth += 1) stream.push(new Uint8Array(65_536).fill(0x61 + (nth % 26)), 0);
    expect(pieces.length).toBe(3);
    for (const { carryOver, copy } of pieces) {
      expect(carryOver.length).toBeGreaterThan(keepBytes);
      // Nothing was written to it since.
      expect(Buffer.compare(carryOver, copy)).toBe(0);
    }
    // After the first piece there was room for the whole next one.
    for (const { carryOver } of pieces.slice(1)) expect(carryOver.buffer.byteLength).toBe(maxMessage);
    expect(new Set(pieces.map(({ carryOver }) => carryOver.buffer)).size).toBe(3);
  });
});
