import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ConvertedFormat, convertDocument, jsonToXml, xmlToJson } from '#shared/payload/convert.ts';
import { listProblems } from '#shared/payload/list-problems.ts';
import { formatPayload } from '#shared/payload/payload.ts';
import { Reached } from '#support/cases.ts';

const json = (text: string) => {
  const converted = xmlToJson(text);
  return converted.ok ? JSON.parse(converted.value) : converted.problem.reason;
};
const xml = (value: unknown) => {
  const converted = jsonToXml(typeof value === 'string' ? value : JSON.stringify(value));
  return converted.ok ? converted.value : converted.problem.reason;
};

describe('XML as JSON', () => {
  test('has attributes, text and repeated elements as members, and every value as it is written', () => {
    expect(json('<?xml version="1.0"?><order id="007"><!-- no --><item>1.50</item><item>2</item>note</order>')).toEqual(
      {
        order: { '@id': '007', item: ['1.50', '2'], '#text': 'note' },
      },
    );
  });

  test('has references and CDATA as the text that they stand for', () => {
    expect(json('<a>&lt;b&gt; &#x20AC;<![CDATA[<c>]]></a>')).toEqual({ a: '<b> €<c>' });
  });

  test('is refused where the document has an error or a DOCTYPE', () => {
    expect(json('<a><b></a>')).toMatch(/b/);
    expect(json('<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>')).toBe('A document with a DOCTYPE cannot be converted');
  });

  test('is refused where a name could reach a prototype', () => {
    expect(json('<a><__proto__><x>1</x></__proto__></a>')).toMatch(/^This document cannot be converted: /);
    expect(Reflect.get({}, 'x')).toBeUndefined();
  });
});

describe('JSON as XML', () => {
  test('takes the only member as the root, members with @ as attributes and arrays as repeated elements', () => {
    expect(xml({ order: { '@id': '7', item: ['a', 'b'], note: { '#text': 'x < y', '@lang': 'en' } } })).toBe(
      ['<order id="7">', '  <item>a</item>', '  <item>b</item>', '  <note lang="en">x &lt; y</note>', '</order>'].join(
        '\n',
      ),
    );
  });

  test('stands in a root where it has none of its own', () => {
    expect(xml({ a: 1, b: null })).toBe('<root>\n  <a>1</a>\n  <b/>\n</root>');
    expect(xml([1, [2, 3]])).toMatch(/^<root>\n {2}<item>1<\/item>\n {2}<item>\n {4}<item>2<\/item>/);
    expect(xml('"only text"')).toBe('<root>only text</root>');
  });

  test('keeps every digit of a number', () => {
    expect(xml('{"n":{"big":9007199254740993,"small":1.10}}')).toContain('<big>9007199254740993</big>\n  <small>1.10<');
  });

  test('is refused where XML has no room for it', () => {
    expect(xml({ r: { 'two words': 1 } })).toMatch(/^This JSON has no form in XML: /);
    expect(xml({ r: '\u0001' })).toMatch(/^This JSON has no form in XML: /);
    expect(xml('{"a":')).not.toMatch(/^</);
  });

  test('gives a well-formed document or a reason, of any JSON', () => {
    const reached = new Reached<'converted' | 'refused'>();
    fc.assert(
      fc.property(fc.json(), (text) => {
        const converted = jsonToXml(text);
        reached.note(converted.ok ? 'converted' : 'refused');
        if (converted.ok) expect(listProblems('xml', converted.value)).toEqual([]);
      }),
    );
    reached.expectEach(['converted', 'refused']);
  });

  test('comes back from XML as it was, where all values are text', () => {
    const name = fc.constantFrom('a', 'b', 'long-name');
    const leaf = fc.stringMatching(/^[a-z<&]{1,8}$/);
    const member = fc.dictionary(name, leaf, { minKeys: 1 });
    fc.assert(
      fc.property(member, (inner) => {
        expect(json(xml({ document: inner }))).toEqual({ document: { ...inner } });
      }),
    );
  });
});

/** The converted text, or the problem. */
function converted(text: string, from: ConvertedFormat, to: ConvertedFormat): string {
  const result = convertDocument(text, from, to);
  return result.ok ? result.value.text : `${result.problem.line}:${result.problem.column} ${result.problem.reason}`;
}

/** The kinds of what is lost, with their first places. */
function lost(text: string, from: ConvertedFormat, to: ConvertedFormat): readonly string[] {
  const result = convertDocument(text, from, to);
  if (!result.ok) throw new Error(result.problem.reason);
  return result.value.losses.map(({ kind, count, line, column }) => `${kind} ${count} ${line}:${column}`);
}

describe('JSON as YAML', () => {
  test('is in block style, with every digit, and quotes what a program could read as another value', () => {
    const text =
      '{"a":[1,[2,{"x":1.50}],{"k":"v","l":[{"m":[]}]}],"true":"yes","":{},"a b":"x: y","n":9007199254740993}';
    expect(converted(text, 'json', 'yaml')).toBe(
      [
        ...['a:', '  - 1', '  - - 2', '    - x: 1.50', '  - k: v', '    l:', '      - m: []'],
        ...['"true": "yes"', '"": {}', 'a b: "x: y"', '"n": 9007199254740993', ''],
      ].join('\n'),
    );
    expect(converted('"null"', 'json', 'yaml')).toBe('"null"\n');
    expect(converted('"\\u0085\\u2028"', 'json', 'yaml')).toBe('"\\u0085\\u2028"\n');
    expect(converted('{', 'json', 'yaml')).toMatch(/^1:2 Unexpected end/);
  });

  test('lists duplicate keys, exponents and half surrogate pairs as lost', () => {
    const text = '{"a": 1e5,\n "a": 1.5e+3, "b": "\\ud800"}';
    expect(lost(text, 'json', 'yaml')).toEqual(['exponent 1 1:7', 'duplicates 1 2:2', 'surrogates 1 2:20']);
    expect(lost('{"a": [1.5, "x", null]}', 'json', 'yaml')).toEqual([]);
  });

  test('and back is the same document, the text of its numbers included', () => {
    const number = fc.stringMatching(/^-?(?:0|[1-9]\d{0,30})(?:\.\d{1,20})?(?:[eE][+-]?\d{1,4})?$/);
    const string = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('true', 'null', '~', '1', '- a', 'a: b', '#', '<<', 'x'.repeat(2_000), ' a', 'a\n', '\ufeff'),
    );
    const { json } = fc.letrec((tie) => ({
      json: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        fc.oneof(
          number,
          string.map((text) => JSON.stringify(text)),
          fc.constantFrom('true', 'false', 'null'),
        ),
        fc.array(tie('json'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
        fc
          .uniqueArray(fc.tuple(string, tie('json')), { maxLength: 4, selector: ([key]) => key })
          .map((members) => `{${members.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`),
      ),
    }));
    fc.assert(
      fc.property(json, (text) => {
        const pretty = formatPayload('json', text as string);
        const yaml = converted(text as string, 'json', 'yaml');
        expect(converted(yaml, 'yaml', 'json')).toBe(pretty.ok ? pretty.value : '');
      }),
    );
  });
});

describe('YAML as JSON', () => {
  test('has the numbers of the core schema with their digits', () => {
    const text = '[0x1F, 0o17, +1, .5, 5., 007, -0, 1e3, 12345678901234567890.10, 1_000, True, ~]';
    expect(JSON.stringify(JSON.parse(converted(text, 'yaml', 'json')))).toBe(
      '[31,15,1,0.5,5,7,0,1000,12345678901234567000,"1_000",true,null]',
    );
    expect(converted('12345678901234567890.10', 'yaml', 'json')).toBe('12345678901234567890.10');
    expect(lost('[0x1F, 1.0]', 'yaml', 'json')).toEqual(['notation 1 1:2']);
  });

  test('lists comments, aliases, tags, directives, keys and merge keys as lost', () => {
    const text = '%YAML 1.2\n---\na: &x [1] # c\nb: *x\n3: !own y\n<<: {}\n# d\n';
    expect(lost(text, 'yaml', 'json')).toEqual([
      ...['directives 1 1:1', 'comments 2 3:11', 'anchors 1 4:4', 'keys 1 5:1', 'tags 1 5:4', 'merge 1 6:1'],
    ]);
    expect(JSON.parse(converted(text, 'yaml', 'json'))).toEqual({ a: [1], b: [1], 3: 'y', '<<': {} });
  });

  test('is refused where JSON has no room for it, with the place', () => {
    expect(converted('a: .inf', 'yaml', 'json')).toBe('1:4 JSON has no number `.inf`');
    expect(converted('a: 1\na: 2', 'yaml', 'json')).toBe('2:1 Duplicate key `a`');
    expect(converted('a: 1\n---\nb: 2', 'yaml', 'json')).toMatch(/^2:1 Second document/);
    expect(converted('? [1]\n: 2', 'yaml', 'json')).toMatch(/A key of JSON is text/);
    expect(converted('&a [*a]', 'yaml', 'json')).toMatch(/contains itself/);
    expect(converted('*q', 'yaml', 'json')).toMatch(/is not defined before/);
    expect(converted('a: [', 'yaml', 'json')).toMatch(/^1:\d/);
    expect(converted('', 'yaml', 'json')).toBe('null');
  });

  test('stops at a bomb of aliases, at deep nesting and at long texts', () => {
    const level = (at: number) =>
      `a${at}: &a${at} [${Array(9)
        .fill(`*a${at - 1}`)
        .join(', ')}]`;
    const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x]', ...Array.from({ length: 12 }, (_, at) => level(at + 1))];
    expect(converted(bomb.join('\n'), 'yaml', 'json')).toMatch(/Aliases copy more than/);
    expect(converted('['.repeat(20_000), 'yaml', 'json')).toMatch(/nested deeper than 256 levels/);
    expect(converted(`${'['.repeat(300)}${']'.repeat(300)}`, 'yaml', 'json')).toMatch(/nested deeper than 256 levels/);
    expect(converted('x'.repeat(3_000_000), 'yaml', 'json')).toMatch(/longer than/);
  });

  test('never throws, whatever the text', () => {
    const piece = fc.constantFrom(
      ...'-?:[]{}&*!|>#%@`"\' \n\tab1~',
      '<<',
      '---',
      '...',
      '!!set',
      '!!omap',
      '!!binary ',
    );
    fc.assert(
      fc.property(fc.string({ unit: piece, maxLength: 40 }), (text) => {
        const result = convertDocument(text, 'yaml', 'json');
        if (result.ok) JSON.parse(result.value.text);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('what a conversion between XML and others loses', () => {
  test('is listed with its first place', () => {
    const text = '<?xml version="1.0"?>\n<a>x <b/> y<c/><b/><!-- c --><?p i?><![CDATA[z]]></a>';
    expect(lost(text, 'xml', 'json')).toEqual([
      ...['declaration 1 1:1', 'space 2 2:4', 'mixed 1 2:4', 'order 1 2:16', 'comments 1 2:20', 'instructions 1 2:30'],
      'cdata 1 2:37',
    ]);
    expect(lost('{"a": {"b": null, "c": 1.0, "d": [], "e": "t"}}', 'json', 'xml')).toEqual([
      ...['null 1 1:13', 'types 1 1:24', 'empty 1 1:34'],
    ]);
  });

  test('is also listed by way of JSON', () => {
    expect(converted('a:\n  "@id": 1\n  b: [x]', 'yaml', 'xml')).toBe('<a id="1">\n  <b>x</b>\n</a>');
    expect(lost('# c\na: 1', 'yaml', 'xml')).toEqual(['comments 1 1:1', 'types 1 1:1']);
    expect(converted('<a id="007">x</a>', 'xml', 'yaml')).toBe('a:\n  "#text": x\n  "@id": "007"\n');
    expect(converted('<a>', 'xml', 'yaml')).toMatch(/^1:\d/);
    expect(converted('"two words": 1', 'yaml', 'xml')).toMatch(/^1:1 This JSON has no form in XML/);
  });
});
