import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Filter, maxFilterLength } from '#shared/filter/ast.ts';
import { validateGrammar } from '#shared/filter/grammar.ts';
import { parseFilter } from '#shared/filter/parse.ts';
import { cases, Reached } from '#support/cases.ts';
import { filterOf } from './filters.ts';

const flag = (name: Extract<Filter, { kind: 'flag' }>['flag']): Filter => ({ kind: 'flag', flag: name });
const text = (value: string): Filter => ({ kind: 'text', op: 'contains', value });
const key = (name: string) => ({ kind: 'key', name }) as const;
const socket = (value: number): Filter => ({ kind: 'number', field: 'socket', op: '==', value });
const [isIn, isOut, truncated] = [flag('in'), flag('out'), flag('truncated')];

test('the grammar of filters has no contradictions that Chevrotain finds', () => {
  expect(() => validateGrammar()).not.toThrow();
});

describe('parseFilter', () => {
  test.each<[string, Filter]>([
    ['', { kind: 'all' }],
    [' \t\n', { kind: 'all' }],
    ['in', isIn],
    ['in || out && truncated', { kind: 'or', parts: [isIn, { kind: 'and', parts: [isOut, truncated] }] }],
    [
      '(in or out) and not truncated',
      {
        kind: 'and',
        parts: [
          { kind: 'or', parts: [isIn, isOut] },
          { kind: 'not', part: truncated },
        ],
      },
    ],
    ['in AND out AND truncated', { kind: 'and', parts: [isIn, isOut, truncated] }],
    ['in && (out && truncated)', { kind: 'and', parts: [isIn, { kind: 'and', parts: [isOut, truncated] }] }],
    ['!!in', { kind: 'not', part: { kind: 'not', part: isIn } }],
    ['socket == 3', socket(3)],
    ['socket eq 3', socket(3)],
    ['socket in {1, 2}', { kind: 'or', parts: [socket(1), socket(2)] }],
    ['socket not in {1}', { kind: 'not', part: socket(1) }],
    ['len>0x40', { kind: 'number', field: 'len', op: '>', value: 64 }],
    ['seq le 10_000', { kind: 'number', field: 'seq', op: '<=', value: 10_000 }],
    ['kind != message', { kind: 'record-kind', op: '!=', value: 'message' }],
    ['checksum', { kind: 'checksum', verdict: undefined }],
    ['call.duration > 100ms', { kind: 'call-duration', op: '>', value: 100 }],
    ['call.name == accept', { kind: 'string', field: 'call.name', op: '==', value: 'accept' }],
    ['checksum == bad', { kind: 'checksum', verdict: 'bad' }],
    ['checksum != bad', { kind: 'checksum', verdict: 'ok' }],
    ['checksum eq "ok"', { kind: 'checksum', verdict: 'ok' }],
    ['kind == in', { kind: 'record-kind', op: '==', value: 'in' }],
    ['time < 5', { kind: 'time', op: '<', value: 5_000, absolute: false }],
    ['time < 5s', { kind: 'time', op: '<', value: 5_000, absolute: false }],
    ['time < 10us', { kind: 'time', op: '<', value: 0.01, absolute: false }],
    ['time < 2m', { kind: 'time', op: '<', value: 120_000, absolute: false }],
    ['time < 1.5h', { kind: 'time', op: '<', value: 5_400_000, absolute: false }],
    [
      'time > 2026-01-31T00:00:01.5Z',
      { kind: 'time', op: '>', value: Date.UTC(2026, 0, 31, 0, 0, 1, 500), absolute: true },
    ],
    ['time > "2026-01-31 00:00"', { kind: 'time', op: '>', value: new Date(2026, 0, 31).getTime(), absolute: true }],
    ['time > 2026-01-31', { kind: 'time', op: '>', value: new Date(2026, 0, 31).getTime(), absolute: true }],
    ['peer contains 51422', { kind: 'string', field: 'peer', op: 'contains', value: '51422' }],
    ['endpoint.id == "s1"', { kind: 'string', field: 'endpoint.id', op: '==', value: 's1' }],
    ['note', { kind: 'string', field: 'note', op: 'contains', value: '' }],
    ['"a word"', text('a word')],
    ['error-42', text('error-42')],
    ['"in"', text('in')],
    ['text contains in', text('in')],
    ['"\\"\\\\\\n\\r\\t\\x41\\u{1f600}"', text('"\\\n\r\tA😀')],
    ['text matches "\\d+\\\\"', { kind: 'text', op: 'matches', value: '\\d+\\\\' }],
    ['text~"(?i)a"', { kind: 'text', op: 'matches', value: '(?i)a' }],
    ['bytes contains \\x0a\\x0b', { kind: 'bytes', op: 'contains', value: Uint8Array.of(10, 11) }],
    ['bytes contains "{0x0a, 0x0b}"', { kind: 'bytes', op: 'contains', value: Uint8Array.of(10, 11) }],
    ['bytes contains 0a:0B', { kind: 'bytes', op: 'contains', value: Uint8Array.of(10, 11) }],
    ['bytes == "0a 0b"', { kind: 'bytes', op: '==', value: Uint8Array.of(10, 11) }],
    ['json', { kind: 'tree', format: 'json', path: [], test: { op: 'exists' } }],
    [
      'json[0][*]',
      { kind: 'tree', format: 'json', path: [{ kind: 'index', index: 0 }, { kind: 'any' }], test: { op: 'exists' } },
    ],
    [
      'json.a-b."c d"["e.\\"f"] == -1.5',
      { kind: 'tree', format: 'json', path: [key('a-b'), key('c d'), key('e."f')], test: { op: '==', value: -1.5 } },
    ],
    ['json.a != null', { kind: 'tree', format: 'json', path: [key('a')], test: { op: '!=', value: null } }],
    [
      'xml.soap:Body.@id contains 7',
      { kind: 'tree', format: 'xml', path: [key('soap:Body'), key('@id')], test: { op: 'contains', value: '7' } },
    ],
  ])('reads %s', (written, filter) => {
    expect(filterOf(written)).toEqual(filter);
  });

  test('takes ranges of numbers and times in sets, with both their ends', () => {
    const range = (field: 'len', low: number, high: number): Filter => ({
      kind: 'and',
      parts: [
        { kind: 'number', field, op: '>=', value: low },
        { kind: 'number', field, op: '<=', value: high },
      ],
    });
    expect(filterOf('len in {1..5, 10..20}')).toEqual({
      kind: 'or',
      parts: [range('len', 1, 5), range('len', 10, 20)],
    });
  });

  /** The text with what is marked between bars, the message and the hint. */
  test.each([
    ['foo |bar|', 'Something is missing between “foo” and “bar”.', /&& or \|\|; quote/],
    ['|sokcet| == 3', 'There is no field “sokcet”.', /“socket”/],
    ['|user.id| == 3', 'There is no field “user.id”.', /json\.user\.id/],
    ['|1| < len', 'There is no field “1”.', /comes first/],
    ['1 < len |<| 5', 'Comparisons cannot be chained with “<”.', /&&/],
    ['len |=| 5', 'Unexpected “=”.', /“==”/],
    ['in |&| out', 'Unexpected “&”.', /“&&”/],
    ['in |¦| out', 'Unexpected “|”.', /“\|\|”/],
    ['len > |"5"|', '"5" is not a number.', /without quotes/],
    ['|len|', '“len” must be compared with something.', /len > 100.*quote it/],
    ['in |==| true', '“in” cannot be compared: it is true or false.', /!in/],
    ['socket |contains| 3', '“contains” cannot be used with “socket”.', /== != < <= > >= in/],
    ['kind == |close|', 'There is no kind “close”.', /“closed”/],
    ['checksum == |good|', '“checksum” cannot be “good”.', /ok and bad/],
    ['checksum != |good|', '“checksum” cannot be “good”.', /ok and bad/],
    ['checksum |contains| ok', '“contains” cannot be used with “checksum”.', /== != in/],
    ['kind == |zzzzz|', 'There is no kind “zzzzz”.', /message in out call listening/],
    ['time < |soon|', '“soon” is not a time.', /5s/],
    ['call.duration > |long|', '“long” is not a duration.', /100ms/],
    ['time < |2026-02-30|', '“2026-02-30” is not a time.', /5s/],
    ['text contains |"abc|', 'The closing quote is missing.', /End the text/],
    ["text contains |'abc'|", 'Texts need straight double quotes.', /"this"/],
    ['text contains "a|\\d|"', '“\\d” is not an escape sequence.', /\\\\/],
    ['text contains "|\\u|{110000}"', '“\\u” is not an escape sequence.', /\\\\/],
    ['text matches |"(a"|', 'Invalid regular expression: missing closing ): `(a`.', /RE2/],
    ['text matches |"(?=a)"|', 'Invalid regular expression: invalid or unsupported Perl syntax: `(?=`.', /look-around/],
    ['bytes contains 0a:|0|', 'Invalid hex bytes: a byte needs two hex digits.', /text contains/],
    ['bytes contains "|x|y"', 'Invalid hex bytes: “x” is not a hex digit.', /text contains/],
    ['json.a == |abc|', '“abc” is not a value.', /"abc"/],
    ['json.a < |true|', '“true” has no order.', /== or !=/],
    ['json.a|.|', 'A key is missing after this dot.', /odd key/],
    ['json.a|.|.b', 'A key is missing after this dot.', /odd key/],
    ['json.a[|x|]', '“[x]” is not a valid step.', /\[\*\]/],
    ['json.a|[|0', 'Unexpected “[”.', /json\.items\[0\]/],
    ['json.|a/b|', 'The key “a/b” must be quoted.', /\."a\/b"/],
    ['socket in |3|', 'A set in braces is missing after “in”.', /\{1, 2\}/],
    ['socket in {1 |2|}', 'A comma is missing between the values of the set.', /\{1, 2\}/],
    ['socket in {1, |x|}', '“x” is not a number.', /without quotes/],
    ['len in {1..|x|}', '“x” is not a number.', /without quotes/],
    ['|{|1}', '“{” is only valid in a set.', /\{1, 2\}/],
    ['|==| 3', 'A field is missing before “==”.', /len > 100/],
    ['len > |)|', 'A value is missing before “)”.', /number/],
    ['in|)|', 'This “)” has no matching “(”.', /Remove/],
    ['(|)|', 'A condition is missing before “)”.', /\(in \|\| out\)/],
    ['|and| in', 'A condition is missing before “and”.', /len > 100/],
    ['(in||', 'The closing parenthesis is missing.', /“\)”/],
    ['in &&|| ', 'A condition is missing at the end.', /len > 100/],
    ['!||', 'A condition is missing at the end.', /len > 100/],
    ['len >||', 'A value is missing at the end.', /number/],
    ['socket in||', 'A set in braces is missing after “in”.', /\{1, 2\}/],
    ['socket in {1||', 'The closing brace of the set is missing.', /“}”/],
  ])('says what is wrong with %s', (marked, message, hint) => {
    const from = marked.indexOf('|');
    const to = marked.lastIndexOf('|') - 1;
    const written = (marked.slice(0, from) + marked.slice(from + 1, to + 1) + marked.slice(to + 2)).replace('¦', '|');
    expect(parseFilter(written)).toEqual({
      ok: false,
      problem: { from, to, message, hint: expect.stringMatching(hint) },
    });
  });

  test('refuses what is too long or nested too deep, at once', () => {
    const problemOf = (written: string) => {
      const parsed = parseFilter(written);
      return parsed.ok ? undefined : parsed.problem.message;
    };
    expect(problemOf('a'.repeat(maxFilterLength + 1))).toMatch(/at most 4096/);
    for (const deep of ['('.repeat(4_000), '!'.repeat(4_000), `${'!('.repeat(100)}in${')'.repeat(100)}`]) {
      expect(problemOf(deep)).toBe('Nested deeper than 64 levels.');
    }
    expect(problemOf(`${'('.repeat(64)}in${')'.repeat(64)}`)).toBeUndefined();
    expect(problemOf(Array.from({ length: 300 }, () => '!(in)').join('||'))).toBeUndefined();
    expect(problemOf('text matches "((a{100}){100}){100}"')).toMatch(/Invalid regular expression/);
  });

  test('never throws on any text, and places the problem inside it', () => {
    const words = [
      'in',
      'len',
      'json.a',
      'xml',
      'socket',
      ' == ',
      ' in {',
      'not ',
      '"',
      '\\',
      '[',
      ']',
      '~',
      '1..2',
      '5s',
      '(?i',
      '{1,2}',
    ];
    const unit = fc.oneof(
      fc.constantFrom(...words, ..." ()&|!=<>,.*@'é\ud83d\u2028"),
      fc.string({ unit: 'binary', maxLength: 2 }),
    );
    const reached = new Reached<'a filter' | 'a problem'>();
    const property = fc.property(
      fc.oneof(fc.string({ unit, maxLength: 20 }), fc.string({ unit, maxLength: 1_500 })),
      (written) => {
        const parsed = parseFilter(written);
        reached.note(parsed.ok ? 'a filter' : 'a problem');
        const problems = parsed.ok ? [] : [parsed.problem];
        for (const { from, to, message, hint } of problems) {
          expect(from).toBeGreaterThanOrEqual(0);
          expect(to).toBeGreaterThanOrEqual(from);
          expect(to).toBeLessThanOrEqual(written.length);
          expect(message).toMatch(/\S.*\.$/s);
          expect(hint).not.toBe('');
        }
      },
    );
    fc.assert(property, cases(1_000));
    reached.expectEach(['a filter', 'a problem'], 50);
  });
});
