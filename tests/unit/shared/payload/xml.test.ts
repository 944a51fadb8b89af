import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatPayload } from '#shared/payload/payload.ts';
import { parseXml, unescapeXml, type XmlNode } from '#shared/payload/xml.ts';
import { cases, Reached } from '#support/cases.ts';

const name = fc.constantFrom('a', 'b', 'item', 'ns:x', 'é-1');
const words = fc
  .string({ unit: fc.constantFrom(...'ab 1\n\té&<>"') })
  .map((text) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
  );
const attribute = fc.tuple(name, words).map(([key, value]) => ` ${key}="${value}"`);
const element = fc.letrec<{ element: string; content: string }>((tie) => ({
  element: fc
    .tuple(name, fc.option(attribute, { nil: '' }), fc.array(tie('content'), { maxLength: 4 }))
    .map(([tag, attributes, content]) => `<${tag}${attributes}>${content.join('')}</${tag}>`),
  content: fc.oneof(
    { depthSize: 'small' },
    words,
    fc.constantFrom('<!-- note -->', '<![CDATA[ <raw> ]]>', '<?go now?>', '<e/>', '\n  '),
    tie('element'),
  ),
})).element;

/** What a document says: all but the white space that only lays elements out. */
function meaning(text: string): unknown {
  const parsed = parseXml(text);
  if (!parsed.ok) throw new Error(parsed.problem.reason);
  const strip = (nodes: readonly XmlNode[]): unknown[] => {
    const onlyElements = nodes.every(
      (node) => node.kind !== 'cdata' && (node.kind !== 'text' || text.slice(node.at, node.end).trim() === ''),
    );
    const structure = onlyElements && nodes.some((node) => node.kind === 'element');
    return nodes
      .filter((node) => !(structure && node.kind === 'text'))
      .map((node) =>
        node.kind === 'element'
          ? { name: node.name, attributes: node.attributes, children: strip(node.children) }
          : text.slice(node.at, node.end),
      );
  };
  return strip(parsed.value.nodes);
}

/** What `parseXml` says is wrong with `text`. */
function problemOf(text: string) {
  const parsed = parseXml(text);
  return parsed.ok ? undefined : parsed.problem;
}

describe('XML payloads', () => {
  test('say the same after formatting, and formatting again changes nothing', () => {
    fc.assert(
      fc.property(element, (text) => {
        const pretty = formatPayload('xml', text);
        if (!pretty.ok) throw new Error(pretty.problem.reason);
        expect(meaning(pretty.value)).toEqual(meaning(text));
        expect(formatPayload('xml', pretty.value)).toEqual(pretty);
      }),
      cases(100),
    );
  });

  test('never throw on anything', () => {
    const reached = new Reached<'a problem' | 'none'>();
    const text = fc.oneof(fc.string({ unit: fc.constantFrom(...'<>/!?-[]&;"\'=ab:x \n#0\u0000') }), element);
    fc.assert(
      fc.property(text, (text) => {
        const problem = problemOf(text);
        reached.note(problem ? 'a problem' : 'none');
        expect(problem?.at ?? 0).toBeLessThanOrEqual(text.length);
      }),
      cases(300),
    );
    reached.expectEach(['a problem', 'none']);
  });

  test('are laid out by structure, with text left as it is', () => {
    const text = '<?xml version="1.0"?><r><a x="1"/><b> two <i>words</i></b><!-- c --></r>';
    const pretty = formatPayload('xml', text);
    expect(pretty.ok && pretty.value).toBe(
      '<?xml version="1.0"?>\n<r>\n  <a x="1"/>\n  <b> two <i>words</i></b>\n  <!-- c -->\n</r>',
    );
  });

  test.each([
    ['<a><b></a>', '“</a>” where “</b>” is expected (opened in line 1)', 1, 7],
    ['<a>\n<b>', '“<b>” is never closed', 2, 1],
    ['<a x=1/>', 'the value of “x” must be in quotes', 1, 6],
    ['<a x="1" x="2"/>', 'the attribute “x” is given twice', 1, 10],
    ['<a>1 & 2</a>', '“&” must be written as “&amp;”', 1, 6],
    ['<a/><b/>', 'second root element: a document has only one', 1, 5],
    ['hello', 'text is before the root element', 1, 1],
    ['', 'missing root element', 1, 1],
  ])('say what is wrong with %j and where', (text, reason, line, column) => {
    expect(problemOf(text)).toMatchObject({ reason, line, column });
  });

  test('never expand an entity, however they are nested', () => {
    const bomb = `<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><a>&b;</a>`;
    const pretty = formatPayload('xml', bomb);
    expect(pretty.ok && pretty.value.endsWith('<a>&b;</a>')).toBe(true);
    expect(unescapeXml('&b; &lt;&#65;&#x42; &#0; &#x110000;')).toBe('&b; <AB &#0; &#x110000;');
  });

  test('are refused, not walked, when they nest too deeply', () => {
    expect(problemOf('<a>'.repeat(50_000))?.reason).toBe('elements are nested deeper than 256 levels');
    // Nothing behind that place is read.
    expect(problemOf(`${'<a>'.repeat(300)}<`)?.reason).toBe('elements are nested deeper than 256 levels');
  });
});
