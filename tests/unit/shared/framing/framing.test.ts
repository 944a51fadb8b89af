import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createEncoder, encodeMessage } from '#shared/framing/list.ts';
import type { FramingSpec } from '#shared/framing/spec.ts';
import { formatFraming, parseFraming } from '#shared/framing/spec.ts';
import { messageFlags } from '#shared/record/record.ts';
import { chunksOf, cutStream } from '#support/framing.ts';

const specs: readonly FramingSpec[] = [
  { kind: 'delimiter', delimiter: '0a' },
  { kind: 'delimiter', delimiter: '0d0a' },
  { kind: 'delimiter', delimiter: '616161' },
  { kind: 'delimiter', delimiter: '6161620a' },
  { kind: 'json' },
];
// Bytes that every framing has something to say about come often.
const streamBytes = fc
  .array(fc.oneof(fc.constantFrom(...Buffer.from('{}[]",:\\ \n\r\taab012tfn-')), fc.integer({ min: 0, max: 255 })), {
    maxLength: 400,
  })
  .map((bytes) => Uint8Array.from(bytes));
const places = fc.array(fc.nat(), { maxLength: 12 });
const latin1 = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));

describe.each(specs.map((spec) => [formatFraming(spec), spec] as const))('%s', (_name, spec) => {
  test('yields the same messages however the stream is cut into reads', () => {
    fc.assert(
      fc.property(streamBytes, places, (bytes, at) => {
        const whole = cutStream(spec, [bytes]);
        expect(cutStream(spec, chunksOf(bytes, at)).cuts).toEqual(whole.cuts);
        const single = Array.from(bytes, (byte) => Uint8Array.of(byte));
        expect(cutStream(spec, single).cuts).toEqual(whole.cuts);
      }),
      { numRuns: 400 },
    );
  });

  test('tiles the stream: every byte is in exactly one message', () => {
    fc.assert(
      fc.property(streamBytes, places, (bytes, at) => {
        const { cuts } = cutStream(spec, chunksOf(bytes, at));
        const joined = cuts.map((cut) => cut.head + cut.body + cut.tail).join('');
        expect(joined).toBe(Buffer.from(bytes).toString('latin1'));
      }),
      { numRuns: 400 },
    );
  });

  test('never holds more than the cap, cuts at it, and yields the same pieces however the stream is cut', () => {
    fc.assert(
      fc.property(streamBytes, places, fc.integer({ min: 1, max: 40 }), (bytes, at, cap) => {
        const whole = cutStream(spec, [bytes], cap);
        const cut = cutStream(spec, chunksOf(bytes, at), cap);
        expect(cut.mostHeld).toBeLessThanOrEqual(cap);
        expect(cut.cuts.map((piece) => [piece.head + piece.body + piece.tail, piece.flags])).toEqual(
          whole.cuts.map((piece) => [piece.head + piece.body + piece.tail, piece.flags]),
        );
        for (const piece of whole.cuts) {
          const size = piece.head.length + piece.body.length + piece.tail.length;
          expect(size).toBeLessThanOrEqual(cap);
          if (piece.flags & messageFlags.cutByLimit) expect(size).toBe(cap);
        }
      }),
      { numRuns: 400 },
    );
  });
});

describe('lines', () => {
  test.each([
    ['0a', 'a\nbb\n\nc', ['a', 'bb', '', 'c']],
    ['0d0a', 'a\r\nb\rc\n\r\nd\r\n', ['a', 'b\rc\n', 'd']],
    ['616161', 'aaaaXaaa', ['', 'aX']],
  ])('with delimiter %s cut %j', (delimiter, text, bodies) => {
    expect(cutStream({ kind: 'delimiter', delimiter }, [latin1(text)]).cuts.map((cut) => cut.body)).toEqual(bodies);
  });

  test('encode, then decode, gives the body back', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 8 }), (bodies) => {
        const spec: FramingSpec = { kind: 'delimiter', delimiter: '0d0a' };
        const clean = bodies.map((body) => body.filter((byte) => byte !== 0x0d && byte !== 0x0a));
        const wire = Buffer.concat(clean.map((body) => encodeMessage(spec, body).bytes));
        expect(cutStream(spec, [wire]).cuts.map((cut) => cut.body)).toEqual(
          clean.map((body) => Buffer.from(body).toString('latin1')),
        );
      }),
    );
  });

  test('a line that already ends with its delimiter gets no second one', () => {
    const encoded = encodeMessage({ kind: 'delimiter', delimiter: '0a' }, latin1('hello\n'));
    expect(Buffer.from(encoded.bytes).toString()).toBe('hello\n');
    expect(encoded.tail).toBe(1);
  });

  test('what follows the last delimiter is recorded as incomplete at the end of the stream', () => {
    expect(cutStream({ kind: 'delimiter', delimiter: '0a' }, [latin1('a\nrest')]).cuts.at(-1)).toEqual({
      head: '',
      body: 'rest',
      tail: '',
      flags: messageFlags.incomplete,
    });
  });
});

test('a message to many peers is encoded once for each framing among them', () => {
  const encode = createEncoder(latin1('hello'), true);
  const line = encode({ kind: 'delimiter', delimiter: '0a' });
  expect(encode({ kind: 'delimiter', delimiter: '0A' })).toBe(line);
  expect(Buffer.from(line.bytes).toString()).toBe('hello\n');
  expect(Buffer.from(encode({ kind: 'delimiter', delimiter: '0d0a' }).bytes).toString()).toBe('hello\r\n');
});

describe('JSON values', () => {
  const bodies = (text: string) => cutStream({ kind: 'json' }, [latin1(text)]).cuts.map((cut) => cut.body);

  test.each([
    ['concatenated', '{"a":1}[2]"three"', ['{"a":1}', '[2]', '"three"']],
    ['one a line', '{"a":"}"}\n{"b":"\\"]"}\r\n', ['{"a":"}"}', '{"b":"\\"]"}', '\r\n']],
    ['numbers and words', '1 -2.5e3 true null 7', ['1', '-2.5e3', 'true', 'null', '7']],
    ['text sequences', '\x1e{}\n\x1e[]\n', ['{}', '[]', '\n']],
  ])('%s', (_name, text, expected) => {
    expect(bodies(text)).toEqual(expected);
  });

  test('a line that is no JSON is one malformed message, and the next value is found', () => {
    const { cuts } = cutStream({ kind: 'json' }, [latin1('GET / HTTP/1.1\r\n{"ok":true}')]);
    expect(cuts.map((cut) => [cut.body, cut.flags])).toEqual([
      ['GET / HTTP/1.1\r\n', messageFlags.malformed],
      ['{"ok":true}', 0],
    ]);
  });

  test('any sequence of JSON values, sent with this framing, is read back value by value', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 8 }), fc.nat(2), (values, indent) => {
        const texts = values.map((value) => JSON.stringify(value, null, indent));
        const wire = Buffer.concat(texts.map((text) => encodeMessage({ kind: 'json' }, Buffer.from(text)).bytes));
        const { cuts } = cutStream({ kind: 'json' }, [wire]);
        const read = cuts.filter((cut) => cut.flags === 0).map((cut) => Buffer.from(cut.body, 'latin1').toString());
        expect(read).toEqual(texts);
      }),
      { numRuns: 300 },
    );
  });

  test('a value that the stream ends inside is incomplete', () => {
    expect(cutStream({ kind: 'json' }, [latin1('{"a":')]).cuts).toEqual([
      { head: '', body: '{"a":', tail: '', flags: messageFlags.incomplete },
    ]);
  });
});

describe('the command line’s spelling', () => {
  test.each(['raw', 'line', 'line:crlf', 'delim:03', 'delim:0d0a0d0a', 'json'])(
    '%s is read and written back',
    (text) => {
      const spec = parseFraming(text);
      expect(spec && formatFraming(spec)).toBe(text);
    },
  );

  test.each(['', 'lines', 'delim:', 'delim:xyz', 'delim:0', `delim:${'00'.repeat(33)}`, 'constructor'])(
    '%j is refused',
    (text) => {
      expect(parseFraming(text)).toBeUndefined();
    },
  );
});
