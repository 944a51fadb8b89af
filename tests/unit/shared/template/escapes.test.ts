import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firstError } from '#shared/payload/list-problems.ts';
import { cases } from '#support/cases.ts';
import { rendered } from '#support/template-scope.ts';

/** Texts with the characters that end strings, elements and sections. */
const awkward = fc.string({ unit: fc.constantFrom(...'"\'\\<>&]]]-!?/{}%\n\r\t\u0000\u2028é\ud83d\ude00ab1') });
const inXml = awkward.filter((text) => !text.includes('\0') && text.isWellFormed());
const reference: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Replaces the references of XML. */
function withoutReferences(text: string): string {
  return text.replaceAll(/&(?:#(\d+)|(\w+));/g, (_, code?: string, name = '') =>
    code === undefined ? (reference[name] ?? '') : String.fromCodePoint(Number(code)),
  );
}

describe('JSON', () => {
  test('has each text as it is, in a string and outside', () => {
    fc.assert(
      fc.property(awkward, awkward, (value, key) => {
        const text = rendered('json', '{"{{ key }}": ["{{ value }}", {{ value | to_json | raw }}]}', {
          environment: { value, key },
        });
        expect(JSON.parse(text)).toEqual({ [key.toWellFormed()]: [value.toWellFormed(), value.toWellFormed()] });
      }),
      cases(200),
    );
  });

  test('has each JSON value outside a string', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        expect(JSON.parse(rendered('json', '{{ value }}', { environment: { value: [value] } }))).toEqual(
          JSON.parse(JSON.stringify([value])),
        );
      }),
    );
  });

  test.each([
    ['12', '12'],
    ['-1.5e3', '-1.5e3'],
    ['true', 'true'],
    ['null', 'null'],
    ['01', '"01"'],
    ['1 ', '"1 "'],
    ['{"a":1}', '"{\\"a\\":1}"'],
    ['', '""'],
  ])('writes the text %j outside a string as %s', (value, expected) => {
    expect(rendered('json', '{{ value }}', { environment: { value } })).toBe(expected);
  });

  test('knows the place in the branches of a block and in a captured block', () => {
    const text =
      '{% capture body %}{"a": "{{ v }}"}{% endcapture %}[{% if no %}"{{ v }}{% else %}"-{{ v }}{% endif %}", {{ body }}, "{{ body }}", {{ v }}]';
    const [one, two, three, four] = JSON.parse(rendered('json', text, { environment: { v: '"x"', no: false } }));
    expect([one, two, four]).toEqual(['-"x"', { a: '"x"' }, '"x"']);
    expect(JSON.parse(three)).toEqual({ a: '"x"' });
  });

  test('is unescaped with raw only', () => {
    expect(rendered('json', '"{{ v | raw }}"', { environment: { v: '"' } })).toBe('"""');
    expect(rendered('json', '"{{ v | raw | upcase }}"', { environment: { v: '"a' } })).toBe('"\\"A"');
  });
});

describe('XML', () => {
  const text = `<?xml version="1.0"?><a b="{{ v }}" c='{{ v }}'>{{ v }}<![CDATA[{{ v }}]]></a>`;

  test('has each text as it is, in text, attributes and CDATA', () => {
    fc.assert(
      fc.property(inXml, (v) => {
        const xml = rendered('xml', text, { environment: { v } });
        expect(firstError('xml', xml)).toBeUndefined();
        const [, b = '', c = '', content = '', cdata = ''] =
          /b="([^"]*)" c='([^']*)'>([^<]*)<!\[CDATA\[(.*)\]\]><\/a>$/s.exec(xml) ?? [];
        expect([b, c, content].map(withoutReferences)).toEqual([v, v, v]);
        expect(cdata.replaceAll(']]]]><![CDATA[>', ']]>')).toBe(v);
      }),
      cases(200),
    );
  });

  test('cannot contain some characters', () => {
    expect(rendered('xml', '<a>{{ v }}</a>', { environment: { v: 'a\0' } })).toBe('XML cannot contain U+0000');
    expect(rendered('xml', '<a>{{ v }}</a>', { environment: { v: '\ud800' } })).toBe('XML cannot contain U+D800');
  });

  test('has a captured block as it is in text', () => {
    const block = '{% capture b %}<i>{{ v }}</i>{% endcapture %}<a c="{{ b }}">{{ b }}</a>';
    expect(rendered('xml', block, { environment: { v: '<' } })).toBe(
      '<a c="&lt;i&gt;&amp;lt;&lt;/i&gt;"><i>&lt;</i></a>',
    );
  });
});

test('text has no escapes', () => {
  fc.assert(
    fc.property(awkward, (v) => {
      expect(rendered('text', '"{{ v }}"', { environment: { v } })).toBe(`"${v.toWellFormed()}"`);
    }),
  );
});
