import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '#shared/bytes/text.ts';
import { parseTemplate, render } from '#shared/template/template.ts';
import { anyText, rendered, sampleSources } from '#support/template-scope.ts';

const integers = fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n });
/** Bytes that a source draws with `Math.random`, which is enough for a distribution. */
const randomSources = {
  ...sampleSources,
  randomBytes: (length: number) => Uint8Array.from({ length }, () => Math.floor(Math.random() * 256)),
};

describe('numbers', () => {
  test('are exact for integers of any size', () => {
    fc.assert(
      fc.property(integers, integers, (a, b) => {
        const environment = { a, b: String(b) };
        const text = '{{ a | plus: b }} {{ a | minus: b }} {{ a | times: b }}';
        expect(rendered('text', text, { environment })).toBe(`${a + b} ${a - b} ${a * b}`);
        if (b === 0n) return;
        expect(rendered('text', '{{ a | modulo: b }}', { environment })).toBe(String(((a % b) + b) % b));
        expect(rendered('text', '{{ a | times: b | divided_by: b }}', { environment })).toBe(String(a));
        expect(
          rendered('text', '{% if a < b %}<{% elsif a == b %}={% else %}>{% endif %}', { environment: { a, b } }),
        ).toBe(a < b ? '<' : a === b ? '=' : '>');
      }),
    );
  });

  test.each([
    ['2.5 | round', '3'],
    ['-2.5 | round', '-3'],
    ['1.005 | round: 2', '1.01'],
    ['0.0000001 | round: 2', '0'],
    ['" 12 " | plus: 1', '13'],
    ['"1e3" | plus: 1', '1001'],
    ['-255 | base: 16, 4', '-00ff'],
    ['18446744073709551615 | base: 16', 'ffffffffffffffff'],
  ])('%s', (expression, expected) => {
    expect(rendered('text', `{{ ${expression} }}`)).toBe(expected);
  });
});

describe('numbers as bytes', () => {
  const layouts = ['u8', ...[16, 24, 32, 64].flatMap((bits) => [`u${bits}be`, `u${bits}le`])];

  test('are read as they were written, in every layout', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...layouts),
        fc.boolean(),
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        (name, isSigned, any) => {
          const layout = isSigned ? name.replace('u', 'i') : name;
          const bits = Number(/\d+/.exec(name)?.[0]);
          const n = isSigned ? BigInt.asIntN(bits, any) : BigInt.asUintN(bits, any);
          const text = `{{ n | ${layout} | read: "${layout}" }}`;
          expect(rendered('text', text, { environment: { n } })).toBe(String(n));
          const hex = rendered('text', `{{ n | ${layout} | hex }}`, { environment: { n } });
          const big = BigInt.asUintN(bits, n)
            .toString(16)
            .padStart(bits / 4, '0');
          expect(layout.endsWith('le') ? hex.match(/../g)?.reverse().join('') : hex).toBe(big);
        },
      ),
    );
  });

  test.each(['f32be', 'f64be', 'f32le', 'f64le'])('are floating-point numbers: %s', (layout) => {
    expect(rendered('text', `{{ -1.5 | ${layout} | read: "${layout}" }}`)).toBe('-1.5');
  });

  test.each([
    ['-1 | u8', '`-1` does not fit into `u8` (an integer from 0 to 255)'],
    ['128 | i8', '`128` does not fit into `i8` (an integer from -128 to 127)'],
    ['1.5 | u16be', '`1.5` does not fit into `u16be` (an integer from 0 to 65535)'],
    [
      '18446744073709551616 | u64be',
      '`18446744073709551616` does not fit into `u64be` (an integer from 0 to 18446744073709551615)',
    ],
    ['"abc" | read: "u16be"', '`u16be` needs 2 bytes, not 3'],
    ['"abc" | read: "u15"', 'There is no layout `u15`: use one such as `u16be`'],
  ])('must fit: %s', (expression, reason) => {
    expect(rendered('hex', `{{ ${expression} }}`)).toBe(reason);
  });
});

describe('encodings', () => {
  test('are read as they were written', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const environment = { text };
        for (const [write, read] of [
          ['hex', 'hex_decode'],
          ['base64', 'base64_decode'],
          ['urlencode', 'urldecode'],
        ]) {
          expect(rendered('text', `{{ text | ${write} | ${read} }}`, { environment })).toBe(text.toWellFormed());
        }
        expect(rendered('text', '{{ text | length_bytes }}', { environment })).toBe(String(encodeUtf8(text).length));
      }),
    );
  });

  test.each([
    ['"4" | hex_decode', '`4` is not hex: a byte needs two hex digits'],
    ['"abc" | base64_decode', '`abc` is not base64'],
    ['"%4" | urldecode', '`%4` is not URL-encoded'],
    ['"a" | checksum: "crc-99"', 'There is no checksum `crc-99`'],
  ])('say what is wrong: %s', (expression, reason) => {
    expect(rendered('text', `{{ ${expression} }}`)).toBe(reason);
  });
});

describe('received messages', () => {
  const last = encodeUtf8('{"a b":[{"c":1},{"c":"x"}],"t":true,"n":null}');

  test.each([
    ['$["a b"][0].c', '1'],
    ["$['a b'][-1].c", 'x'],
    ['$.t', 'true'],
    ['$', '{"a b":[{"c":1},{"c":"x"}],"t":true,"n":null}'],
    ['$.x', 'The document has no value at `$.x`'],
    ['$["a b"][2]', 'The document has no value at `$["a b"][2]`'],
    ['$["a b"].0', 'The document has no value at `$["a b"].0`'],
    ['a', 'A JSON path begins with `$`: `a`'],
    ['$..a', '`$..a` is not a JSON path: use `$.name`, `$["name"]` and `$[0]`'],
  ])('have values at JSON paths: %s', (path, expected) => {
    expect(rendered('text', '{{ last | json: path }}', { last, environment: { path } })).toBe(expected);
  });

  test('that are not JSON or not UTF-8 are an error', () => {
    expect(rendered('text', '{{ last | json: "$.a" }}', { last: encodeUtf8('{') })).toBe('The document is not JSON');
    expect(rendered('text', '{{ last | upcase }}', { last: Uint8Array.of(0xff) })).toBe(
      'These bytes are not UTF-8 text: write them with `hex` or `base64`',
    );
    const deep = encodeUtf8('['.repeat(200_000) + ']'.repeat(200_000));
    expect(rendered('text', '{{ last | json: "$[0]" }}', { last: deep })).toMatch(/too complex|nested deeper/);
  });

  test.each([
    ['regex: "(\\\\w)\\\\W+(\\\\w)", 2', 'b'],
    ['regex: "x"', 'The regular expression `x` does not match'],
    ['regex: "("', 'Invalid regular expression: missing closing ): `(`'],
    ['regex: "a", 1', '`group` must be an integer from 0 to 0, not `1`'],
    ['bytes: -2', '-b'],
    ['bytes: 1, 9', '`length` must be an integer from 0 to 2, not `9`'],
    ['bytes: 9', '`offset` must be an integer from -3 to 3, not `9`'],
  ])('have parts: %s', (filter, expected) => {
    expect(rendered('text', `{{ last | ${filter} }}`, { last: encodeUtf8('a-b') })).toBe(expected);
  });
});

describe('dates', () => {
  test.each([
    ['now | date: "%Y-%m-%dT%H:%M:%S.%L%z"', '2026-01-02T03:04:05.678+0000'],
    ['now | date: "%H:%M %z", "Europe/Berlin"', '04:04 +0100'],
    ['now | date: "%F %T, %R %%F"', '2026-01-02 03:04:05, 03:04 %F'],
    ['0 | date: "%Y %A %B"', '1970 Thursday January'],
    ['"2026-03-04" | date: "%d %b"', '04 Mar'],
    ['"soon" | date: "%d"', '`soon` is not a time'],
    ['now | date: "%d", "Europe/Nowhere"', 'There is no time zone `Europe/Nowhere`'],
  ])('%s', (expression, expected) => {
    expect(rendered('text', `{{ ${expression} }}`)).toBe(expected);
  });

  test('are local if the template asks for it', () => {
    const offset = new Date(Date.UTC(2026, 0, 2, 3, 4)).getHours();
    expect(rendered('text', '{{ now | date: "%k", "local" | strip }}')).toBe(String(offset));
  });
});

describe('random values', () => {
  test('are within their bounds, and reach both', () => {
    const seen = new Set<string>();
    for (let turn = 0; turn < 300; turn += 1) {
      seen.add(rendered('text', '{{ -1 | random_integer: 1 }}', { sources: randomSources }));
      const float = Number(rendered('text', '{{ 2 | random_float: 3 }}', { sources: randomSources }));
      expect(float).toBeGreaterThanOrEqual(2);
      expect(float).toBeLessThan(3);
      expect(rendered('text', '{{ 5 | random_text: "ab" }}', { sources: randomSources })).toMatch(/^[ab]{5}$/);
      expect(rendered('text', '{{ uuid }}', { sources: randomSources })).toMatch(
        /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
      );
    }
    expect([...seen].sort()).toEqual(['-1', '0', '1']);
  });

  test('end with a source that always gives the same bytes', () => {
    const sources = { ...sampleSources, randomBytes: (length: number) => new Uint8Array(length).fill(255) };
    expect(rendered('text', '{{ 0 | random_integer: 4 }}', { sources })).toMatch(/^[0-4]$/);
    expect(rendered('text', '{{ 3 | random_text: "abc" }}', { sources })).toMatch(/^[abc]{3}$/);
    expect(rendered('text', '{{ "a" | random_choice: "b", "c" }}', { sources })).toMatch(/^[abc]$/);
  });
});

test('a file has its exact bytes', () => {
  const content = Uint8Array.of(0xef, 0xbb, 0xbf, 0x0d, 0x00, 0xff);
  const sources = { ...sampleSources, file: () => ({ ok: true, value: content }) as const };
  const template = parseTemplate('text', '{{ "a.bin" | file }}');
  const result = template.ok && render(template.value, { counters: new Map(), sources });
  expect(result).toEqual({ ok: true, value: content });
  expect(decodeUtf8(content)).toBeUndefined();
});
