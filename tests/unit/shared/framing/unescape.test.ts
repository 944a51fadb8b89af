import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isUnframeable } from '#shared/framing/framing.ts';
import { decodeMessage, encodeMessage } from '#shared/framing/list.ts';
import { parseFraming } from '#shared/framing/spec.ts';
import { bytesToDecode, decodeStart, escapingOf } from '#shared/framing/unescape.ts';
import { messageFlags } from '#shared/message/flags.ts';

const names = ['stx', 'stx:7e:7f:7d', 'slip', 'cobs'] as const;
/** Bytes among which those that are escaped are common. */
const bodies = fc.uint8Array({ minLength: 1, maxLength: 1_500 }).map((bytes) => bytes.map((byte) => escaped(byte)));
const runs = fc.nat(1_500).map((length) => new Uint8Array(length + 1).fill(7));

function escaped(byte: number): number {
  return [0, 2, 3, 0x10, 0xc0, 0xdb, 0x7d, 0x7e, 0x7f][byte] ?? byte;
}

describe('the start of a message', () => {
  test.each(names)('is decoded from few of its bytes: %s', (name) => {
    const spec = parseFraming(name);
    if (!spec) throw new Error(name);
    fc.assert(
      fc.property(fc.oneof(bodies, runs), fc.integer({ min: 1, max: 300 }), (body, wanted) => {
        const encoded = encodeMessage(spec, body);
        if (isUnframeable(encoded)) throw new Error(encoded.problem);
        const { bytes, head, tail } = encoded;
        const to = bytes.length - tail;
        const end = Math.min(to, bytesToDecode(wanted, head));
        const start = decodeStart(spec, bytes.subarray(0, end), head, end === to);
        expect(start.subarray(0, wanted)).toEqual(body.subarray(0, wanted));
        expect(decodeMessage(spec, bytes, head, tail)).toEqual(body);
      }),
    );
  });

  test('of bytes that are not such a message is anything, but never throws', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), bodies, fc.nat(300), fc.boolean(), (name, bytes, head, whole) => {
        const spec = parseFraming(name);
        if (spec) decodeStart(spec, bytes, head, whole);
      }),
    );
  });
});

describe('what is decoded', () => {
  const framed = { head: 0, tail: 1, flags: 0 };

  test.each(names)('is a message that %s has framed', (name) => {
    expect(escapingOf(name, framed)).toEqual(parseFraming(name));
    // The end of a COBS frame shows whether its blocks add up.
    const piece = escapingOf(name, { ...framed, tail: 0, flags: messageFlags.incomplete });
    expect(piece).toEqual(name === 'cobs' ? undefined : parseFraming(name));
  });

  test('is nothing else: other framings, wrong frames, and what was sent or came without framing', () => {
    for (const name of ['raw', 'line', 'len:2be', 'no framing', '']) expect(escapingOf(name, framed)).toBeUndefined();
    expect(escapingOf('cobs', { ...framed, flags: messageFlags.malformed })).toBeUndefined();
    expect(escapingOf('cobs', { head: 0, tail: 0, flags: 0 })).toBeUndefined();
  });
});
