import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJson, printJson } from '#shared/payload/json.ts';
import { formatPayload } from '#shared/payload/payload.ts';
import { cases, Reached } from '#support/cases.ts';

const format = (text: string) => {
  const result = formatPayload('json', text);
  if (!result.ok) throw new Error(result.problem.reason);
  return result.value;
};

/** What `parseJson` says is wrong with `text`. */
function problemOf(text: string) {
  const parsed = parseJson(text);
  return parsed.ok ? undefined : parsed.problem;
}

describe('JSON payloads', () => {
  test('agree with JSON.parse on what is JSON', () => {
    const reached = new Reached<'JSON' | 'none'>();
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.json().map((text) => text.slice(0, -1)),
        ),
        (text) => {
          let valid = true;
          try {
            JSON.parse(text.replace(/^\ufeff/, ''));
          } catch {
            valid = false;
          }
          reached.note(valid ? 'JSON' : 'none');
          expect(parseJson(text).ok).toBe(valid);
        },
      ),
      cases(200),
    );
    reached.expectEach(['JSON', 'none'], 40);
  });

  test('never throw on anything, and place the problem inside the text', () => {
    const reached = new Reached<'a problem' | 'none'>();
    const text = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'{}[]",:\\truefalsn019.-eE \n\u0000é\ud800') }),
      fc.json(),
    );
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

  test('mean the same after formatting, and formatting again changes nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        const pretty = format(text);
        expect(JSON.parse(pretty)).toEqual(JSON.parse(text));
        expect(format(pretty)).toBe(pretty);
      }),
    );
  });

  test('keep big numbers, the spelling of numbers and repeated keys', () => {
    const pretty = format('{"n":12345678901234567890,"f":1.50,"e":1E+2,"n":0.1000}');
    expect(pretty).toBe('{\n  "n": 12345678901234567890,\n  "f": 1.50,\n  "e": 1E+2,\n  "n": 0.1000\n}');
  });

  test('can be printed on one line', () => {
    const text = '{ "a" : [ 1 , { } , [ ] ] }';
    const parsed = parseJson(text);
    expect(parsed.ok && printJson(text, parsed.value, 0)).toBe('{"a":[1,{},[]]}');
  });

  test.each([
    ['{"a":1,}', 'Trailing comma: JSON allows no comma before `}`', 1, 7],
    ['{"a":1\n"b":2}', 'Missing `,` before `"`', 2, 1],
    ["{'a':1}", "Unexpected `'`: JSON keys use double quotes", 1, 2],
    ['[1,2', 'Unexpected end: `,` or `]` is expected', 1, 5],
    ['{"a":01}', '`01` is not a JSON number: it begins with a superfluous zero', 1, 6],
    ['{"a":True}', 'Unexpected `True`: JSON uses `true`', 1, 6],
    ['"abc', 'Missing `"`: this string has no closing quote', 1, 1],
    ['', 'Empty document', 1, 1],
    ['1 2', 'Unexpected `2` after the JSON value: a document is one value', 1, 3],
    ['"a\nb"', 'A control character in a string must be escaped (`\\n`, `\\t`, `\\u0000` …)', 1, 3],
  ])('say what is wrong with %j and where', (text, reason, line, column) => {
    expect(problemOf(text)).toMatchObject({ reason, line, column });
  });

  test('are refused, not walked, when they nest too deeply', () => {
    expect(problemOf('['.repeat(100_000))?.reason).toBe('Values are nested deeper than 256 levels');
  });
});
