import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import { plainByteTools } from '#shared/filter/compare.ts';
import { type Comparison, compareNumbers, exactNumber } from '#shared/filter/exact-number.ts';
import { formatFilter } from '#shared/filter/format.ts';
import { parseFilter } from '#shared/filter/parse.ts';
import { jsonTest, xmlTest } from '#shared/filter/tree-test.ts';
import { cases, Reached } from '#support/cases.ts';

function matches(source: string, message: string): boolean {
  const parsed = parseFilter(source);
  if (!parsed.ok || parsed.filter.kind !== 'tree') throw new Error(`${source} is no condition on a tree`);
  const { filter } = parsed;
  return (filter.format === 'json' ? jsonTest : xmlTest)(filter, plainByteTools)(encodeUtf8(message));
}

/** `written` as a fraction over a power of ten, which integers of any size compare exactly. */
function scaled(written: string): bigint {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/.exec(written) ?? [];
  return BigInt(`${sign}${whole}${fraction}`) * 10n ** BigInt(200 + Number(exponent) - fraction.length);
}

const digits = fc.oneof(
  fc.constantFrom('9007199254740992', '9007199254740993', '9007199254740991', '0', '1', '123456789012345'),
  fc.bigInt({ min: 0n, max: 10n ** 20n }).map(String),
  fc.bigInt({ min: 0n, max: 1_000n }).map(String),
);
const written = fc
  .tuple(
    fc.constantFrom('', '-'),
    digits,
    fc.constantFrom('', '.0', '.5', '.50', '.1', '.10000000000000000001'),
    fc.constantFrom('', '', 'e1', 'e-3', 'e+20'),
  )
  .map((parts) => parts.join(''));

describe('numbers as they are written', () => {
  test('are compared as integers of any size are', () => {
    const reached = new Reached<'less' | 'equal' | 'more' | 'doubles are equal'>();
    const pair = fc.oneof(
      fc.bigInt({ min: 2n ** 53n, max: 2n ** 60n }).map((one): [string, string] => [`${one}`, `${one + 1n}`]),
      fc.tuple(written, written),
      written.map((one): [string, string] => [one, one.includes('e') ? one : `${one}e0`]),
    );
    fc.assert(
      fc.property(pair, ([left, right]) => {
        const difference = scaled(left) - scaled(right);
        reached.note(difference < 0n ? 'less' : difference > 0n ? 'more' : 'equal');
        if (difference !== 0n && Number(left) === Number(right)) reached.note('doubles are equal');
        const holds: Record<Comparison, boolean> = {
          '==': difference === 0n,
          '!=': difference !== 0n,
          '<': difference < 0n,
          '<=': difference <= 0n,
          '>': difference > 0n,
          '>=': difference >= 0n,
        };
        for (const [op, right_] of Object.entries(holds)) {
          expect(compareNumbers(op as Comparison, exactNumber(left), exactNumber(right))).toBe(right_);
        }
      }),
      cases(2_000),
    );
    reached.expectEach(['less', 'equal', 'more', 'doubles are equal'], 10);
  });

  test.each([
    ['json.id == 9007199254740992', '{"id":9007199254740993}', false],
    ['json.id == 9007199254740993', '{"id":9007199254740993}', true],
    ['json.id != 9007199254740992', '{"id":9007199254740993}', true],
    ['json.id > 9007199254740992', '{"id":9007199254740993}', true],
    ['json.id < 9007199254740993', '{"id":9007199254740992}', true],
    ['json.id >= 9007199254740993', '{"id":9007199254740992}', false],
    ['json.id == 0x20000000000001', '{"id":9007199254740993}', true],
    ['json.id == 9_007_199_254_740_993', '{"id":9007199254740993}', true],
    ['json.id == 9007199254740993', '{"é":1,"id":9007199254740993}', true],
    ['json.id == 9007199254740992', '{"é":1,"id":9007199254740993}', false],
    ['json.p == 0.1', '{"p":0.1000000000000000055511151231257827}', false],
    ['json.p == 0.1', '{"p":1e-1}', true],
    ['json.p == 0.10', '{"p":0.1}', true],
    ['json.p < 10', '{"p":9.9999999999999999999}', true],
    ['json.p > 0', '{"p":1e-400}', true],
    ['json.id == 42', '{"id":4.2e1}', true],
    ['json.id == 42', '\ufeff{"id":42}', true],
    ['json.a[0].number == 1', '{"a":[12345678901234567890]}', false],
    ['json.a.number == 1', '{"a":{"number":1,"written":"1"}}', true],
    ['xml.r.id == 9007199254740992', '<r><id>9007199254740993</id></r>', false],
    ['xml.r.id > 9007199254740992', '<r><id>9007199254740993</id></r>', true],
    ['json.id == 1e400', '{"id":1e400}', true],
    ['json.id == 1e400', '{"id":10e399}', true],
    ['json.id == 1e400', '{"id":1e401}', false],
    ['json.id < 1e401', '{"id":1e400}', true],
    ['json.id > -1e400', '{"id":-1e401}', false],
    ['json.id in {1..5}', '{"id":5}', true],
    ['json.id in {1..5}', '{"id":5.0000000000000000001}', false],
    ['json.id in {1..5}', '{"id":"3"}', false],
    ['json.id in {1e400..1e402}', '{"id":1e401}', true],
    ['json.id in {-3..-1}', '{"id":-2}', true],
    // One value has to be in the range, not one above its low end and another one below its high end.
    ['json.a[*] in {1..5}', '{"a":[0,9]}', false],
    ['json.a[*] in {1..5}', '{"a":[0,4,9]}', true],
    ['xml.r.id in {1..5}', '<r><id>4.5</id></r>', true],
    ['xml.r.id in {1..5}', '<r><id>0</id><id>9</id></r>', false],
    ['xml.r.@p in {1..5}', '<r p="x"/>', false],
    ['xml.r.@p == 0.1', '<r p="0.10"/>', true],
  ])('decide %s for %s', (source, message, verdict) => {
    expect(matches(source, message)).toBe(verdict);
  });

  test('stay as they are written when a filter is written again', () => {
    const parsed = parseFilter('json.id == 9007199254740993');
    expect(parsed.ok && formatFilter(parsed.filter)).toBe('json.id == 9007199254740993');
  });
});
