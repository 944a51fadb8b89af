import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJson } from '#shared/payload/json.ts';
import { firstError, listProblems } from '#shared/payload/list-problems.ts';
import type { PayloadFormat } from '#shared/payload/payload.ts';
import { maxProblems, offsetAt, positionOf } from '#shared/payload/problem.ts';
import { cases, Reached } from '#support/cases.ts';

const listed = (format: PayloadFormat, text: string) =>
  listProblems(format, text).map(({ line, column, severity, message }) => `${line}:${column} ${severity}: ${message}`);

describe('the problems of JSON', () => {
  test('are all listed, each with its place and advice', () => {
    const text = `{'name': True, // yes
  "n": 01, "m": NaN
  "list": [1, (2, None), 'x',],
  key: 5}`;
    expect(listed('json', text)).toEqual([
      "1:2 error: Unexpected `'`: JSON keys use double quotes",
      '1:10 error: Unexpected `True`: JSON uses `true`',
      '1:16 error: Comment: JSON has no comments',
      '2:8 error: `01` is not a JSON number: it begins with a superfluous zero',
      '2:17 error: Unexpected `NaN`: JSON has no NaN and no infinity, use `null` or a string',
      '3:3 error: Missing `,` before `"`',
      '3:15 error: Unexpected `(`: JSON has no tuples, use `[` and `]`',
      '3:19 error: Unexpected `None`: JSON uses `null`',
      "3:26 error: Unexpected `'`: JSON strings use double quotes",
      '3:29 error: Trailing comma: JSON allows no comma before `]`',
      '4:3 error: Unexpected `key`: JSON keys use double quotes',
    ]);
  });

  test.each([
    [
      '{"a":1, "b":2, "\\u0061":3}',
      ['1:16 warning: Duplicate key `a`: line 1 has it too, and most programs use the last value'],
    ],
    [
      '{null: 1, null: 2}',
      [
        '1:2 error: Unexpected `null`: JSON keys use double quotes',
        '1:11 error: Unexpected `null`: JSON keys use double quotes',
        '1:11 warning: Duplicate key `null`: line 1 has it too, and most programs use the last value',
      ],
    ],
    [
      "\ufeff{'a':1}",
      [
        '1:1 warning: Byte order mark before the JSON value: many programs refuse it',
        "1:2 error: Unexpected `'`: JSON keys use double quotes",
      ],
    ],
    ['\ufeff{}', ['1:1 warning: Byte order mark before the JSON value: many programs refuse it']],
    [
      '{"a": "x,\n "b": 2}',
      ['1:7 error: Missing `"`: this string has no closing quote', '2:2 error: Missing `,` before `"`'],
    ],
    ['{"a":[1,2}', ['1:10 error: Unexpected `}`: this array ends with `]`']],
    ['[[1', ['1:4 error: Unexpected end: `,` or `]` is expected']],
    [
      '{"a":1}}\n[.5]',
      [
        '1:8 error: Unexpected `}` after the JSON value: a document is one value',
        '2:2 error: `.5` is not a JSON number: digits are expected on both sides of the point',
      ],
    ],
    [
      "[b'x', u'y', \"\\x\", +1, 0x1F, 1_000]",
      [
        "1:2 error: Unexpected `b'`: JSON strings have no prefix",
        "1:8 error: Unexpected `u'`: JSON strings have no prefix",
        '1:15 error: `\\x` is not an escape of JSON: a backslash is written `\\\\`',
        '1:20 error: `+1` is not a JSON number: it begins with `+`',
        '1:24 error: `0x1F` is not a JSON number: only decimal digits are allowed',
        '1:30 error: `1_000` is not a JSON number: it contains `_`',
      ],
    ],
  ])('of %j are found one by one', (text, problems) => {
    expect(listed('json', text)).toEqual(problems);
  });

  test('hold an error exactly where the strict reader refuses, and the first one is its reason', () => {
    const reached = new Reached<'errors' | 'none'>();
    const text = fc.oneof(
      fc.json(),
      fc.string({ unit: fc.constantFrom(...'{}[]()",:\'\\/*#truefalsnN019.-+eE \nb=é\ud800\ufeff') }),
      fc
        .tuple(fc.json(), fc.nat(), fc.constantFrom("'", ',', '}', ']', '"', 'True', '//', ''))
        .map(
          ([json, at, piece]) =>
            json.slice(0, at % (json.length + 1)) + piece + json.slice((at % (json.length + 1)) + 1),
        ),
    );
    fc.assert(
      fc.property(text, (text) => {
        const problems = listProblems('json', text);
        const errors = problems.filter(({ severity }) => severity === 'error');
        const strict = parseJson(text);
        reached.note(strict.ok ? 'none' : 'errors');
        expect(errors.length > 0).toBe(!strict.ok);
        if (!strict.ok) expect(errors.map(({ message }) => message)).toContain(strict.problem.reason);
        for (const { at, line, column } of problems) {
          expect(at).toBeLessThanOrEqual(text.length);
          expect(positionOf(text, at)).toEqual({ line, column });
          expect(positionOf(text, offsetAt(text, line, column))).toEqual({ line, column });
        }
      }),
      cases(500),
    );
    reached.expectEach(['errors', 'none'], 50);
  });

  test('are at most so many as a person reads, and hostile text takes no time', () => {
    expect(listProblems('json', '[,'.repeat(1_000_000))).toHaveLength(maxProblems);
    expect(listed('json', '['.repeat(1_000_000)).at(-1)).toBe('1:258 error: Values are nested deeper than 256 levels');
    const members = Array.from({ length: 200_000 }, (_, index) => `"k${index % 100_000}":1`);
    expect(listProblems('json', `{${members.join(',')}}`)).toHaveLength(maxProblems);
  });

  test('quote hostile text without its control characters', () => {
    expect(listed('json', '[\u001b\u202e]')[0]).toBe('1:2 error: Unexpected `U+001B`: a value is expected');
    expect(listed('json', `[${'x'.repeat(100)}]`)[0]).toBe(
      `1:2 error: Unexpected \`${'x'.repeat(24)}…\`: text in JSON needs double quotes`,
    );
  });
});

describe('the problems of XML', () => {
  test('are all listed, each with its place', () => {
    const text = '<?xml version="1.0"?>\n<a x="1" x="2">\n  1 & 2 ]]> &foo; &#5;\n  <!-- a -- b --><p:b/>\n  <c>\n</a>';
    expect(listed('xml', text)).toEqual([
      '2:10 error: Duplicate attribute `x`',
      '3:5 error: Unexpected `&`: `&` itself is written `&amp;`',
      '3:11 error: `]]>` in text is written `]]&gt;`',
      '3:13 error: The entity `&foo;` is not declared',
      '3:22 error: This character reference is not an XML character',
      '4:12 error: A comment may not contain `--`',
      '4:19 error: No `xmlns:` attribute declares the prefix `p`',
      '6:1 error: Unexpected `</a>`: `</c>` is expected',
    ]);
  });

  test.each([
    ['<a><!-- & --><![CDATA[&]]><?p & ?>&amp;</a>', []],
    ['<!DOCTYPE a [<!-- it\'s > & --><!ENTITY x "y">]><a>&x;</a>', []],
    ['<!DOCTYPE a SYSTEM "a.dtd"><a>&x;</a>', []],
    ['<!DOCTYPE a [<!ENTITY x "y">]><a>&z;</a>', ['1:34 error: The entity `&z;` is not declared']],
    ['hello', ['1:1 error: Unexpected text outside the root element', '1:5 error: Missing root element']],
    ['\ufeff<a>&</a>', ['1:4 error: Unexpected `&`: `&` itself is written `&amp;`']],
    ['\ufeff<a/>', []],
    ['\ufeff\ufeff<a/>', ['1:1 error: Unexpected text outside the root element']],
    ['<a>'.repeat(10_000) + '</a>'.repeat(10_000), []],
    [
      '<a xmlns:p="u"><p:1b/></a>',
      ['1:19 error: Unexpected `1` after a prefix: a name cannot begin with this character'],
    ],
    [
      '<a xmlns:p="u" p:-b="1"/>',
      ['1:18 error: Unexpected `-` after a prefix: a name cannot begin with this character'],
    ],
    ['<a xmlns:p="u" xmlns="v"><b xmlns:p="w"><p:c/><c xmlns=""><p:c/></c></b><p:c p:d="1"/></a>', []],
    [
      '<a xmlns:p="u" xmlns:q="u"><b xmlns:p="w"><p:c/><c p:x="1" q:x="2"/></b><b p:x="1" q:x="2"/></a>',
      ['1:86 error: Duplicate attribute `x`'],
    ],
    ['<a>\n<b>', ['1:1 error: `<a>` is never closed', '2:1 error: `<b>` is never closed']],
    ['<a></b></a>', ['1:4 error: Unexpected `</b>`: `</a>` is expected']],
    ['<a b="<"/>', ['1:7 error: Unexpected `<`: in a value it is written `&lt;`']],
    ['<a>\ud800</a>', ['1:4 error: Half of a surrogate pair: XML does not allow this character']],
    ['<a>\u0001</a>', ['1:4 error: Unexpected `U+0001`: XML does not allow this character']],
  ])('of %j are found one by one', (text, problems) => {
    expect(listed('xml', text)).toEqual(problems);
  });

  test('stand inside the text, whatever it is', () => {
    const reached = new Reached<'a problem' | 'none'>();
    const piece = fc.constantFrom(
      '<a>',
      '</a>',
      '<b/>',
      '&',
      '&lt;',
      ']]>',
      '<!--',
      '-->',
      '--',
      '<![CDATA[',
      '<?x',
      '?>',
      '<a x="',
      '"',
      '<!DOCTYPE a [',
      ']>',
      'é',
      '\n',
      '\u0000',
      '\ud800',
      'xmlns:p="u"',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece),
          fc.array(piece).map((pieces) => ['<r>', ...pieces, '</r>']),
        ),
        (pieces) => {
          const text = pieces.join('');
          const problems = listProblems('xml', text);
          reached.note(problems.length > 0 ? 'a problem' : 'none');
          for (const { at, line, column } of problems) {
            expect(at).toBeLessThanOrEqual(text.length);
            expect(positionOf(text, at)).toEqual({ line, column });
          }
        },
      ),
      cases(500),
    );
    reached.expectEach(['a problem', 'none'], 10);
  });

  test('are at most so many as a person reads, and hostile text takes no time', () => {
    expect(listed('xml', '<a>'.repeat(300_000)).at(-1)).toMatch(/Elements are nested deeper than 10000 levels$/);
    // Each tag asks for a namespace that only the outermost element declares.
    const leaves = `<a xmlns:p="u">${'<a>'.repeat(9_990)}${'<p:b/><c/>'.repeat(100_000)}${'</a>'.repeat(9_991)}`;
    expect(listProblems('xml', leaves)).toEqual([]);
    expect(listProblems('xml', `<a>${'&'.repeat(1_000_000)}</a>`)).toHaveLength(maxProblems);
    expect(listProblems('xml', `<a>${'<!--'.repeat(300_000)}`).length).toBeGreaterThan(0);
    const bomb = `<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><a>${'&b;'.repeat(300_000)}</a>`;
    expect(listProblems('xml', bomb)).toEqual([]);
    const chain = Array.from({ length: 100_000 }, (_, index) => `<!ENTITY e${index} "&e${index + 1};&e${index + 1};">`);
    expect(listed('xml', `<!DOCTYPE a [${chain.join('')}]><a>&e0;</a>`)[0]).toMatch(/e0;` is malformed: /);
  });
});

describe('the problems of other formats', () => {
  test('are the first digit of hex that is none, and nothing of text', () => {
    expect(listed('hex', '00 ff\n0g')).toEqual(['2:2 error: “g” is not a hex digit']);
    expect(listed('hex', '00ff')).toEqual([]);
    expect(listed('text', '{')).toEqual([]);
  });
});

test('an error is found behind however many warnings', () => {
  const text = `{${'"a":1,'.repeat(3 * maxProblems)}"b":tru}`;
  expect(listProblems('json', text)).toHaveLength(maxProblems);
  expect(firstError('json', text)?.message).toContain('`tru`');
});
