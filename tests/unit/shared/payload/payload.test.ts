import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firstError, listProblems } from '#shared/payload/list-problems.ts';
import {
  formatOf,
  formatPayload,
  guessPayload,
  minifyPayload,
  type PayloadFormat,
  payloadBytes,
  payloadFormats,
  sortPayloadKeys,
} from '#shared/payload/payload.ts';
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

const minified = (format: PayloadFormat, text: string) => {
  const result = minifyPayload(format, text);
  return result.ok ? result.value : result.problem.reason;
};
const sorted = (text: string) => {
  const result = sortPayloadKeys(text);
  return result.ok ? result.value : result.problem.reason;
};

describe('minifying', () => {
  test('removes the white space of JSON and keeps numbers, keys and the byte order mark as written', () => {
    expect(minified('json', '\ufeff{ "\\u0061" : 1.10e+2,\r\n "a": [ 1 , 2 ] , "a": " x " }\r\n')).toBe(
      '\ufeff{"\\u0061":1.10e+2,"a":[1,2],"a":" x "}',
    );
  });

  test('removes white space between elements of XML only where it is layout', () => {
    expect(minified('xml', '<?xml version="1.0"?>\n<a>\n  <b>x\n</b>\n  <!-- c -->\n</a>\n')).toBe(
      '<?xml version="1.0"?><a><b>x\n</b><!-- c --></a>',
    );
    for (const kept of [
      '<p>one <b>two</b> <i>three</i></p>',
      '<p> <![CDATA[ x ]]> <b/> </p>',
      '<p xml:space="preserve"> <b/>\n</p>',
      '<p> </p>',
    ]) {
      expect(minified('xml', kept)).toBe(kept);
      expect(formatPayload('xml', kept)).toEqual({ ok: true, value: kept });
    }
  });

  test('of what was formatted gives the minified original', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const pretty = formatPayload('json', text, 'crlf');
        expect(minified('json', pretty.ok ? pretty.value : '')).toBe(minified('json', text));
      }),
    );
  });

  test('of hex removes separators, and text stays as it is', () => {
    expect(minified('hex', '0x1b, 0x5b\n41')).toBe('1b5b41');
    expect(minified('text', ' a  b ')).toBe(' a  b ');
    expect(minified('json', '{"a":}')).toMatch(/^Unexpected/);
  });
});

describe('sorting the keys of JSON', () => {
  test('reorders members at every level and keeps layout, line ends, numbers and the order of duplicates', () => {
    const text = '\ufeff{\r\n  "b": [{"z": 1.0, "y": 1e400}],\r\n  "a" : 2,\r\n  "b": 3, "\\u0041": {}\r\n}\r\n';
    expect(sorted(text)).toBe(
      '\ufeff{\r\n  "\\u0041": {},\r\n  "a" : 2,\r\n  "b": [{"y": 1e400, "z": 1.0}], "b": 3\r\n}\r\n',
    );
    expect(sorted('{"__proto__": 1, "10": 2, "9": 3}')).toBe('{"10": 2, "9": 3, "__proto__": 1}');
    expect(sorted('[3, 1]')).toBe('[3, 1]');
    expect(sorted('{')).toMatch(/^Unexpected end/);
  });

  test('keeps the value, the length and the layout of any document, and is the same the second time', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2), (value, space) => {
        const text = JSON.stringify(value, undefined, space);
        const once = sorted(text);
        expect(JSON.parse(once)).toEqual(JSON.parse(text));
        expect(once.length).toBe(text.length);
        expect(sorted(once)).toBe(once);
        expect(keysInOrder(once)).toBe(true);
      }),
    );
  });
});

/** Whether the keys of every object are in the order of their code units; JSON.parse itself moves only whole numbers. */
function keysInOrder(text: string): boolean {
  let isInOrder = true;
  JSON.parse(text, (_, value: unknown) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const keys = Object.keys(value).filter((key) => !/^\d+$/.test(key));
    if (keys.some((key, at) => at > 0 && key < (keys[at - 1] as string))) isInOrder = false;
    return value;
  });
  return isInOrder;
}
