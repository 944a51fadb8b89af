import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonToXml, xmlToJson } from '#shared/payload/convert.ts';
import { listProblems } from '#shared/payload/list-problems.ts';
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
