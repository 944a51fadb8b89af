import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { looksLikePythonDict, pythonToJson } from '#shared/payload/python.ts';
import { cases, Reached } from '#support/cases.ts';

const converted = (text: string) => {
  const result = pythonToJson(text);
  return result.ok ? result.value : result.problem.reason;
};

/** What Python itself makes of each literal: `ast.literal_eval`, then `json.dumps`; `null` where either refuses. A number
 * that is too large for Python's float is an `overflow`: JSON can still spell it. */
function byPython(literals: readonly string[]): (string | null)[] {
  const program = `
import ast, json, sys
def convert(text):
    try: value = ast.literal_eval(text)
    except Exception: return None
    try: return json.dumps(value, allow_nan=False)
    except ValueError: return 'overflow'
    except TypeError: return None
print(json.dumps([convert(text) for text in json.load(sys.stdin)]))`;
  const output = execFileSync('python3', ['-W', 'ignore', '-c', program], { input: JSON.stringify(literals) });
  return JSON.parse(output.toString('utf8')) as (string | null)[];
}

const scalar = fc.oneof(
  fc.constantFrom(
    'True',
    'False',
    'None',
    "''",
    "r'\\d'",
    "u'x'",
    '\'a\' "b"',
    "'\\x41\\u00e9\\101\\n\\q'",
    '"""x\ny"""',
  ),
  fc.constantFrom(
    '0',
    '-1',
    '+2',
    '1_000',
    '0x1F',
    '0o17',
    '0b101',
    '1.5',
    '.5',
    '1.',
    '1e5',
    '1E-3',
    '00',
    '12345678901234567890',
  ),
  fc.constantFrom(
    '1__0',
    '01',
    '1_',
    "b'x'",
    "f'x'",
    '1j',
    'nan',
    'true',
    '0x',
    "'x",
    '--1',
    '_1',
    '1e',
    '0b2',
    "'\\x4'",
  ),
  fc.string({ unit: fc.constantFrom(...'ab\'"\\\n é\t😀') }).map((text) => `'${text}'`),
  fc.string({ unit: fc.constantFrom(...'0123456789_.eExob+-') }),
);
/** Keys without fractions: those keep their spelling, where Python computes them. */
const key = fc.constantFrom(
  'True',
  'None',
  "'k'",
  "r'\\d'",
  '7',
  '0x10',
  '-1_0',
  '12345678901234567890',
  'x',
  '(1,)',
  '[]',
);
const literal = fc.letrec<{ value: string; list: string }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, { weight: 3, arbitrary: scalar }, { weight: 2, arbitrary: tie('list') }),
  list: fc.oneof(
    fc
      .tuple(
        fc.constantFrom('[]', '()', '{}'),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.constantFrom('', ',', ' # x\n'),
      )
      .map(([[open, close], items, end]) => `${open}${items.join(', ')}${end}${close}`),
    fc
      .uniqueArray(fc.tuple(key, tie('value')), { maxLength: 3, selector: ([key]) => key })
      .map((members) => `{${members.map(([key, value]) => `${key}: ${value}`).join(',\n ')}}`),
  ),
})).value;

describe('Python literals as JSON', () => {
  test.each([
    ["{'a': True, 'b': None, 'c': (1, 2.50,), }", '{"a": true, "b": null, "c": [1, 2.50] }'],
    ['{\n  "n": 12345678901234567890,  # big\n}', '{\n  "n": 12345678901234567890  \n}'],
    ["{1: 'x', True: 'y', None: 'z'}", '{"1": "x", "true": "y", "null": "z"}'],
    [
      "['it\\'s', u'\\u00e9', r'\\d+', 'a' 'b', \"\"\"two\nlines\"\"\"]",
      '["it\'s", "é", "\\\\d+", "ab", "two\\nlines"]',
    ],
    ['(1)', '1'],
    ['(1,)', '[1]'],
    ['[0xff, 1_000, .5, 1., +3]', '[255, 1000, 0.5, 1.0, 3]'],
  ])('keep what %j says', (text, json) => {
    expect(converted(text)).toBe(json);
  });

  test.each([
    ["b'x'", 'These are bytes: JSON has only text'],
    ['{1, 2}', 'This is a set: JSON has only arrays and objects'],
    ['[1j]', '`1j` is a complex number: JSON has none'],
    ['{(1,): 2}', 'A JSON key is text, not a list or a dict'],
    ['[nan]', 'Unexpected `nan`: only Python literals can be converted'],
    ['[print(1)]', 'Unexpected `print`: only Python literals can be converted'],
    ["['x", 'This string has no closing quote'],
    ['[1 2]', 'Unexpected `2`: `,` or `]` is expected'],
    ['[', 'Unexpected end: a value is expected'],
  ])('refuse %j, for which JSON has no word', (text, reason) => {
    expect(converted(text)).toBe(reason);
  });

  test('become what Python itself makes of them, and what Python refuses is refused', () => {
    const reached = new Reached<'converted' | 'refused'>();
    const literals = fc.sample(literal, cases(600).numRuns).map((text) => `[${text}]`);
    const rights = byPython(literals);
    for (const [index, text] of literals.entries()) {
      const right = rights[index] ?? null;
      if (right === 'overflow') continue;
      const result = pythonToJson(text);
      reached.note(result.ok ? 'converted' : 'refused');
      const actual = result.ok ? JSON.parse(result.value) : null;
      expect([text, result.ok ? actual : 'refused']).toEqual([text, right === null ? 'refused' : JSON.parse(right)]);
    }
    reached.expectEach(['converted', 'refused'], 50);
  });

  test('are refused, not walked, when they nest too deeply, and hostile ones take no time', () => {
    expect(converted('['.repeat(100_000))).toBe('Values are nested deeper than 256 levels');
    expect(converted(`[0x${'f'.repeat(1_000_000)}]`)).toMatch(/^Unexpected `0xf/);
    expect(converted('#\n'.repeat(1_000_000))).toBe('Unexpected end: a value is expected');
    expect(converted(`[${'1'.repeat(1_000_000)}]`)).toHaveLength(1_000_002);
  });

  test('are told from JSON and from other text', () => {
    expect(looksLikePythonDict("{'a': True}")).toBe(true);
    expect(looksLikePythonDict('(1, 2)')).toBe(true);
    expect(looksLikePythonDict('{"a": true}')).toBe(false);
    expect(looksLikePythonDict('[1, 2]')).toBe(false);
    expect(looksLikePythonDict("{'a': True")).toBe(false);
    expect(looksLikePythonDict('True')).toBe(false);
  });
});
