import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toHex } from '#shared/bytes/hex.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { type Encoded, isUnframeable } from '#shared/framing/framing.ts';
import {
  bytesToDecode,
  createEncoder,
  decodeMessage,
  decodeStart,
  encodeMessage,
  escapingOf,
  frameAround,
  isEscaped,
  parseFraming,
} from '#shared/framing/spec.ts';
import { messageFlags } from '#shared/message/flags.ts';
import { frameStream } from '#support/framing.ts';

const latin1 = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
const bytes = (hex: string) => new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

function spec(spelling: string): FramingSpec {
  const parsed = parseFraming(spelling);
  if (!parsed) throw new Error(`${spelling} is not a framing`);
  return parsed;
}

function encoded(spelling: string, body: Uint8Array): Encoded {
  const result = encodeMessage(spec(spelling), body);
  if ('problem' in result) throw new Error(result.problem);
  return result;
}

describe('a message as it is sent', () => {
  test.each([
    ['raw', '68 69', '68 69', 0, 0],
    ['line', '68 69', '68 69 0a', 0, 1],
    ['line', '68 69 0a', '68 69 0a', 0, 1],
    ['line:crlf:keep', '68 69', '68 69 0d 0a', 0, 0],
    ['fixed:4', '68 69', '68 69 00 00', 0, 0],
    ['fixed:4:pad20', '68 69', '68 69 20 20', 0, 0],
    ['len:1', '68 69', '02 68 69', 1, 0],
    ['len:2be', '68 69', '00 02 68 69', 2, 0],
    ['len:2le:incl', '68 69', '04 00 68 69', 2, 0],
    ['len:4be:at2', '68 69', '00 00 00 00 00 02 68 69', 6, 0],
    ['len:8le:at1:incl', '68', '00 0a 00 00 00 00 00 00 00 68', 9, 0],
    ['len:varint', '68 69', '02 68 69', 1, 0],
    ['len:3le:adj1', '00 68 69', '02 00 00 00 68 69', 3, 0],
    ['len:4be:at1:adj-4', '68 69', '00 00 00 00 06 68 69', 5, 0],
    ['len:1:at3:adj1:tail1', '68 69', '00 00 00 02 68 69 00', 4, 1],
    ['len:2be:starta55a', '68 69', 'a5 5a 00 02 68 69', 4, 0],
    ['stx', '02 41 10 03', '02 10 02 41 10 10 10 03 03', 1, 1],
    ['stx:7e:7f:7d', '02 7e', '7e 02 7d 7e 7f', 1, 1],
    ['slip', 'c0 41 db', 'c0 db dc 41 db dd c0', 1, 1],
    ['cobs', '11 00 22', '02 11 02 22 00', 0, 1],
    ['cobs', '', '01 00', 0, 1],
    ['cobs', '00 00', '01 01 01 00', 0, 1],
    ['json', '7b 7d', '7b 7d', 0, 0],
    ['json', '34 32', '34 32 0a', 0, 0],
    ['json:array', '7b 7d', '5b 7b 7d 5d', 1, 1],
    ['xml', '3c 61 2f 3e', '3c 61 2f 3e', 0, 0],
    ['gap:50', '68 69', '68 69', 0, 0],
  ])('with %s of %s is %s', (spelling, body, wire, head, tail) => {
    const message = encoded(spelling, bytes(body));
    expect({ ...message, bytes: toHex(message.bytes, ' ') }).toEqual({ bytes: wire, head, tail });
  });

  test('with COBS of 254 bytes without a zero is one full block, with 255 two', () => {
    expect(toHex(encoded('cobs', new Uint8Array(254).fill(7)).bytes)).toBe(`ff${'07'.repeat(254)}00`);
    expect(toHex(encoded('cobs', new Uint8Array(255).fill(7)).bytes)).toBe(`ff${'07'.repeat(254)}020700`);
  });

  test('with a varint that counts itself says the length that its own bytes make', () => {
    expect(toHex(encoded('len:varint:incl', new Uint8Array(126)).bytes.subarray(0, 1))).toBe('7f');
    expect(toHex(encoded('len:varint:incl', new Uint8Array(127)).bytes.subarray(0, 2))).toBe('8101');
  });

  test.each([
    ['fixed:4', 'hello', 'a message of 5 bytes does not fit into a fixed length of 4'],
    ['len:1', 'x'.repeat(256), 'a length of 256 does not fit into 1 byte'],
    ['len:2be:at4:incl', 'x'.repeat(65_530), 'a length of 65536 does not fit into 2 bytes'],
    ['len:3le:adj1', '', 'a message of 0 bytes is too short: the minimum is 1'],
    ['slip', '', 'SLIP cannot carry an empty message'],
  ])('with %s is refused where it cannot be', (spelling, body, problem) => {
    expect(encodeMessage(spec(spelling), latin1(body))).toEqual({ problem });
  });
});

describe('a message as it was received', () => {
  test.each([
    ['stx', '02 10 02 41 03', '02 41'],
    ['stx', '02 10 41 10 03', '10 41 10'],
    ['slip', 'c0 db dc 41 db dd c0', 'c0 41 db'],
    ['slip', 'c0 db 41 db c0', 'db 41 db'],
  ])('with %s of %s is read as %s: invalid escapes stay', (spelling, wire, body) => {
    expect(toHex(decodeMessage(spec(spelling), bytes(wire), 1, 1), ' ')).toBe(body);
  });

  test('is a view of the bytes where nothing is escaped', () => {
    const message = latin1('hello\n');
    const body = decodeMessage(spec('line'), message, 0, 1);
    expect(body.buffer).toBe(message.buffer);
    expect(decodeMessage(spec('slip'), bytes('c0 41 c0'), 1, 1)).toEqual(bytes('41'));
  });

  test('with COBS whose code bytes do not add up is shown as it is', () => {
    expect(toHex(decodeMessage(spec('cobs'), bytes('05 11 00'), 0, 1), ' ')).toBe('05 11');
    expect(toHex(decodeMessage(spec('cobs'), bytes('01 00 11'), 0, 0), ' ')).toBe('01 00 11');
  });

  test('is truncated to what there is where head and tail say more', () => {
    expect(decodeMessage(spec('line'), latin1('ab'), 200, 200)).toEqual(new Uint8Array(0));
  });
});

describe('the frame around a streamed body', () => {
  test('is known from its size alone', () => {
    expect(frameAround(spec('len:4be'), 1_000_000)).toEqual({ head: bytes('00 0f 42 40'), tail: new Uint8Array(0) });
    expect(frameAround(spec('fixed:4'), 3)).toEqual({ head: new Uint8Array(0), tail: bytes('00'), keepsTail: true });
    expect(frameAround(spec('start:aa55:fixed:4'), 3)).toMatchObject({ tail: bytes('00'), keepsTail: true });
    expect(frameAround(spec('line:keep'), 3)).toMatchObject({ tail: bytes('0a'), keepsTail: true });
    expect(frameAround(spec('line:crlf'), 3)).toEqual({ head: new Uint8Array(0), tail: bytes('0d 0a') });
    expect(frameAround(spec('len:8be'), 2 ** 40)).toMatchObject({ head: bytes('00 00 01 00 00 00 00 00') });
  });

  test.each(['stx', 'slip', 'cobs'])('is refused by %s, which changes bytes inside', (spelling) => {
    expect(isEscaped(spec(spelling))).toBe(true);
    expect(frameAround(spec(spelling), 3)).toEqual({
      problem: `the framing “${spelling}” changes bytes inside a message, so it cannot be sent directly from a file`,
    });
  });
});

describe('a message to many peers', () => {
  test('is encoded once for each framing among them', () => {
    const encode = createEncoder(latin1('hello'), true);
    const line = encode({ kind: 'delimiter', delimiter: '0a' });
    expect(encode({ kind: 'delimiter', delimiter: '0A' })).toBe(line);
    expect(encode(spec('line:keep'))).not.toBe(line);
    expect(line).toMatchObject({ bytes: latin1('hello\n') });
    expect(encode(spec('line:crlf'))).toMatchObject({ bytes: latin1('hello\r\n') });
  });

  test.each([
    ['line', '68 0a', 0, 1],
    ['line:keep', '68 0a', 0, 0],
    ['line', '68', 0, 0],
    ['len:1', '01 68', 1, 0],
    ['len:1', '02 68', 0, 0],
    ['len:1:tail1', '02 68 00', 1, 1],
    ['slip', 'c0 68 c0', 1, 1],
    ['slip', '68 c0 68 c0', 0, 0],
    ['stx', '02 68 03', 1, 1],
    ['fixed:2', '68 68', 0, 0],
  ])('goes as it is without framing, and with %s %s is known to have framing bytes', (spelling, wire, head, tail) => {
    expect(createEncoder(bytes(wire), false)(spec(spelling))).toEqual({ bytes: bytes(wire), head, tail });
  });
});

test('a delimiter inside of a message makes it several to the reader, as lines of a text are', () => {
  const { messages: framed } = frameStream(spec('line'), [encoded('line', latin1('a\nb')).bytes]);
  expect(framed.map(({ body }) => body)).toEqual(['a', 'b']);
});

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
