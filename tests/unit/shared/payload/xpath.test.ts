import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { queryXml } from '#shared/payload/xpath.ts';

const order =
  '<order id="7">\n  <item n="1">a</item>\n  <!-- c -->\n  <item n="2">b<b/>c</item>\n  <note><![CDATA[<x>]]></note>\n</order>';

/** The results as `path = text`, or why there are none. */
function query(text: string, xpath: string, limits = {}) {
  const result = queryXml(text, xpath, limits);
  if (result.kind !== 'found') return result;
  return result.matches.map(({ path, text }) => `${path} = ${text}`);
}

describe('an XPath query', () => {
  test('gives nodes with their paths, and values', () => {
    expect(query(order, '//item')).toEqual(['/order[1]/item[1] = a', '/order[1]/item[2] = bc']);
    expect(query(order, '/order/item[@n = "2"]/text()')).toEqual([
      '/order[1]/item[2]/text()[1] = b',
      '/order[1]/item[2]/text()[2] = c',
    ]);
    expect(query(order, '//@id | //comment()')).toEqual(['/order[1]/@id = 7', '/order[1]/comment()[1] =  c ']);
    expect(query(order, '//note')).toEqual(['/order[1]/note[1] = <x>']);
    expect(query(order, '(count(//item), true(), "s", map { "a": 1 })')).toEqual([
      ...[' = 2', ' = true', ' = s', ' = {"a":1}'],
    ]);
    expect(query(order, '//none')).toEqual([]);
  });

  test('gives the place of the element', () => {
    const text = `\ufeff${order}`;
    const element = '<item n="2">b<b/>c</item>';
    const at = text.indexOf(element);
    const place = { at, end: at + element.length, line: 4, column: 3 };
    expect(queryXml(text, '//item[2]/@n')).toMatchObject({ kind: 'found', matches: [{ kind: 'attribute', place }] });
    const withDoctype = queryXml('<!DOCTYPE a [<!ENTITY e "<b/>">]><a>&e;</a>', '//b');
    expect(withDoctype).toMatchObject({ kind: 'found', matches: [{ path: '/a[1]/b[1]' }] });
    expect(JSON.stringify(withDoctype)).not.toContain('place');
  });

  test('knows the prefixes of the document, and the default namespace of the root', () => {
    const text = '<a xmlns="urn:a"><p:b xmlns:p="urn:b">1</p:b><c>2</c></a>';
    expect(query(text, '/a/p:b')).toEqual(['/a[1]/p:b[1] = 1']);
    expect(query(text, '//c')).toEqual(['/a[1]/c[1] = 2']);
    expect(query(text, '//q:c')).toEqual({ kind: 'failed', reason: expect.stringMatching(/^XPST0081: .*prefix q/) });
  });

  test('that is invalid, or on a document that is, has a reason', () => {
    expect(query(order, '//b[')).toEqual({ kind: 'failed', reason: expect.stringMatching(/^XPST0003: /) });
    expect(query(order, 'nope()')).toEqual({ kind: 'failed', reason: expect.stringMatching(/^XPST0017: /) });
    expect(query('<a>', '//b')).toMatchObject({ kind: 'invalid-document', problem: { line: 1 } });
  });

  test('ends at its limits of time, depth, size and results', () => {
    const many = `<a>${'<b/>'.repeat(2_000)}</a>`;
    expect(query(many, '//b[count(//b[count(//b) > 0]) > 0]', { timeMs: 50 })).toEqual({
      kind: 'limit',
      limit: 'time',
    });
    const endless = 'let $f := function($f) { $f($f) } return $f($f)';
    expect(query(order, endless)).toEqual({ kind: 'limit', limit: 'depth' });
    expect(query(order, ' '.repeat(10_001))).toEqual({ kind: 'limit', limit: 'size' });
    expect(query(`${'<a>'.repeat(300)}${'</a>'.repeat(300)}`, '//a')).toEqual({ kind: 'limit', limit: 'depth' });
    expect(queryXml(many, '//b', { matches: 3 })).toMatchObject({ kind: 'found', isCut: true });
    expect(query(many, '//b', { matches: 3 })).toHaveLength(3);
  });

  test('does not expand a bomb of entities', () => {
    const level = (at: number) => `<!ENTITY e${at} "${`&e${at - 1};`.repeat(10)}">`;
    const levels = Array.from({ length: 12 }, (_, at) => level(at + 1)).join('');
    const bomb = `<!DOCTYPE a [<!ENTITY e0 "xxxxxxxxxx">${levels}]><a>&e12;</a>`;
    expect(queryXml(bomb, '//a').kind).not.toBe('found');
  });

  test('never throws, whatever the expression', () => {
    const piece = fc.constantFrom(...'/@*[]()."1a|=:$!,{}', '//', 'item', 'text()', ' and ', 'count(', '::');
    fc.assert(
      fc.property(fc.string({ unit: piece, maxLength: 12 }), (xpath) => {
        queryXml(order, xpath, { timeMs: 200 });
      }),
    );
  });
});
