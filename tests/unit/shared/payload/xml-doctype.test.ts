import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { listProblems } from '#shared/payload/list-problems.ts';
import { cases, Reached } from '#support/cases.ts';

/** Wraps declarations into a document: they begin in line 2. */
const documentOf = (declarations: string) => `<!DOCTYPE a [\n${declarations}\n]><a/>`;

function listed(declarations: string): string[] {
  return listProblems('xml', documentOf(declarations)).map(
    ({ line, column, message }) => `${line}:${column} ${message}`,
  );
}

describe('the declarations of a DOCTYPE', () => {
  test.each([
    '<!ELEMENT a EMPTY><!ELEMENT b ANY >',
    '<!ELEMENT a (#PCDATA)><!ELEMENT b (#PCDATA)*><!ELEMENT c ( #PCDATA | a|b )*>',
    '<!ELEMENT a ((b, c?)+ | (d|e)*)?><!ELEMENT b (c)>',
    '<!ATTLIST a><!ATTLIST a x CDATA #REQUIRED y:z ID #IMPLIED>',
    '<!ATTLIST a x (one|2|-3) "one" y NOTATION (n | m) #IMPLIED z NMTOKENS #FIXED "1 2">',
    '<!ATTLIST a x CDATA "&lt;&#60;&#x3c;">',
    '<!ENTITY e "v&#38;#38;"><!ATTLIST a x CDATA "&e;">',
    '<!ENTITY % p "<!ELEMENT a EMPTY>">%p;<!ATTLIST a x CDATA "&unread;">',
    '<!ENTITY e SYSTEM "a\'b"><!ENTITY f PUBLIC "-//A//B" \'c\' NDATA n>',
    '<!NOTATION n SYSTEM "x"><!NOTATION m PUBLIC "y"><!NOTATION o PUBLIC "y" "z">',
    '<?target <!ELEMENT?><!-- <!ELEMENT -->',
  ])('%s are accepted', (declarations) => {
    expect(listed(declarations)).toEqual([]);
  });

  test.each([
    ['<!ELEMENT a>', '2:12 White space is expected in `<!ELEMENT`'],
    ['<!ELEMENT a b>', '2:13 `EMPTY`, `ANY` or `(` is expected in `<!ELEMENT`'],
    ['<!ELEMENT a (b, c | d)>', '2:19 `,` or `)` is expected in `<!ELEMENT`'],
    ['<!ELEMENT a (#PCDATA | b)>', '2:26 `*` after `#PCDATA` and names is expected in `<!ELEMENT`'],
    ['<!ATTLIST a x cdata #IMPLIED>', '2:15 The type of an attribute is expected in `<!ATTLIST`'],
    ['<!ATTLIST a x CDATA>', '2:20 White space is expected in `<!ATTLIST`'],
    ['<!ATTLIST a x CDATA "<">', '2:22 A value may not contain `<` here'],
    ['<!ATTLIST a x CDATA "b&e;"><!ENTITY e "v">', '2:23 The entity `&e;` is not declared before it is used'],
    [
      '<!ENTITY e SYSTEM "f"><!ATTLIST a x CDATA "&e;">',
      '2:44 The entity `&e;` refers to a file, which a value must not contain',
    ],
    ['<!NOTATION n "x">', '2:14 `SYSTEM` or `PUBLIC` is expected in `<!NOTATION`'],
    ['<!NOTATION n:m SYSTEM "x">', '2:12 The name of a notation may not contain `:`'],
    ['<!ENTITY e PUBLIC "{" "x">', '2:19 A public identifier in quotes is expected in `<!ENTITY`'],
    ['<!ENTITY % p SYSTEM "x" NDATA n>', '2:25 `>` is expected in `<!ENTITY`'],
    ['<!ENTITY e "%p;">', '2:13 A value may not contain `%` here'],
    ['<!ENTITY e "a & b">', '2:15 Unexpected `&`: `&` itself is written `&amp;`'],
    ['<!ENTITY e "v&#0;">', '2:14 This character reference is not an XML character'],
    ['<!ELEMENT : ANY>', '2:11 A name has one `:` at most, between a prefix and a name'],
    ['<![INCLUDE[ ]]>', '2:1 A declaration or `]` is expected in the DOCTYPE'],
    ['<?xml version="1.0"?>', '2:1 `<?xml` is allowed only at the start of a document'],
    ['<!-- a -- b -->', '2:8 A comment may not contain `--`'],
  ])('%s has one mistake, at its place', (declarations, problem) => {
    expect(listed(declarations)).toEqual([problem]);
  });

  test('are checked to their first mistake, and the document behind them to its end', () => {
    const text = '<!DOCTYPE a [<!ELEMENT a b><!ELEMENT>]>\n<a>&e;<b></a>';
    expect(listProblems('xml', text).map(({ line, message }) => `${line} ${message}`)).toEqual([
      '1 `EMPTY`, `ANY` or `(` is expected in `<!ELEMENT`',
      '2 Unexpected `</a>`: `</b>` is expected',
    ]);
  });

  test('nested deeply, or without an end, take no time', () => {
    expect(listed(`<!ELEMENT a ${'('.repeat(300_000)}`)).toEqual([
      expect.stringContaining('A content model is nested deeper than 256 levels'),
    ]);
    expect(listProblems('xml', `<!DOCTYPE a [${'<!ATTLIST a '.repeat(100_000)}`)).toHaveLength(1);
    const defaults = `<!ENTITY e "v"><!ATTLIST a x CDATA "${'&e;'.repeat(300_000)}">`;
    expect(listed(defaults)).toEqual([]);
  });

  test('stay accepted with white space of any kind between their parts, and fail with a part missing', () => {
    const reached = new Reached<'accepted' | 'refused'>();
    const parts = fc.constantFrom(
      ['<!ELEMENT', ' ', 'a', ' ', '(b,c)', '>'],
      ['<!ATTLIST', ' ', 'a', ' ', 'x', ' ', 'CDATA', ' ', '"v"', '>'],
      ['<!ENTITY', ' ', 'e', ' ', 'SYSTEM', ' ', '"f"', ' ', 'NDATA', ' ', 'n', '>'],
      ['<!NOTATION', ' ', 'n', ' ', 'PUBLIC', ' ', '"p"', '>'],
    );
    const space = fc.constantFrom(' ', '\n', '\t', '\r\n', '   ');
    fc.assert(
      fc.property(parts, space, fc.option(fc.nat({ max: 11 })), (all, gap, missing) => {
        const isMissing = missing !== null && missing < all.length;
        const kept = all.filter((_, at) => !isMissing || at !== missing);
        const isRefused = listed(kept.join('').replaceAll(' ', gap)).length > 0;
        expect(isRefused).toBe(isMissing);
        reached.note(isRefused ? 'refused' : 'accepted');
      }),
      cases(300),
    );
    reached.expectEach(['accepted', 'refused'], 20);
  });
});
