import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import type { PayloadFormat } from '#shared/payload/payload.ts';
import type { Scope } from '#shared/template/scope.ts';
import { parseTemplate, render, valueAt, variablesOf } from '#shared/template/template.ts';
import { anyText, rendered, sampleScope, sampleSources } from '#support/template-scope.ts';

function parsed(text: string, format: PayloadFormat = 'text') {
  const template = parseTemplate(format, text);
  if (!template.ok) throw new Error(template.problem.reason);
  return template.value;
}

describe('names', () => {
  test.each([
    ['the row before the environment', { row: { name: 'Row' } }, 'Row'],
    ['the environment before the built-in values', { environment: { name: 'E', last: 'mine' } }, 'E'],
  ] as const)('are looked up in %s', (_, scope, expected) => {
    expect(rendered('text', '{{ name }}', scope)).toBe(expected);
  });

  test('of the environment replace built-in values, and variables of the template replace both', () => {
    expect(rendered('text', '{{ message }}', { environment: { message: 'mine' } })).toBe('mine');
    expect(rendered('text', '{% assign name = 7 %}{{ name }}', { row: { name: 'Row' } })).toBe('7');
  });

  test('select members, items from both ends, and keys with spaces', () => {
    const environment = { a: { 'b c': [{ d: 1 }, { d: 2 }] }, key: 'b c' };
    const text = '{{ a["b c"][0].d }}{{ a[key][-1].d }}{{ a[key].last.d }}{{ a[key].size }}';
    expect(rendered('text', text, { environment })).toBe('1222');
  });
});

describe('counters', () => {
  test('have one value in a message, and advance with each message', () => {
    const scope = sampleScope();
    const template = parsed('{{ counter }}{{ counter }} {{ "a" | counter: 10, -5 }} {{ "b" | counter: width: 3 }}');
    const texts = Array.from({ length: 3 }, () => textOf(template, scope));
    expect(texts).toEqual(['11 10 001', '22 5 002', '33 0 003']);
  });

  test('do not advance if the message has an error, or for a value that is only looked at', () => {
    const scope = sampleScope();
    expect(render(parsed('{{ counter }}{{ missing }}'), scope).ok).toBe(false);
    expect(valueAt(parsed('{{ counter }}'), 4, scope)).toEqual({ ok: true, value: '1' });
    expect(textOf(parsed('{{ counter }}'), scope)).toBe('1');
  });

  test('stay exact beyond 2^53', () => {
    const scope = sampleScope();
    const template = parsed('{{ "a" | counter: 9007199254740991 }}');
    expect([textOf(template, scope), textOf(template, scope), textOf(template, scope)]).toEqual([
      '9007199254740991',
      '9007199254740992',
      '9007199254740993',
    ]);
  });
});

function textOf(template: ReturnType<typeof parsed>, scope: Scope): string {
  const result = render(template, scope);
  return result.ok ? new TextDecoder().decode(result.value) : result.problem.reason;
}

test('the clock is read once for a message', () => {
  let time = 0;
  const sources = { ...sampleSources, clock: () => (time += 1_000) };
  expect(rendered('text', '{{ now.ms }} {{ now.ms }}', { sources })).toBe('1000 1000');
});

describe('an error has its place', () => {
  test.each([
    ['a\n  {{ missing }}', 2, 6, 'There is no value `missing`'],
    ['{{ name.first.second }}', 1, 4, 'There is no value `name.first.second`'],
    ['{{ "x" | plus: 1 }}', 1, 10, '`x` is not a number'],
    ['{{ 1 | divided_by: 0 }}', 1, 8, 'Division by zero'],
    ['a{{ 1 | nothing }}', 1, 9, 'There is no filter `nothing`'],
    ['{{ 1 | plus }}', 1, 8, '`plus` needs `number`'],
    ['{{ 1 | plus: 1, 2 }}', 1, 8, '`plus` has 1 parameters, not 2'],
    ['{{ 1 | plus: by: 2 }}', 1, 8, '`plus` has no parameter `by`'],
    ['{{ 1 2 }}', 1, 6, 'Unexpected `2`'],
    ['{{ name }', 1, 1, 'Output "{{ name }" not closed'],
    ['{% if true %}', 1, 1, 'Tag {% if true %} not closed'],
    ['{% include "a" %}', 1, 1, 'There is no tag `include`'],
    ['{{ (1..3) | join }}', 1, 4, 'A range is only allowed in `for`'],
    ['\n{% for i in (1..1000000000) %}{% endfor %}', 2, 1, 'The range has more than 100000 items'],
    ['{{ "nothing.txt" | file }}', 1, 20, 'The file nothing.txt is not in the workspace'],
    ['{{ "HOME" | env }}', 1, 13, 'The environment variable `HOME` is not set or not allowed'],
  ])('%s', (text, line, column, reason) => {
    const template = parseTemplate('text', text);
    const result = template.ok ? render(template.value, sampleScope()) : template;
    expect(result).toMatchObject({ ok: false, problem: { line, column, reason } });
  });

  test('and a source that the caller does not give is an error', () => {
    const { clock, randomBytes } = sampleSources;
    for (const use of ['"a" | file', '"a" | env', '"a" | xpath: "/a"', '"a" | checksum: "crc-32"']) {
      expect(rendered('text', `{{ ${use} }}`, { sources: { clock, randomBytes } })).toMatch(/not available here$/);
    }
  });
});

describe('braces', () => {
  test('can be written in a template', () => {
    expect(rendered('text', '{{ "{{" }} {{ "}}" }} {% raw %}{{ x }} {% y %}{% endraw %} { }')).toBe(
      '{{ }} {{ x }} {% y %} { }',
    );
  });
});

describe('for the editor', () => {
  test('the names that a template expects are listed once, without those it defines or that are built in', () => {
    const text = '{% assign a = b %}{{ a }}{{ now }}{% for i in list %}{{ i }}{{ b | append: c.d }}{% endfor %}';
    expect(variablesOf(parsed(text))).toEqual([
      { name: 'b', at: text.indexOf('b %}'), length: 1 },
      { name: 'list', at: text.indexOf('list'), length: 4 },
      { name: 'c', at: text.indexOf('c.d'), length: 1 },
    ]);
  });

  test('the value at an offset is that after the filter there', () => {
    const text = '{% assign a = 1 | plus: 1 %}x{{ a | plus: 5 | times: 2 }}{{ missing }}';
    const at = (part: string) => valueAt(parsed(text), text.indexOf(part) + 1, sampleScope());
    expect([at(' a |'), at('plus: 5'), at('times'), at('1 | plus: 1'), at('}x{{')]).toMatchObject([
      { value: '2' },
      { value: '7' },
      { value: '14' },
      { value: '2' },
      { ok: false },
    ]);
    expect(at('missing')).toMatchObject({ ok: false, problem: { reason: 'There is no value `missing`' } });
    expect(valueAt(parsed('{% if false %}{{ name }}{% endif %}'), 18, sampleScope())).toEqual({
      ok: true,
      value: undefined,
    });
  });
});

describe('hex payloads', () => {
  test('have bytes, numbers with a width and UTF-8 text', () => {
    expect(rendered('hex', '02 {{ 258 | u16be }}0x03, {{ "é" }}\n{{ last | bytes: 0, 2 }}')).toBe(
      '02 01 02 03 c3 a9 7b 22',
    );
  });

  test.each([
    ['0 {{ 1 | u8 }}', 'a byte needs two hex digits', 1],
    ['00 {{ 1 }}', 'A number in a hex payload needs a width: add a filter such as `u16be`', 4],
    ['00 {{ 256 | u8 }}', '`256` does not fit into `u8` (an integer from 0 to 255)', 13],
    ['00 {{ "a,b" | split: "," }}', 'Only text, bytes and numbers with a width can be written in a hex payload', 15],
  ])('say where an error is: %s', (text, reason, column) => {
    const template = parseTemplate('hex', text);
    const result = template.ok ? render(template.value, sampleScope()) : template;
    expect(result).toMatchObject({ ok: false, problem: { reason, column } });
  });

  test('capture bytes for a length and a checksum', () => {
    const text =
      '{% capture body %}31 32 {{ "3" }}{% endcapture %}{{ body | length_bytes | u16be }}{{ body }}{{ body | checksum: "crc-16/modbus" | reverse }}';
    expect(rendered('hex', text)).toBe('00 03 31 32 33 37 4b');
  });
});

test('a text without values is sent as it is', () => {
  const text = anyText.filter((it) => !/\{[{%]/.test(it));
  fc.assert(
    fc.property(text, fc.constantFrom<PayloadFormat>('json', 'xml', 'text'), (text, format) => {
      expect(render(parsed(text, format), sampleScope())).toEqual({ ok: true, value: encodeUtf8(text) });
    }),
  );
  const awkward = '\ufeff{\r\n\t"a": 1.50,\r "a": 12345678901234567890 } \n\n';
  expect(render(parsed(awkward, 'json'), sampleScope())).toEqual({ ok: true, value: encodeUtf8(awkward) });
});

test('bytes in a text payload are written unchanged', () => {
  const template = parsed('a{{ last }}b');
  const result = render(template, sampleScope({ last: Uint8Array.of(0xff, 0x00) }));
  expect(result).toEqual({ ok: true, value: Uint8Array.of(0x61, 0xff, 0x00, 0x62) });
});

test('an integer of a received message keeps its digits', () => {
  const last = encodeUtf8('{"id":123456789012345678901234567890,"f":-0.5}');
  expect(rendered('json', '{"id": {{ last | json: "$.id" }}}', { last })).toBe(
    '{"id": 123456789012345678901234567890}',
  );
  expect(rendered('json', '{{ last | json: "$" }}', { last })).toBe('{"id":123456789012345678901234567890,"f":-0.5}');
  expect(rendered('text', '{{ 123456789012345678901234567890 | plus: 1 }}')).toBe('123456789012345678901234567891');
});
