import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firstError, listProblems } from '#shared/payload/list-problems.ts';
import { formatOf, formatPayload, guessPayload, payloadBytes, payloadFormats } from '#shared/payload/payload.ts';
import { positionOf } from '#shared/payload/problem.ts';

describe('payloads', () => {
  test('guessed from bytes give the same bytes when sent', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.string().map((text) => new TextEncoder().encode(text)),
        ),
        (bytes) => {
          const { format, text } = guessPayload(bytes);
          const sent = payloadBytes(format, text);
          expect(sent.ok && [...sent.value]).toEqual([...bytes]);
        },
      ),
    );
  });

  test('are guessed as what they are', () => {
    const guess = (text: string) => guessPayload(new TextEncoder().encode(text)).format;
    expect([guess('{"a":1}'), guess(' <a/>'), guess('{broken'), guess('a\0b')]).toEqual(['json', 'xml', 'text', 'hex']);
    expect(guessPayload(Uint8Array.of(0xff, 0x00))).toEqual({ format: 'hex', text: 'ff 00' });
  });

  test('in hex keep their bytes through formatting', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const spelled = Array.from(bytes, (byte) => `0x${byte.toString(16).padStart(2, '0')}`).join(', ');
        const pretty = formatPayload('hex', spelled);
        if (!pretty.ok) throw new Error(pretty.problem.reason);
        const sent = payloadBytes('hex', pretty.value);
        expect(sent.ok && [...sent.value]).toEqual([...bytes]);
      }),
    );
  });

  test('keep their byte order mark and their kind of line end when they are laid out', () => {
    const format = (kind: 'json' | 'xml' | 'hex', text: string) => {
      const pretty = formatPayload(kind, text, 'crlf');
      return pretty.ok ? pretty.value : pretty.problem.reason;
    };
    expect(format('json', '\ufeff{"a":1}\r\n')).toBe('\ufeff{\r\n  "a": 1\r\n}\r\n');
    expect(format('xml', '<a><b>x\ny</b></a>')).toBe('<a>\r\n  <b>x\ny</b>\r\n</a>');
    expect(payloadBytes('hex', '\ufeff00')).toMatchObject({ ok: true });
  });

  test('with a byte order mark are guessed as what follows it', () => {
    expect(guessPayload(new TextEncoder().encode('\ufeff{"a":1}'))).toEqual({ format: 'json', text: '\ufeff{"a":1}' });
  });

  test('never throw, whatever the format and the text', () => {
    fc.assert(
      fc.property(fc.constantFrom(...payloadFormats), fc.string({ unit: 'binary' }), (format, text) => {
        listProblems(format, text);
        formatPayload(format, text);
        payloadBytes(format, text);
      }),
    );
  });

  test('say where a hex payload is wrong', () => {
    expect(firstError('hex', '00 ff\n0g')).toMatchObject({ line: 2, column: 2, message: '“g” is not a hex digit' });
  });

  test('count lines by LF, CRLF and CR', () => {
    expect(positionOf('a\r\nb\rc\nd', 7)).toEqual({ line: 4, column: 1 });
  });
});

describe('the format of a text that is being typed', () => {
  test.each([
    ['', 'text'],
    ['Hello, server!', 'text'],
    ['{', 'json'],
    ['{"broken": ', 'json'],
    [' [1, 2', 'json'],
    ['[{"a":1}]', 'json'],
    ['{hello}', 'text'],
    ['[section]', 'text'],
    ['<order id="1">', 'xml'],
    ['<?xml', 'xml'],
    ['< 3', 'text'],
    ['42', 'text'],
  ] as const)('%j is %s', (text, format) => {
    expect(formatOf(text)).toBe(format);
  });
});
